package ips.core.detect;

import ips.core.Setting;
import ips.core.packet.Protocol;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;

/**
 * Raises a verdict on a source that tries many ports of one host and finds most of them closed or
 * silent: SYN scans, connect scans ({@code scan_syn}), UDP scans ({@code scan_udp}) and SCTP scans
 * by INIT or COOKIE ECHO ({@code scan_sctp}), fast ones and slow ones.
 *
 * <p>Counts distinct ports with negative evidence only (refused, unanswered, handshake abandoned or
 * left half-open) per source and host, and asks that they outnumber those that answered. A target
 * that answered before is not probed when it falls silent, it is down. UDP to the ports of
 * traceroute does not count. Over UDP, and in the slow window, a source must have tried more ports
 * on the host than hosts altogether: peer-to-peer clients meet many dead peers, some behind one
 * address.
 *
 * <p>{@link SubnetScans} looks for those who try each port from another address of their IPv6 /64.
 *
 * <p>Owned by one worker, bounded by {@code maxRecords}: see {@link ProbeTable}.
 */
public final class PortScanDetector extends VainProbeDetector {
    /**
     * When many ports make a scan. Twenty closed ports of one host within a minute: nmap's slowest
     * "polite" timing tries 150, honest clients rarely two. Forty within four hours: nmap's
     * "sneaky" (one in 15 s) crosses it in ten minutes, "paranoid" (one in five minutes) within
     * three and a half hours. Half of a window is always within reach, all of it at best.
     */
    public record Config(
            @Setting("whether port scans are looked for") boolean enabled,
            @Setting("distinct ports of one host without answer within the window; 2 to 1000")
                    int threshold,
            @Setting("the fast window; 1s to 10m") Duration window,
            @Setting("distinct ports of one host within the slow window; 2 to 1000")
                    int slowThreshold,
            @Setting("the slow window; window to 1d") Duration slowWindow,
            @Setting("ports without answer must outnumber those with by this factor; 1 to 100")
                    int factor,
            @Setting("pairs of source and host kept, 516 bytes each; 64 to 1048576") int maxRecords,
            @Setting("targets remembered to have answered, 8 bytes each; 64 to 16777216")
                    int maxAnswered)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(
                        true, 20, Duration.ofSeconds(60), 40, Duration.ofHours(4), 2, 8192, 32_768);

        public Config {
            VainProbes.check(
                    threshold, window, slowThreshold, slowWindow, factor, maxRecords, maxAnswered);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new PortScanDetector(this, context);
        }
    }

    /** traceroute's own: 30 hops, three probes each, a port further every time. */
    private static final int FIRST_TRACEROUTE_PORT = 33_434;

    private static final int LAST_TRACEROUTE_PORT = 33_534;

    private final Config config;
    private final ScanCampaigns syn;
    private final ScanCampaigns udp;
    private final ScanCampaigns sctp;
    private final SubnetScans subnets;

    PortScanDetector(Config config, DetectorContext context) {
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
        ScanCampaigns.Shape shape = ScanCampaigns.Shape.PORTS_OF_HOST;
        this.syn = probes.campaigns(Kind.SCAN_SYN, BanScope.SYN, thresholds, shape);
        this.udp = probes.campaigns(Kind.SCAN_UDP, BanScope.UDP, thresholds, shape);
        this.subnets =
                new SubnetScans(
                        probes.table,
                        context.verdicts(),
                        config.threshold,
                        config.factor,
                        config.window.toNanos());
        this.sctp = probes.campaigns(Kind.SCAN_SCTP, BanScope.SCTP, thresholds, shape);
    }

    @Override
    boolean isJudged(int connection) {
        int port = connections.serverPort(connection);
        return switch (connections.protocol(connection)) {
            case Protocol.TCP, Protocol.SCTP -> true;
            case Protocol.UDP -> port < FIRST_TRACEROUTE_PORT || port > LAST_TRACEROUTE_PORT;
            default -> false;
        };
    }

    @Override
    boolean isTelling(int connection, int outcome) {
        return true;
    }

    @Override
    long targetHigh(int connection) {
        return connections.serverHigh(connection);
    }

    @Override
    long targetLow(int connection) {
        return connections.serverLow(connection);
    }

    @Override
    long item(int connection) {
        return connections.serverPort(connection);
    }

    @Override
    long targetAsItem(int connection) {
        return Targets.host(connections.serverHigh(connection), connections.serverLow(connection));
    }

    @Override
    void fewInVain(int connection, int outcome, long nowNs, long frame) {
        if (outcome != ProbeTable.HALF_OPEN
                && SubnetScans.isOfSubnet(connections.clientHigh(connection))
                && connections.protocol(connection) == Protocol.TCP
                && !hasAnswered(connection, outcome, nowNs)) {
            subnets.negative(
                    connections.clientHigh(connection),
                    connections.serverHigh(connection),
                    connections.serverLow(connection),
                    connections.serverPort(connection),
                    outcome,
                    connections.firstNs(connection),
                    connections.firstFrame(connection),
                    nowNs,
                    frame);
        }
    }

    @Override
    public void positive(int connection, int client, long nowNs, long frame) {
        super.positive(connection, client, nowNs, frame);
        if (SubnetScans.isOfSubnet(connections.clientHigh(connection))
                && connections.protocol(connection) == Protocol.TCP) {
            subnets.positive(
                    connections.clientHigh(connection),
                    connections.serverHigh(connection),
                    connections.serverLow(connection),
                    connections.serverPort(connection),
                    connections.firstNs(connection),
                    connections.firstFrame(connection));
        }
    }

    @Override
    public void tick(long nowNs, long frame) {
        syn.tick(nowNs, frame);
        udp.tick(nowNs, frame);
        sctp.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        syn.end(nowNs, frame);
        udp.end(nowNs, frame);
        sctp.end(nowNs, frame);
    }

    @Override
    ScanCampaigns campaigns(int protocol) {
        return switch (protocol) {
            case Protocol.UDP -> udp;
            case Protocol.SCTP -> sctp;
            default -> syn;
        };
    }

    private final class Thresholds extends VainProbes.Thresholds {
        Thresholds() {
            super(probes, config.factor);
        }

        /** Whether the source tried more hosts in vain than ports of this one. */
        @Override
        boolean isOneOfMany(int record, int ports, boolean inFastWindow) {
            boolean matters = !inFastWindow || probes.protocol(record) != Protocol.TCP;
            return matters && probes.spreadOf(record, inFastWindow) > ports;
        }

        @Override
        public int threshold(int record, int speed) {
            return speed == ScanCampaigns.FAST ? config.threshold : config.slowThreshold;
        }
    }
}
