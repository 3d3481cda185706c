package ips.core;

import ips.core.detect.Detectors;
import ips.core.flow.ConnectionTracker;

/**
 * What the tables of an engine take, to be told before they are made: within a fifth of what they
 * do take. By the bytes of an entry in docs/architecture.md.
 */
public final class TableMemory {
    private static final long OF_EACH_WORKER = 8L << 20;
    private static final long SOURCE = 970;
    private static final long CONNECTION = 76;
    private static final long ATTEMPT = 18;
    private static final long DESTINATION = 13 * 264;
    private static final long PROBE_RECORD = 516;
    private static final long ANSWERED = 8;
    private static final long STREAM = 260;
    private static final long BAN = 18;

    private TableMemory() {}

    /** Bytes of the heap. */
    public static long heapBytes(EngineConfig config) {
        int workers = config.allWorkers();
        Detectors detectors = config.detectors();
        ConnectionTracker.Config connections = config.tables().connections().perWorker(workers);
        long records =
                (long) detectors.flagScan().maxRecords()
                        + detectors.portScan().maxRecords()
                        + detectors.sweep().maxRecords()
                        + detectors.ipProtocolScan().maxRecords();
        long answered = (long) detectors.portScan().maxAnswered() + detectors.sweep().maxAnswered();
        long ofEach =
                OF_EACH_WORKER
                        + SOURCE * config.tables().sourcesPerWorker(workers)
                        + CONNECTION * connections.capacity()
                        + ATTEMPT * connections.attempts()
                        + DESTINATION * config.tables().destinationsPerWorker(workers);
        return workers * ofEach
                + PROBE_RECORD * records
                + ANSWERED * answered
                + STREAM * detectors.payload().streams().streams()
                + BAN * config.bans().maxBans();
    }

    /** Bytes beside the heap: the rings. */
    public static long ringBytes(EngineConfig config) {
        return (long) config.pipelines() * config.ring().slots() * config.ring().slotBytes();
    }
}
