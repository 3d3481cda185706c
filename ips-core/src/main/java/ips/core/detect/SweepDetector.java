package ips.core.detect;

import ips.core.ColdPath;
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

    /** What {@link ProbeTable} targets are here: a port, or the ports a source tried at all. */
    private static final int PORT = 0x100;

    private static final int ALL_PORTS = 0x200;

    /** How many times the threshold it takes at ports where clients meet many hosts. */
    private static final int BUSY_PORT_FACTOR = 2;

    private final Config config;
    private final ConnectionTable connections;
    private final ProbeTable probes;
    private final AnsweredTargets answered;
    private final FirstProbe firstProbe;
    private final ScanCampaigns tcp;
    private final ScanCampaigns udp;
    private final ScanCampaigns icmp;

    SweepDetector(Config config, DetectorContext context) {
        long fastNs = config.window.toNanos();
        long slowNs = config.slowWindow.toNanos();
        this.config = config;
        this.connections = context.connections();
        this.probes =
                new ProbeTable(
                        config.maxRecords, context.workers(), fastNs, slowNs, context.counters());
        this.answered = new AnsweredTargets(config.maxAnswered, context.workers(), slowNs);
        this.firstProbe = new FirstProbe(context.sources(), probes, slowNs);
        this.tcp = campaignsOf(context, BanScope.SYN);
        this.udp = campaignsOf(context, BanScope.UDP);
        this.icmp = campaignsOf(context, BanScope.ICMP);
    }

    @ColdPath
    private ScanCampaigns campaignsOf(DetectorContext context, BanScope scope) {
        return new ScanCampaigns(
                context,
                Kind.SWEEP,
                scope,
                probes,
                new Thresholds(),
                ScanCampaigns.Shape.HOSTS_OF_PORT,
                config.window.toNanos(),
                config.slowWindow.toNanos());
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
        int what = PORT | protocol;
        long host = Targets.host(hostHigh, hostLow);
        long target = ProbeTable.mix(port, what);
        int record = probes.find(sourceHigh, sourceLow, 0, port, what);
        long probedNs = connections.firstNs(connection);
        long probedFrame = connections.firstFrame(connection);
        if (record == ProbeTable.NONE
                && !firstProbe.isPassed(client, host, target, outcome, probedNs, probedFrame)) {
            return;
        }
        if (answered.contains(Targets.attempt(connections, connection), nowNs)
                || protocol == Protocol.UDP
                        && outcome == ProbeTable.UNANSWERED
                        && answered.contains(Targets.pair(connections, connection), nowNs)) {
            return;
        }
        if (record == ProbeTable.NONE) {
            record =
                    firstProbe.admit(
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
        spread(sourceHigh, sourceLow, port, protocol, nowNs, frame);
        campaigns(protocol)
                .negative(client, record, host, outcome, probedNs, probedFrame, nowNs, frame);
    }

    @Override
    public void positive(int connection, int client, long nowNs, long frame) {
        int protocol = connections.protocol(connection);
        int port = port(connection, protocol);
        int what = PORT | protocol;
        answered.note(Targets.attempt(connections, connection), nowNs);
        if (protocol == Protocol.TCP) {
            answered.note(Targets.pair(connections, connection), nowNs);
        }
        int record =
                probes.find(
                        connections.clientHigh(connection),
                        connections.clientLow(connection),
                        0,
                        port,
                        what);
        long host =
                Targets.host(connections.serverHigh(connection), connections.serverLow(connection));
        if (record == ProbeTable.NONE) {
            firstProbe.answered(client, host, ProbeTable.mix(port, what));
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

    /** Notes that the source tried this port, among all that it tries in vain. */
    private void spread(
            long sourceHigh, long sourceLow, int port, int protocol, long nowNs, long frame) {
        int what = ALL_PORTS | protocol;
        int record = probes.find(sourceHigh, sourceLow, 0, 0, what);
        if (record == ProbeTable.NONE) {
            record = probes.add(sourceHigh, sourceLow, 0, 0, what, nowNs, frame);
        }
        probes.negative(record, port, ProbeTable.UNANSWERED, nowNs, frame);
    }

    private final class Thresholds implements ScanCampaigns.Thresholds {
        @Override
        public int crossed(int record, int doubtful) {
            int least = config.factor * probes.answered(record);
            int fast = probes.fast(record) - doubtful;
            if (fast >= threshold(record, ScanCampaigns.FAST)
                    && fast > least
                    && !isOneOfMany(record, fast, true)) {
                return ScanCampaigns.FAST;
            }
            int slow = probes.slow(record) - doubtful;
            return slow >= threshold(record, ScanCampaigns.SLOW)
                            && slow > least
                            && !isOneOfMany(record, slow, false)
                    ? ScanCampaigns.SLOW
                    : ScanCampaigns.NOT_CROSSED;
        }

        /** Whether the source tried as many ports in vain as hosts at this one. */
        private boolean isOneOfMany(int record, int hosts, boolean inFastWindow) {
            int protocol = probes.what(record) & 0xff;
            int all =
                    probes.find(
                            probes.sourceHigh(record),
                            probes.sourceLow(record),
                            0,
                            0,
                            ALL_PORTS | protocol);
            return all != ProbeTable.NONE
                    && (inFastWindow ? probes.fast(all) : probes.slow(all)) >= hosts;
        }

        @Override
        public int threshold(int record, int speed) {
            int threshold = speed == ScanCampaigns.FAST ? config.threshold : config.slowThreshold;
            int protocol = probes.what(record) & 0xff;
            boolean busy = isBusy(protocol, (int) probes.targetLow(record));
            return busy ? BUSY_PORT_FACTOR * threshold : threshold;
        }
    }
}
