package ips.core.detect;

import ips.core.Setting;
import ips.core.flow.ConnectionTable;
import ips.core.packet.Protocol;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.Set;

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
public final class SweepDetector implements Detector, AttemptListener {
    /**
     * When many hosts make a sweep. Twenty-five in a minute is what a worm or {@code nmap -sn} of
     * the smallest networks passes in seconds; sixty within four hours find one host in two
     * minutes.
     */
    public record Config(
            @Setting("whether sweeps are looked for") boolean enabled,
            @Setting("distinct hosts without answer at one port within the window; 2 to 1000")
                    int threshold,
            @Setting("the fast window; 1 s to 10 m") Duration window,
            @Setting("distinct hosts at one port within the slow window; 2 to 1000")
                    int slowThreshold,
            @Setting("the slow window, longer than the fast one; up to 24 h") Duration slowWindow,
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
            return new SweepDetector(this, context);
        }
    }

    /** How many times the threshold it takes at ports where clients meet many hosts. */
    private static final int BUSY_PORT_FACTOR = 2;

    private final Config config;
    private final ConnectionTable connections;
    private final VainProbes probes;
    private final ScanCampaigns tcp;
    private final ScanCampaigns udp;
    private final ScanCampaigns icmp;

    SweepDetector(Config config, DetectorContext context) {
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
        ScanCampaigns.Shape shape = ScanCampaigns.Shape.HOSTS_OF_PORT;
        this.tcp = probes.campaigns(Kind.SWEEP, BanScope.SYN, thresholds, shape);
        this.udp = probes.campaigns(Kind.SWEEP, BanScope.UDP, thresholds, shape);
        this.icmp = probes.campaigns(Kind.SWEEP, BanScope.ICMP, thresholds, shape);
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
        int port = port(connection, protocol);
        long hostHigh = connections.serverHigh(connection);
        long hostLow = connections.serverLow(connection);
        if (GroupAddresses.contains(hostHigh, hostLow)
                || outcome == ProbeTable.HALF_OPEN && isBusy(protocol, port)) {
            return;
        }
        long sourceHigh = connections.clientHigh(connection);
        long sourceLow = connections.clientLow(connection);
        int what = VainProbes.ONE | protocol;
        long host = Targets.host(hostHigh, hostLow);
        long target = ProbeTable.mix(port, what);
        int record = probes.table.find(sourceHigh, sourceLow, 0, port, what);
        long probedNs = connections.firstNs(connection);
        long probedFrame = connections.firstFrame(connection);
        if (record == ProbeTable.NONE
                && !probes.firstProbe.isPassed(
                        client, host, target, outcome, probedNs, probedFrame)) {
            return;
        }
        if (probes.answered.contains(Targets.attempt(connections, connection), nowNs)
                || protocol == Protocol.UDP
                        && outcome == ProbeTable.UNANSWERED
                        && probes.answered.contains(Targets.pair(connections, connection), nowNs)) {
            return;
        }
        if (record == ProbeTable.NONE) {
            record =
                    probes.firstProbe.admit(
                            client,
                            sourceHigh,
                            sourceLow,
                            0,
                            port,
                            what,
                            target,
                            probedNs,
                            probedFrame);
        }
        probes.spread(sourceHigh, sourceLow, protocol, port, nowNs, frame);
        campaigns(protocol)
                .negative(client, record, host, outcome, probedNs, probedFrame, nowNs, frame);
    }

    @Override
    public void positive(int connection, int client, long nowNs, long frame) {
        int protocol = connections.protocol(connection);
        int port = port(connection, protocol);
        int what = VainProbes.ONE | protocol;
        probes.answered.note(Targets.attempt(connections, connection), nowNs);
        if (protocol == Protocol.TCP) {
            probes.answered.note(Targets.pair(connections, connection), nowNs);
        }
        int record =
                probes.table.find(
                        connections.clientHigh(connection),
                        connections.clientLow(connection),
                        0,
                        port,
                        what);
        long host =
                Targets.host(connections.serverHigh(connection), connections.serverLow(connection));
        if (record == ProbeTable.NONE) {
            probes.firstProbe.answered(client, host, ProbeTable.mix(port, what));
        } else {
            campaigns(protocol)
                    .positive(
                            client,
                            record,
                            host,
                            connections.firstNs(connection),
                            connections.firstFrame(connection),
                            nowNs);
        }
    }

    @Override
    public void tick(long nowNs, long frame) {
        tcp.tick(nowNs, frame);
        udp.tick(nowNs, frame);
        icmp.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        tcp.end(nowNs, frame);
        udp.end(nowNs, frame);
        icmp.end(nowNs, frame);
    }

    private int port(int connection, int protocol) {
        boolean hasPorts = protocol == Protocol.TCP || protocol == Protocol.UDP;
        return hasPorts ? connections.serverPort(connection) : 0;
    }

    private static boolean isBusy(int protocol, int port) {
        return switch (port) {
            case 53, 443 -> true;
            case 80, 8080 -> protocol == Protocol.TCP;
            case 123 -> protocol == Protocol.UDP;
            default -> false;
        };
    }

    private ScanCampaigns campaigns(int protocol) {
        return switch (protocol) {
            case Protocol.TCP -> tcp;
            case Protocol.UDP -> udp;
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
