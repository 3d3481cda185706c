package ips.core.detect;

import ips.core.Setting;
import ips.core.flow.ConnectionTable;
import ips.core.packet.Protocol;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.Set;

/**
 * Raises a verdict on a source that tries many ports of one host and finds most of them closed or
 * silent: SYN scans, connect scans ({@code scan_syn}) and UDP scans ({@code scan_udp}), fast ones
 * and slow ones.
 *
 * <p>Counts distinct ports with negative evidence only (refused, unanswered, handshake abandoned or
 * left half-open) per source and host, and asks that they outnumber those that answered. A target
 * that answered before is not probed when it falls silent, it is down. UDP to the ports of
 * traceroute does not count. Over UDP, and in the slow window, a source must have tried more ports
 * on the host than hosts altogether: peer-to-peer clients meet many dead peers, some behind one
 * address.
 *
 * <p>Owned by one worker, bounded by {@code maxRecords}: see {@link ProbeTable}.
 */
public final class PortScanDetector implements Detector, AttemptListener {
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
            @Setting("the fast window; 1 s to 10 m") Duration window,
            @Setting("distinct ports of one host within the slow window; 2 to 1000")
                    int slowThreshold,
            @Setting("the slow window, longer than the fast one; up to 24 h") Duration slowWindow,
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
            Settings.within(2, 1000, threshold, "threshold");
            Settings.within(2, 1000, slowThreshold, "slow-threshold");
            Settings.within(1, 100, factor, "factor");
            Settings.within(64, 1 << 20, maxRecords, "max-records");
            Settings.within(64, 1 << 24, maxAnswered, "max-answered");
            Settings.within(Duration.ofSeconds(1), Duration.ofMinutes(10), window, "window");
            Settings.within(window, Duration.ofHours(24), slowWindow, "slow-window");
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
    private final ConnectionTable connections;
    private final VainProbes probes;
    private final ScanCampaigns syn;
    private final ScanCampaigns udp;

    PortScanDetector(Config config, DetectorContext context) {
        this.config = config;
        this.connections = context.connections();
        this.probes =
                new VainProbes(
                        context,
                        config.window,
                        config.slowWindow,
                        config.maxRecords,
                        config.maxAnswered);
        Thresholds thresholds = new Thresholds();
        ScanCampaigns.Shape shape = ScanCampaigns.Shape.PORTS_OF_HOST;
        this.syn = probes.campaigns(Kind.SCAN_SYN, BanScope.SYN, thresholds, shape);
        this.udp = probes.campaigns(Kind.SCAN_UDP, BanScope.UDP, thresholds, shape);
    }

    @Override
    public Set<PacketClass> packetClasses() {
        return Set.of();
    }

    @Override
    public ConnectionTable connections() {
        return connections;
    }

    @Override
    public void negative(int connection, int client, int outcome, long nowNs, long frame) {
        int protocol = connections.protocol(connection);
        int port = connections.serverPort(connection);
        long hostHigh = connections.serverHigh(connection);
        long hostLow = connections.serverLow(connection);
        if (!isJudged(protocol, port) || GroupAddresses.contains(hostHigh, hostLow)) {
            return;
        }
        long sourceHigh = connections.clientHigh(connection);
        long sourceLow = connections.clientLow(connection);
        int what = VainProbes.ONE | protocol;
        long target = target(hostHigh, hostLow, protocol);
        int record = probes.table.find(sourceHigh, sourceLow, hostHigh, hostLow, what);
        long probedNs = connections.firstNs(connection);
        long probedFrame = connections.firstFrame(connection);
        if (record == ProbeTable.NONE
                && !probes.firstProbe.isPassed(
                        client, port, target, outcome, probedNs, probedFrame)) {
            return;
        }
        if (probes.answered.contains(Targets.attempt(connections, connection), nowNs)) {
            return;
        }
        if (record == ProbeTable.NONE) {
            record =
                    probes.firstProbe.admit(
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
        long host = Targets.host(hostHigh, hostLow);
        probes.spread(sourceHigh, sourceLow, protocol, host, nowNs, frame);
        campaigns(protocol)
                .negative(client, record, port, outcome, probedNs, probedFrame, nowNs, frame);
    }

    @Override
    public void positive(int connection, int client, long nowNs, long frame) {
        int protocol = connections.protocol(connection);
        int port = connections.serverPort(connection);
        long hostHigh = connections.serverHigh(connection);
        long hostLow = connections.serverLow(connection);
        if (!isJudged(protocol, port)) {
            return;
        }
        probes.answered.note(Targets.attempt(connections, connection), nowNs);
        int record =
                probes.table.find(
                        connections.clientHigh(connection),
                        connections.clientLow(connection),
                        hostHigh,
                        hostLow,
                        VainProbes.ONE | protocol);
        if (record == ProbeTable.NONE) {
            probes.firstProbe.answered(client, port, target(hostHigh, hostLow, protocol));
        } else {
            campaigns(protocol)
                    .positive(
                            client,
                            record,
                            port,
                            connections.firstNs(connection),
                            connections.firstFrame(connection),
                            nowNs);
        }
    }

    @Override
    public void tick(long nowNs, long frame) {
        syn.tick(nowNs, frame);
        udp.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        syn.end(nowNs, frame);
        udp.end(nowNs, frame);
    }

    private static boolean isJudged(int protocol, int port) {
        return protocol == Protocol.TCP
                || protocol == Protocol.UDP
                        && (port < FIRST_TRACEROUTE_PORT || port > LAST_TRACEROUTE_PORT);
    }

    private static long target(long hostHigh, long hostLow, int protocol) {
        return ProbeTable.mix(hostHigh, hostLow) + protocol;
    }

    private ScanCampaigns campaigns(int protocol) {
        return protocol == Protocol.UDP ? udp : syn;
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
