package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.flow.ConnectionTable;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.Set;

/**
 * Raises verdicts on sources that send TCP segments with flags no connection needs.
 *
 * <p>NULL, FIN, Xmas and SYN-FIN segments, and SYN-RST, their kin, occur in no honest traffic, so
 * the first one is alerted and a few to different targets are banned for; only a FIN alone that
 * ends a connection known, and PSH or URG alone within one, are let pass. Data with PSH or URG
 * alone, without a connection known, may precede what is picked up midstream, so it takes a second
 * target. FIN+ACK ({@code scan_maimon}) and ACK alone ({@code scan_ack}, and window scans, which
 * send the same) end and carry connections, and late ones are ordinary: they count where they
 * belong to no connection known, were answered by RST or by nothing, and only per distinct port of
 * one host. Where both ports are ephemeral nobody can tell client from server, and they do not
 * count. No rule of a firewall tells them from the segments of connections, so only a source that
 * proved its address is asked to be banned for them, in full; others are alerted.
 *
 * <p>For a packet with ordinary flags it costs one look-up in a table of 64 bytes. Owned by one
 * worker, bounded by {@code maxRecords}: see {@link ProbeTable}. Under a flood with forged sources
 * every one of them is new: how many of those are told is for the block manager to say, which hears
 * of all workers' sources.
 */
public final class FlagScanDetector implements Detector {
    /** When odd flags make a scan. */
    public record Config(
            @Setting("whether scans by odd TCP flags are looked for") boolean enabled,
            @Setting(
                            "distinct targets (host and port) of NULL, FIN, Xmas, SYN-FIN or SYN-RST"
                                    + " segments that raise an alert; 1 to ban-threshold")
                    int alertThreshold,
            @Setting("distinct targets of such segments that ask for a ban; 1 to 1000")
                    int banThreshold,
            @Setting(
                            "distinct ports of one host for FIN+ACK and ACK segments outside"
                                    + " connections; 2 to 1000")
                    int ackThreshold,
            @Setting("the window; 1s to 1d") Duration window,
            @Setting("records of sources, 516 bytes each; 64 to 1048576") int maxRecords)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(true, 1, 5, 20, Duration.ofSeconds(60), 4096);

        public Config {
            Settings.within("ban-threshold", banThreshold, 1, 1000);
            Settings.inRange(
                    alertThreshold >= 1 && alertThreshold <= banThreshold,
                    "alert-threshold",
                    alertThreshold,
                    "1 to ban-threshold; ban-threshold is " + banThreshold);
            Settings.within("ack-threshold", ackThreshold, 2, 1000);
            Settings.within("window", window, Duration.ofSeconds(1), Duration.ofDays(1));
            Settings.within("max-records", maxRecords, 64, 1 << 20);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new FlagScanDetector(this, context);
        }
    }

    /** Targets of data without ACK, beside no connection known, that make a scan. */
    private static final int STRAY_DATA_TARGETS = 2;

    /** The lowest port that systems give to clients (Linux; RFC 6335 has 49152). */
    private static final int FIRST_EPHEMERAL_PORT = 32_768;

    private static final int SIX_FLAGS = 0x3f;

    private static final byte ORDINARY = -1;
    private static final byte NULL = 0;
    private static final byte FIN = 1;
    private static final byte XMAS = 2;
    private static final byte SYN_FIN = 3;
    private static final int MAIMON = 4;
    private static final int ACK = 5;

    /**
     * What each combination of the six flags of RFC 793 is. After the SYN every segment carries ACK
     * or RST (RFC 9293 §3.10.7), so URG and PSH without them, with FIN or not, are kin of Xmas.
     */
    private static final byte[] KIND_OF_FLAGS = new byte[SIX_FLAGS + 1];

    static {
        for (int flags = 0; flags <= SIX_FLAGS; flags++) {
            KIND_OF_FLAGS[flags] = kindOf(flags);
        }
    }

    private static byte kindOf(int flags) {
        if (flags == 0) {
            return NULL;
        }
        if (flags == SIX_FLAGS) {
            return XMAS;
        }
        if ((flags & TcpFlags.SYN) != 0) {
            return (flags & (TcpFlags.FIN | TcpFlags.RST)) != 0 ? SYN_FIN : ORDINARY;
        }
        if ((flags & (TcpFlags.ACK | TcpFlags.RST)) != 0) {
            return ORDINARY;
        }
        return flags == TcpFlags.FIN ? FIN : XMAS;
    }

    private final Config config;
    private final ConnectionTable connections;
    private final Counters counters;
    private final ProbeTable probes;
    private final FirstProbe firstProbe;
    private final OddFlags[] oddFlags;
    private final ScanCampaigns maimon;
    private final ScanCampaigns ack;

    FlagScanDetector(Config config, DetectorContext context) {
        long windowNs = config.window.toNanos();
        this.config = config;
        this.connections = context.connections();
        this.counters = context.counters();
        this.probes =
                new ProbeTable(config.maxRecords, context.workers(), windowNs, windowNs, counters);
        this.firstProbe = new FirstProbe(context.sources(), probes, windowNs);
        this.oddFlags =
                new OddFlags[] {
                    new OddFlags(NULL, Kind.SCAN_NULL, Counter.FLAGS_NULL, context),
                    new OddFlags(FIN, Kind.SCAN_FIN, Counter.FLAGS_FIN_ONLY, context),
                    new OddFlags(XMAS, Kind.SCAN_XMAS, Counter.FLAGS_XMAS, context),
                    new OddFlags(SYN_FIN, Kind.SCAN_SYN_FIN, Counter.FLAGS_SYN_FIN, context)
                };
        this.maimon = ackCampaigns(context, Kind.SCAN_MAIMON);
        this.ack = ackCampaigns(context, Kind.SCAN_ACK);
    }

    @ColdPath
    private ScanCampaigns ackCampaigns(DetectorContext context, Kind kind) {
        return new ScanCampaigns(
                context,
                kind,
                null,
                probes,
                new AckThresholds(),
                ScanCampaigns.Shape.PORTS_OF_HOST,
                config.window.toNanos(),
                config.window.toNanos());
    }

    @Override
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.TCP);
    }

    @Override
    public void packet(Packet packet, int source) {
        int flags = packet.tcpFlags();
        if (flags < 0) {
            return;
        }
        int kind = KIND_OF_FLAGS[flags & SIX_FLAGS];
        if (kind == ORDINARY || mayBeOfConnection(flags & SIX_FLAGS) && isOfConnection()) {
            return;
        }
        oddFlags[kind].count(packet, source);
    }

    /**
     * A FIN alone may end a connection; data without ACK among others is no scan, but a decoy for
     * those who read streams, or a stack's fault.
     */
    private static boolean mayBeOfConnection(int flags) {
        return flags == TcpFlags.FIN || isDataWithoutAck(flags);
    }

    private static boolean isDataWithoutAck(int flags) {
        int six = flags & SIX_FLAGS;
        return six != 0 && (six & ~(TcpFlags.PSH | TcpFlags.URG)) == 0;
    }

    /** Whether the segment belongs to a connection that was seen to be one. */
    private boolean isOfConnection() {
        int connection = connections.current();
        return connection != ConnectionTable.NONE
                && (connections.isAnswered(connection)
                        || connections.isEstablished(connection)
                        || connections.isMidstream(connection));
    }

    @Override
    public void outsideRejected(
            int connection, int client, boolean byReset, long nowNs, long frame) {
        int port = connections.serverPort(connection);
        boolean undecided =
                port >= FIRST_EPHEMERAL_PORT
                        && connections.clientPort(connection) >= FIRST_EPHEMERAL_PORT;
        if (client == SourceTable.NONE || undecided) {
            return;
        }
        int outcome = byReset ? ProbeTable.REFUSED : ProbeTable.UNANSWERED;
        // PSH and URG mean nothing without data, and a scanner may set them as it likes.
        switch (connections.firstFlags(connection) & SIX_FLAGS & ~(TcpFlags.PSH | TcpFlags.URG)) {
            case TcpFlags.FIN | TcpFlags.ACK ->
                    countAck(maimon, MAIMON, connection, client, outcome, nowNs, frame);
            case TcpFlags.ACK -> countAck(ack, ACK, connection, client, outcome, nowNs, frame);
            default -> {
                // Odd flags are counted as they come, and data outside connections proves nothing.
            }
        }
    }

    private void countAck(
            ScanCampaigns campaigns,
            int what,
            int connection,
            int client,
            int outcome,
            long nowNs,
            long frame) {
        int port = connections.serverPort(connection);
        long sourceHigh = connections.clientHigh(connection);
        long sourceLow = connections.clientLow(connection);
        long hostHigh = connections.serverHigh(connection);
        long hostLow = connections.serverLow(connection);
        long probedNs = connections.firstNs(connection);
        long probedFrame = connections.firstFrame(connection);
        int record = probes.find(sourceHigh, sourceLow, hostHigh, hostLow, what);
        if (record == ProbeTable.NONE) {
            long target = ProbeTable.mix(hostHigh, hostLow) + what;
            if (!firstProbe.isPassed(client, port, target, outcome, probedNs, probedFrame)) {
                return;
            }
            record =
                    firstProbe.admit(
                            client,
                            sourceHigh,
                            sourceLow,
                            hostHigh,
                            hostLow,
                            what,
                            target,
                            probedNs,
                            probedFrame);
        }
        campaigns.negative(client, record, port, outcome, probedNs, probedFrame, nowNs, frame);
    }

    @Override
    public void tick(long nowNs, long frame) {
        for (OddFlags kind : oddFlags) {
            kind.campaigns.tick(nowNs, frame);
        }
        maimon.tick(nowNs, frame);
        ack.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        for (OddFlags kind : oddFlags) {
            kind.campaigns.end(nowNs, frame);
        }
        maimon.end(nowNs, frame);
        ack.end(nowNs, frame);
    }

    private final class AckThresholds implements ScanCampaigns.Thresholds {
        @Override
        public int crossed(int record, int doubtful) {
            return probes.fast(record) - doubtful >= config.ackThreshold
                    ? ScanCampaigns.FAST
                    : ScanCampaigns.NOT_CROSSED;
        }

        @Override
        public int threshold(int record, int speed) {
            return config.ackThreshold;
        }
    }

    /** One kind of segment that no connection needs: an alert at first, a ban if it goes on. */
    private final class OddFlags implements Campaigns.Judge {
        private final int what;
        private final Counter counter;
        private final SourceTable sources;
        private final Campaigns campaigns;

        OddFlags(int what, Kind kind, Counter counter, DetectorContext context) {
            this.what = what;
            this.counter = counter;
            this.sources = context.sources();
            this.campaigns =
                    new Campaigns(
                            context,
                            kind,
                            Action.ALERT,
                            BanScope.ODD_FLAGS,
                            config.window.toNanos(),
                            this);
        }

        void count(Packet packet, int source) {
            counters.increment(counter);
            if (source == SourceTable.NONE) {
                counters.increment(Counter.FLAG_ALERTS_WITHHELD);
                return;
            }
            long nowNs = packet.timestampNs();
            long frame = packet.frameNumber();
            long item =
                    ProbeTable.mix(
                            ProbeTable.mix(packet.destinationHigh(), packet.destinationLow()),
                            packet.destinationPort() << 3 | what);
            int record = probes.find(packet.sourceHigh(), packet.sourceLow(), 0, 0, what);
            if (record == ProbeTable.NONE) {
                if (!firstProbe.isPassed(source, item, what, ProbeTable.REFUSED, nowNs, frame)) {
                    add(packet, source, 1, 1, nowNs, frame);
                    return;
                }
                record =
                        firstProbe.admit(
                                source,
                                packet.sourceHigh(),
                                packet.sourceLow(),
                                0,
                                0,
                                what,
                                what,
                                nowNs,
                                frame);
            }
            probes.negative(record, item, ProbeTable.REFUSED, nowNs, frame);
            add(
                    packet,
                    source,
                    probes.fast(record),
                    probes.count(record),
                    probes.firstNs(record),
                    probes.firstFrame(record));
        }

        private void add(
                Packet packet,
                int source,
                int distinct,
                long count,
                long firstNs,
                long firstFrame) {
            long nowNs = packet.timestampNs();
            long frame = packet.frameNumber();
            int campaign = campaigns.of(source);
            if (campaign != Campaigns.NONE) {
                campaigns.add(
                        campaign,
                        1,
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.destinationPort(),
                        nowNs,
                        frame);
            } else if (distinct >= targetsToAlert(packet)) {
                boolean first = count == 1;
                campaign =
                        campaigns.open(
                                source,
                                count,
                                firstNs,
                                firstFrame,
                                first ? packet.destinationHigh() : 0,
                                first ? packet.destinationLow() : 0,
                                first ? packet.destinationPort() : 0,
                                nowNs,
                                frame);
            }
            if (distinct >= config.banThreshold && campaign != Campaigns.NONE) {
                campaigns.escalate(campaign, nowNs, frame);
            }
        }

        private int targetsToAlert(Packet packet) {
            boolean stray = packet.payloadLength() > 0 && isDataWithoutAck(packet.tcpFlags());
            return stray
                    ? Math.max(STRAY_DATA_TARGETS, config.alertThreshold)
                    : config.alertThreshold;
        }

        /** Each segment keeps it open for the campaign's window. */
        @Override
        public boolean goesOn(int source, long nowNs) {
            int record = probes.find(sources.high(source), sources.low(source), 0, 0, what);
            return record != ProbeTable.NONE && nowNs - probes.lastNs(record) <= TICK_NS;
        }

        @ColdPath
        @Override
        public Evidence evidence(int source, long nowNs) {
            int record =
                    source == SourceTable.NONE
                            ? ProbeTable.NONE
                            : probes.find(sources.high(source), sources.low(source), 0, 0, what);
            return Evidence.of(
                    "distinct_targets",
                    record == ProbeTable.NONE ? 1 : probes.fast(record),
                    "threshold",
                    config.alertThreshold,
                    "ban_threshold",
                    config.banThreshold,
                    "window_s",
                    config.window.toSeconds());
        }
    }
}
