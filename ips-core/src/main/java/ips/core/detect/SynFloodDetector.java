package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Finds sources that send SYNs and do not mean connections, and counts for each destination the
 * handshakes that sources leave half-open, for floods of forged ones.
 *
 * <p>What counts is what became of a handshake, never the SYN: left half-open, reset by its own
 * client (the kernel below a raw-socket tool does that), repeated sooner than any TCP repeats, or
 * refused. Four things tell a flood from what looks like it:
 *
 * <ul>
 *   <li>A scan or sweep goes to about as many distinct targets as it sends SYNs, twice or a few
 *       times as many with retries; a flood hits the same target again and again. So each distinct
 *       (address, port) must have got {@link Config#perTarget} on average. A flood over rising
 *       ports is a scan until it has come round.
 *   <li>A load balancer that checks its servers by SYN, SYN-ACK, RST comes back to each every
 *       second or two: where the source itself resets what it began, it takes five times as many.
 *   <li>A crawler or NAT with dead targets completes other connections: more must fail than
 *       complete.
 *   <li>A client of a service that is down is refused at the rate at which it tries: refusals have
 *       a threshold of their own, twenty times as high.
 *   <li>A server that restarts refuses all its clients, of whom one address may hide hundreds. So a
 *       refusal where the source completed a handshake within the hour counts only beyond {@value
 *       #OUTAGE} times the threshold, against its source as against its destination.
 * </ul>
 *
 * <p>Owned by one worker.
 */
public final class SynFloodDetector implements Detector {
    /**
     * Settings.
     *
     * <p>50 half-open handshakes in 10 s are far above what a browser leaves (some with a dead
     * host, each retried once a second at most) and far below any flood that hurts: a backlog holds
     * 128 to 4,096. 500 against one destination is the same for all its sources; ten at once are
     * more than a network's few clients of a dead server. The refused are less telling, for a
     * server that has crashed refuses all its clients.
     */
    public record Config(
            @Setting("look for SYN floods") boolean enabled,
            @Setting("half-open handshakes of one source that make a flood, 1 or more")
                    int threshold,
            @Setting("refused handshakes of one source that make a flood, 1 or more")
                    int refusedThreshold,
            @Setting("how far back handshakes count, 200ms to 20s") Duration window,
            @Setting(
                            "SYNs per distinct target below which it is a scan and no flood; 0 or more, 0 for any")
                    int perTarget,
            @Setting("half-open handshakes of all sources against one destination, 1 or more")
                    int destinationThreshold,
            @Setting("refused handshakes of all sources against one destination, 1 or more")
                    int destinationRefusedThreshold,
            @Setting("distinct sources at once that a flood of many has at least, 1 or more")
                    int destinationSources,
            @Setting("count every SYN, whatever becomes of it") boolean everySyn)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(true, 50, 1_000, Duration.ofSeconds(10), 10, 500, 5_000, 10, false);

        /** 50 SYNs of one source within the window, answered or not. */
        public static final Config STRICT =
                new Config(true, 50, 1_000, Duration.ofSeconds(10), 0, 500, 5_000, 10, true);

        public Config {
            Settings.atLeast("threshold", threshold, 1);
            Settings.atLeast("refused-threshold", refusedThreshold, 1);
            FloodWindow.check(window);
            Settings.atLeast("per-target", perTarget, 0);
            Settings.atLeast("destination-threshold", destinationThreshold, 1);
            Settings.atLeast("destination-refused-threshold", destinationRefusedThreshold, 1);
            Settings.atLeast("destination-sources", destinationSources, 1);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new SynFloodDetector(this, context);
        }

        @Override
        public List<DestinationThreshold> destinationThresholds() {
            return List.of(
                    new DestinationThreshold(
                            Kind.SYN_FLOOD,
                            Kind.SYN_FLOOD,
                            destinationThreshold,
                            destinationSources,
                            window),
                    new DestinationThreshold(
                            REFUSED,
                            Kind.SYN_FLOOD,
                            destinationRefusedThreshold,
                            destinationSources,
                            window),
                    new DestinationThreshold(
                            REFUSED_IN_OUTAGE,
                            Kind.SYN_FLOOD,
                            (long) OUTAGE * destinationRefusedThreshold,
                            destinationSources,
                            window));
        }
    }

    /** What refused handshakes are counted as per destination; never a verdict's kind. */
    static final Kind REFUSED = Kind.SYN_FLOOD.counted("syn_refused", "Refused SYN", 9_000_901);

    /** The same for those refused by who used to accept them. */
    static final Kind REFUSED_IN_OUTAGE =
            Kind.SYN_FLOOD.counted("syn_refused_in_outage", "Refused SYN in an outage", 9_000_905);

    /** Refusals in an outage that are excused, in thresholds of refusals. */
    static final int OUTAGE = 10;

    /** How many targets are remembered to have answered, all workers together; 8 bytes each. */
    private static final int MAX_ANSWERED = 32_768;

    private static final long ANSWERED_REACH_NS = Duration.ofHours(1).toNanos();

    private final Config config;
    private final AnsweredTargets answered;
    private final ConnectionTable connections;
    private final DestinationTable destinations;
    private final int halfOpenKind;
    private final int refusedKind;
    private final int outageKind;
    private final HandshakeCounts counts;

    SynFloodDetector(Config config, DetectorContext context) {
        this.config = config;
        this.connections = context.connections();
        this.destinations = context.destinations();
        this.halfOpenKind = destinations.register(Kind.SYN_FLOOD);
        this.refusedKind = destinations.register(REFUSED);
        this.outageKind = destinations.register(REFUSED_IN_OUTAGE);
        this.counts = new HandshakeCounts(config, context);
        this.answered = new AnsweredTargets(MAX_ANSWERED, context.workers(), ANSWERED_REACH_NS);
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return config.everySyn() ? Set.of(PacketClass.TCP) : Set.of();
    }

    /** Only for {@link Config#everySyn}. */
    @Override
    public void packet(Packet packet, int source) {
        if (source != SourceTable.NONE && TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            counts.sent(source, packet);
        }
    }

    @Override
    public void leftHalfOpen(int connection, int client, long nowNs, long frame) {
        failed(connection, client, true, nowNs, frame);
    }

    @Override
    public void leftHalfOpenAtOnce(int client, Packet packet) {
        long nowNs = packet.timestampNs();
        if (client != SourceTable.NONE) {
            counts.failed(
                    client,
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    packet.destinationPort(),
                    true,
                    1,
                    nowNs,
                    packet.frameNumber(),
                    nowNs,
                    packet.frameNumber());
            if (counts.standsAlone(client, config.threshold(), nowNs)) {
                return;
            }
        }
        destinations.count(halfOpenKind, packet);
    }

    @Override
    public void abandoned(int connection, int client, Packet packet) {
        if (connections.protocol(connection) != Protocol.TCP) {
            return;
        }
        long sentNs = connections.firstNs(connection);
        long sentFrame = connections.firstFrame(connection);
        long nowNs = packet.timestampNs();
        if (client != SourceTable.NONE) {
            counts.abandoned(
                    client,
                    connections.serverHigh(connection),
                    connections.serverLow(connection),
                    connections.serverPort(connection),
                    sentNs,
                    sentFrame,
                    nowNs,
                    packet.frameNumber());
        }
        countAgainstDestination(halfOpenKind, connection, client, sentNs, sentFrame, nowNs);
    }

    @Override
    public void refused(int connection, int client, Packet packet) {
        if (connections.protocol(connection) != Protocol.TCP) {
            return;
        }
        long nowNs = packet.timestampNs();
        if (isOutage(connection, nowNs) && counts.isExcused(client, nowNs)) {
            countAgainstDestination(
                    outageKind,
                    connection,
                    client,
                    connections.firstNs(connection),
                    connections.firstFrame(connection),
                    nowNs);
        } else {
            failed(connection, client, false, nowNs, packet.frameNumber());
        }
    }

    /** Whether the source completed handshakes before where it is refused now. */
    private boolean isOutage(int connection, long nowNs) {
        return answered.contains(Targets.attempt(connections, connection), nowNs);
    }

    /** Not counted against the destination: a capture may hold every frame of a crowd twice. */
    @Override
    public void repeatedTooSoon(int connection, int client, Packet packet) {
        long nowNs = packet.timestampNs();
        long frame = packet.frameNumber();
        count(connection, client, true, nowNs, frame, nowNs, frame);
    }

    @Override
    public void repeated(
            int client,
            int protocol,
            long serverHigh,
            long serverLow,
            int port,
            long count,
            long lastNs,
            long lastFrame,
            long nowNs,
            long frame) {
        if (protocol == Protocol.TCP) {
            counts.failed(
                    client,
                    serverHigh,
                    serverLow,
                    port,
                    true,
                    count,
                    lastNs,
                    lastFrame,
                    nowNs,
                    frame);
        }
    }

    @Override
    public void established(int connection, int client, boolean proven, Packet packet) {
        if (proven) {
            answered.note(Targets.attempt(connections, connection), packet.timestampNs());
        }
        if (client != SourceTable.NONE) {
            counts.completed(client, packet.timestampNs());
        }
    }

    @Override
    public void completedLate(int connection, int client, Packet packet) {
        if (client != SourceTable.NONE) {
            counts.completedLate(client, packet.timestampNs());
        }
    }

    /** A handshake has failed; its SYN is counted, at its own time. */
    private void failed(int connection, int client, boolean halfOpen, long nowNs, long frame) {
        long sentNs = connections.firstNs(connection);
        long sentFrame = connections.firstFrame(connection);
        count(connection, client, halfOpen, sentNs, sentFrame, nowNs, frame);
        countAgainstDestination(
                halfOpen ? halfOpenKind : refusedKind,
                connection,
                client,
                sentNs,
                sentFrame,
                nowNs);
    }

    private void count(
            int connection,
            int client,
            boolean halfOpen,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        if (client != SourceTable.NONE) {
            counts.failed(
                    client,
                    connections.serverHigh(connection),
                    connections.serverLow(connection),
                    connections.serverPort(connection),
                    halfOpen,
                    1,
                    sentNs,
                    sentFrame,
                    nowNs,
                    frame);
        }
    }

    private void countAgainstDestination(
            int kind, int connection, int client, long sentNs, long sentFrame, long nowNs) {
        if (client != SourceTable.NONE) {
            int limit = kind == halfOpenKind ? config.threshold() : config.refusedThreshold();
            if (counts.standsAlone(client, limit, nowNs)) {
                return;
            }
        }
        destinations.count(
                kind,
                connections.serverHigh(connection),
                connections.serverLow(connection),
                connections.serverPort(connection),
                connections.clientHigh(connection),
                connections.clientLow(connection),
                sentNs,
                sentFrame);
    }

    @Override
    public void tick(long nowNs, long frame) {
        counts.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        counts.end(nowNs, frame);
    }
}
