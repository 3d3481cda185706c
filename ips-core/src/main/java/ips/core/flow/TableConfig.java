package ips.core.flow;

import ips.core.Setting;
import ips.core.Settings;

/** Sizes of the tables, in total over all workers. */
public record TableConfig(
        @Setting("source addresses with a record of their own, 1024 to 16777216") int sources,
        @Setting("destinations with flood counters of a kind, 64 to 1048576") int destinations,
        @Setting("connections, UDP exchanges and pings") ConnectionTracker.Config connections) {
    public static final TableConfig DEFAULTS =
            new TableConfig(65_536, 4_096, ConnectionTracker.Config.DEFAULTS);

    public TableConfig {
        Settings.within("sources", sources, 1024, 1 << 24);
        Settings.within("destinations", destinations, 64, 1 << 20);
    }

    /** A worker's share of the sources, a power of two. */
    public int sourcesPerWorker(int workers) {
        return share(sources, workers);
    }

    /** A worker's share of the destinations, a power of two. */
    public int destinationsPerWorker(int workers) {
        return share(destinations, workers);
    }

    /** Rounded up to a power of two, from 8 on. */
    private static int share(int total, int workers) {
        int share = Math.max(8, (total + workers - 1) / workers);
        return Integer.highestOneBit(share - 1) << 1;
    }
}
