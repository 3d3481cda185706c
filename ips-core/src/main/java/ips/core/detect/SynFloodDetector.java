package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.flow.WindowCount;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.SignatureId;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Finds sources that send SYNs and do not mean connections, and counts for each destination the
 * handshakes that sources leave half-open, for floods of forged ones.
 *
 * <p>What counts is what became of a handshake, never the SYN: left half-open, reset by its own
 * client (the kernel below a raw-socket tool does that), repeated sooner than any TCP repeats, or
 * refused. Three things tell a flood from what looks like it:
 *
 * <ul>
 *   <li>A scan or sweep goes to about as many distinct targets as it sends SYNs, twice or a few
 *       times as many with retries; a flood hits the same target again and again. So each distinct
 *       (address, port) must have got {@link Config#perTarget} on average. A flood over rising
 *       ports is a scan until it has come round.
 *   <li>A crawler or NAT with dead targets completes other connections: more must fail than
 *       complete.
 *   <li>A client of a service that is down is refused at the rate at which it tries: refusals have
 *       a threshold of their own, twenty times as high.
 * </ul>
 *
 * <p>Owned by one worker; 136 bytes in each source's record.
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
            @Setting("SYNs per distinct target below which it is a scan and no flood, 0 for any")
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
            Settings.atLeast(1, threshold, "threshold");
            Settings.atLeast(1, refusedThreshold, "refused-threshold");
            Settings.window(window, "window");
            Settings.atLeast(0, perTarget, "per-target");
            Settings.atLeast(1, destinationThreshold, "destination-threshold");
            Settings.atLeast(1, destinationRefusedThreshold, "destination-refused-threshold");
            Settings.atLeast(1, destinationSources, "destination-sources");
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
                            window));
        }
    }

    /** What refused handshakes are counted as per destination; never a verdict's kind. */
    static final Kind REFUSED =
            new Kind(
                    "syn_refused",
                    "Refused SYN",
                    new SignatureId(1, 9_000_901, 1),
                    Kind.SYN_FLOOD.category(),
                    Kind.SYN_FLOOD.severity());

    /** Half-open handshakes of a source that are followed each, in thresholds. */
    private static final int FOLLOWED = 10;

    private static final int HALF_OPEN = Tally.LONGS;
    private static final int COMPLETED = HALF_OPEN + WindowCount.LONGS;
    private static final int TARGETS = COMPLETED + WindowCount.LONGS;
    private static final int LONGS = TARGETS + DistinctSketch.LONGS;

    private final Config config;
    private final long windowNs;
    private final SourceTable sources;
    private final ConnectionTable connections;
    private final DestinationTable destinations;
    private final int halfOpenKind;
    private final int refusedKind;
    private final int fields;
    private final Campaigns campaigns;

    SynFloodDetector(Config config, DetectorContext context) {
        this.config = config;
        this.windowNs = config.window().toNanos();
        this.sources = context.sources();
        this.connections = context.connections();
        this.destinations = context.destinations();
        this.halfOpenKind = destinations.register(Kind.SYN_FLOOD);
        this.refusedKind = destinations.register(REFUSED);
        this.fields = sources.claim(LONGS);
        Campaigns.Judge judge = config.everySyn() ? new EverySyn() : new FailedHandshakes();
        this.campaigns =
                new Campaigns(context, Kind.SYN_FLOOD, Action.BAN, BanScope.SYN, windowNs, judge);
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return config.everySyn() ? Set.of(PacketClass.TCP) : Set.of();
    }

    /** Only for {@link Config#everySyn}. */
    @Override
    public void packet(Packet packet, int source) {
        if (source == SourceTable.NONE || !TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            return;
        }
        long nowNs = packet.timestampNs();
        long frame = packet.frameNumber();
        long[] cells = sources.cells();
        int at = source + fields;
        Tally.add(cells, at, nowNs, frame, nowNs, windowNs);
        long count = Tally.get(cells, at, nowNs, windowNs);
        note(
                source,
                count >= config.threshold(),
                1,
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.destinationPort(),
                nowNs,
                frame,
                nowNs,
                frame);
    }

    @Override
    public void leftHalfOpen(int connection, int client, long nowNs, long frame) {
        failed(connection, client, true, nowNs, frame);
    }

    @Override
    public void leftHalfOpenAtOnce(int client, Packet packet) {
        long nowNs = packet.timestampNs();
        if (client != SourceTable.NONE) {
            if (!config.everySyn()) {
                count(
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
            }
            if (countsOnItsOwn(client, config.threshold(), nowNs)) {
                return;
            }
        }
        destinations.count(halfOpenKind, packet);
    }

    @Override
    public void abandoned(int connection, int client, Packet packet) {
        if (connections.protocol(connection) == Protocol.TCP) {
            failed(connection, client, true, packet.timestampNs(), packet.frameNumber());
        }
    }

    @Override
    public void refused(int connection, int client, Packet packet) {
        if (connections.protocol(connection) == Protocol.TCP) {
            failed(connection, client, false, packet.timestampNs(), packet.frameNumber());
        }
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
        if (protocol == Protocol.TCP && !config.everySyn()) {
            count(
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
        if (client != SourceTable.NONE) {
            long[] cells = sources.cells();
            WindowCount.add(cells, client + fields + COMPLETED, 1, packet.timestampNs(), windowNs);
        }
    }

    @Override
    public void completedLate(int connection, int client, Packet packet) {
        if (client == SourceTable.NONE || config.everySyn()) {
            return;
        }
        long nowNs = packet.timestampNs();
        long[] cells = sources.cells();
        int at = client + fields;
        Tally.takeBack(cells, at);
        WindowCount.add(cells, at + HALF_OPEN, -1, nowNs, windowNs);
        int campaign = campaigns.of(client);
        if (campaign != Campaigns.NONE) {
            campaigns.takeBack(campaign, 1);
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
        if (client == SourceTable.NONE || config.everySyn()) {
            return;
        }
        count(
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

    private void count(
            int client,
            long high,
            long low,
            int port,
            boolean halfOpen,
            long amount,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        long[] cells = sources.cells();
        int at = client + fields;
        int rolled = Tally.add(cells, at, amount, sentNs, sentFrame, nowNs, windowNs);
        DistinctSketch.roll(cells, at + TARGETS, rolled);
        DistinctSketch.add(cells, at + TARGETS, high, low, port);
        if (halfOpen) {
            WindowCount.add(cells, at + HALF_OPEN, amount, nowNs, windowNs);
        }
        boolean flood = campaigns.of(client) == Campaigns.NONE && isFlood(cells, at, nowNs);
        note(client, flood, amount, high, low, port, sentNs, sentFrame, nowNs, frame);
    }

    private boolean isFlood(long[] cells, int at, long nowNs) {
        long failed = Tally.get(cells, at, nowNs, windowNs);
        long halfOpen = WindowCount.get(cells, at + HALF_OPEN, nowNs, windowNs);
        if (halfOpen < config.threshold() && failed < config.refusedThreshold()) {
            return false;
        }
        return failed > WindowCount.get(cells, at + COMPLETED, nowNs, windowNs)
                && Tally.total(cells, at)
                        >= config.perTarget() * DistinctSketch.estimate(cells, at + TARGETS);
    }

    private void note(
            int source,
            boolean flood,
            long amount,
            long high,
            long low,
            int port,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        int campaign = campaigns.of(source);
        if (campaign != Campaigns.NONE) {
            campaigns.add(campaign, amount, high, low, port, sentNs, sentFrame);
        } else if (flood) {
            long[] cells = sources.cells();
            int at = source + fields;
            campaigns.open(
                    source,
                    Tally.total(cells, at),
                    Tally.firstNs(cells, at),
                    Tally.firstFrame(cells, at),
                    high,
                    low,
                    port,
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
            if (countsOnItsOwn(client, limit, nowNs)) {
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

    /**
     * A source that is accused, or would be but for its spread, is none of the many of a
     * distributed flood: what it does stays on its own account.
     */
    private boolean countsOnItsOwn(int client, int limit, long nowNs) {
        return campaigns.of(client) != Campaigns.NONE
                || Tally.get(sources.cells(), client + fields, nowNs, windowNs) > limit;
    }

    @Override
    public void tick(long nowNs, long frame) {
        campaigns.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        campaigns.end(nowNs, frame);
    }

    private final class FailedHandshakes implements Campaigns.Judge {
        @Override
        public boolean goesOn(int record, long nowNs) {
            long[] cells = sources.cells();
            int at = record + fields;
            long halfOpen = WindowCount.get(cells, at + HALF_OPEN, nowNs, windowNs);
            // Far above the threshold they are counted and no longer followed one by one.
            sources.flooding(
                    record, Protocol.TCP, halfOpen >= (long) FOLLOWED * config.threshold());
            return 2 * halfOpen >= config.threshold()
                    || 2 * Tally.get(cells, at, nowNs, windowNs) >= config.refusedThreshold();
        }

        @Override
        @ColdPath
        public Evidence evidence(int record, long nowNs) {
            if (record == SourceTable.NONE) {
                return Evidence.of(
                        "threshold", config.threshold(), "window_ms", windowNs / 1_000_000);
            }
            long[] cells = sources.cells();
            int at = record + fields;
            long failed = Tally.get(cells, at, nowNs, windowNs);
            long halfOpen = WindowCount.get(cells, at + HALF_OPEN, nowNs, windowNs);
            return Evidence.of(
                    "threshold", config.threshold(),
                    "refused_threshold", config.refusedThreshold(),
                    "window_ms", windowNs / 1_000_000,
                    "half_open", halfOpen,
                    "refused", Math.max(0, failed - halfOpen),
                    "completed", WindowCount.get(cells, at + COMPLETED, nowNs, windowNs),
                    "targets", DistinctSketch.estimate(cells, at + TARGETS));
        }
    }

    private final class EverySyn implements Campaigns.Judge {
        @Override
        public boolean goesOn(int record, long nowNs) {
            return 2 * Tally.get(sources.cells(), record + fields, nowNs, windowNs)
                    >= config.threshold();
        }

        @Override
        @ColdPath
        public Evidence evidence(int record, long nowNs) {
            long inWindow =
                    record == SourceTable.NONE
                            ? 0
                            : Tally.get(sources.cells(), record + fields, nowNs, windowNs);
            return Evidence.of(
                    "threshold",
                    config.threshold(),
                    "window_ms",
                    windowNs / 1_000_000,
                    "syns",
                    inWindow);
        }
    }
}
