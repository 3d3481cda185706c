package ips.core.detect;

import ips.core.Setting;
import ips.core.packet.Protocol;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;

/**
 * Raises a verdict on a source that tries one port, or pings, many hosts and finds most of them
 * closed or silent ({@code sweep}), fast or slowly.
 *
 * <p>Counts distinct hosts with negative evidence only, per source and port, and asks that they
 * outnumber those that answered, and the ports that the source tried in vain: a peer-to-peer client
 * meets many dead peers, at as many ports. A host that answered before is not probed when it falls
 * silent, it is down; nor is one that is silent over UDP and answers over TCP, as where QUIC is
 * filtered. At the ports of web, names and time, where honest clients meet many hosts, it takes
 * twice as many, and handshakes abandoned do not count: a browser drops the slower of two (RFC
 * 8305).
 *
 * <p>Owned by one worker, bounded by {@code maxRecords}: see {@link ProbeTable}.
 */
public final class SweepDetector extends VainProbeDetector {
    /**
     * When many hosts make a sweep. Twenty-five in a minute is what a worm or {@code nmap -sn} of
     * the smallest networks passes in seconds; sixty within four hours find one host in two
     * minutes.
     */
    public record Config(
            @Setting("whether sweeps are looked for") boolean enabled,
            @Setting("distinct hosts without answer at one port within the window; 2 to 1000")
                    int threshold,
            @Setting("the fast window; 1s to 10m") Duration window,
            @Setting("distinct hosts at one port within the slow window; 2 to 1000")
                    int slowThreshold,
            @Setting("the slow window; window to 1d") Duration slowWindow,
            @Setting("hosts without answer must outnumber those with by this factor; 1 to 100")
                    int factor,
            @Setting("pairs of source and port kept, 516 bytes each; 64 to 1048576") int maxRecords,
            @Setting("targets remembered to have answered, 8 bytes each; 64 to 16777216")
                    int maxAnswered)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(
                        true, 25, Duration.ofSeconds(60), 60, Duration.ofHours(4), 2, 8192, 32_768);

        public Config {
            VainProbes.check(
                    threshold, window, slowThreshold, slowWindow, factor, maxRecords, maxAnswered);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new SweepDetector(this, context);
        }
    }

    /** How many times the threshold it takes at ports where clients meet many hosts. */
    private static final int BUSY_PORT_FACTOR = 2;

    private final Config config;
    private final ScanCampaigns tcp;
    private final ScanCampaigns udp;
    private final ScanCampaigns sctp;
    private final ScanCampaigns icmp;

    SweepDetector(Config config, DetectorContext context) {
        super(
                context,
                new VainProbes(
                        context,
                        config.window,
                        config.slowWindow,
                        config.maxRecords,
                        config.maxAnswered));
        this.config = config;
        Thresholds thresholds = new Thresholds();
        ScanCampaigns.Shape shape = ScanCampaigns.Shape.HOSTS_OF_PORT;
        this.tcp = probes.campaigns(Kind.SWEEP, BanScope.SYN, thresholds, shape);
        this.udp = probes.campaigns(Kind.SWEEP, BanScope.UDP, thresholds, shape);
        this.sctp = probes.campaigns(Kind.SWEEP, BanScope.SCTP, thresholds, shape);
        this.icmp = probes.campaigns(Kind.SWEEP, BanScope.ICMP, thresholds, shape);
    }

    @Override
    boolean isJudged(int connection) {
        return true;
    }

    @Override
    boolean isTelling(int connection, int outcome) {
        return outcome != ProbeTable.HALF_OPEN
                || !isBusy(connections.protocol(connection), connections.serverPort(connection));
    }

    @Override
    long targetHigh(int connection) {
        return 0;
    }

    @Override
    long targetLow(int connection) {
        return connections.serverPort(connection);
    }

    @Override
    long item(int connection) {
        return Targets.host(connections.serverHigh(connection), connections.serverLow(connection));
    }

    @Override
    long targetAsItem(int connection) {
        return connections.serverPort(connection);
    }

    @Override
    void noteAnswer(int connection, long nowNs) {
        super.noteAnswer(connection, nowNs);
        if (connections.protocol(connection) == Protocol.TCP) {
            probes.answered.note(Targets.pair(connections, connection), nowNs);
        }
    }

    @Override
    boolean hasAnswered(int connection, int outcome, long nowNs) {
        return super.hasAnswered(connection, outcome, nowNs)
                || connections.protocol(connection) == Protocol.UDP
                        && outcome == ProbeTable.UNANSWERED
                        && probes.answered.contains(Targets.pair(connections, connection), nowNs);
    }

    @Override
    public void tick(long nowNs, long frame) {
        tcp.tick(nowNs, frame);
        udp.tick(nowNs, frame);
        sctp.tick(nowNs, frame);
        icmp.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        tcp.end(nowNs, frame);
        udp.end(nowNs, frame);
        sctp.end(nowNs, frame);
        icmp.end(nowNs, frame);
    }

    private static boolean isBusy(int protocol, int port) {
        return switch (port) {
            case 53, 443 -> true;
            case 80, 8080 -> protocol == Protocol.TCP;
            case 123 -> protocol == Protocol.UDP;
            default -> false;
        };
    }

    @Override
    ScanCampaigns campaigns(int protocol) {
        return switch (protocol) {
            case Protocol.TCP -> tcp;
            case Protocol.UDP -> udp;
            case Protocol.SCTP -> sctp;
            default -> icmp;
        };
    }

    private final class Thresholds extends VainProbes.Thresholds {
        Thresholds() {
            super(probes, config.factor);
        }

        /** Whether the source tried as many ports in vain as hosts at this one. */
        @Override
        boolean isOneOfMany(int record, int hosts, boolean inFastWindow) {
            return probes.spreadOf(record, inFastWindow) >= hosts;
        }

        @Override
        public int threshold(int record, int speed) {
            int threshold = speed == ScanCampaigns.FAST ? config.threshold : config.slowThreshold;
            int port = (int) probes.table.targetLow(record);
            boolean busy = isBusy(probes.protocol(record), port);
            return busy ? BUSY_PORT_FACTOR * threshold : threshold;
        }
    }
}
