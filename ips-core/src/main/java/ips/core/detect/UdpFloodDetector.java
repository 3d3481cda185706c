package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Finds UDP floods by what is never answered: datagrams of one source, those of many sources
 * against one destination, and the answers of reflectors to one that never asked them.
 *
 * <p>An exchange that is answered is silent at any rate (QUIC, VPN, telephony, a resolver's
 * queries); so is a server that sends to a client which asked. Unanswered datagrams count once the
 * grace for an answer is over, so a resolver's thousand queries under way are none. Fragments count
 * where their datagrams never become whole. Multicast and broadcast are silent.
 *
 * <p>What comes from a well-known port may answer a question that was not seen: of before the
 * sensor began, or of the direction it does not see. So from such ports, once the grace is over and
 * nothing was heard of the receiver, the first datagrams between two ports count as any others, and
 * what follows them (a download, as a rule) is allowed ten times as much; so is all that reflectors
 * send.
 *
 * <p>Owned by one worker; 168 bytes in each source's record.
 */
public final class UdpFloodDetector implements Detector {
    /**
     * Settings.
     *
     * <p>1,000 unanswered datagrams a second to few hosts are no client's. A network behind one
     * address may have as many peers that do not answer (file sharing), so each host must have got
     * 10 on average. What is one-way by nature (logs, flow records, statistics, a camera's picture)
     * is allowed ten times as much. 5,000 a second against one destination from 20 sources at once
     * are a flood; of reflectors' answers 1,000 from 10 are.
     */
    public record Config(
            @Setting("look for UDP floods") boolean enabled,
            @Setting("unanswered datagrams of one source within the window, 1 or more")
                    int threshold,
            @Setting("how far back datagrams count, 200ms to 20s") Duration window,
            @Setting("datagrams per distinct host below which it is no flood; 0 or more, 0 for any")
                    int perTarget,
            @Setting("unanswered datagrams of all sources to one destination, 1 or more")
                    int destinationThreshold,
            @Setting("distinct sources at once that a flood of many has at least, 1 or more")
                    int destinationSources,
            @Setting("reflectors' answers to one destination that never asked, 1 or more")
                    int reflectedThreshold,
            @Setting("distinct reflectors at once, 1 or more") int reflectors)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(true, 1_000, Duration.ofSeconds(1), 10, 5_000, 20, 1_000, 10);

        public Config {
            Settings.atLeast("threshold", threshold, 1);
            FloodWindow.check(window);
            Settings.atLeast("per-target", perTarget, 0);
            Settings.atLeast("destination-threshold", destinationThreshold, 1);
            Settings.atLeast("destination-sources", destinationSources, 1);
            Settings.atLeast("reflected-threshold", reflectedThreshold, 1);
            Settings.atLeast("reflectors", reflectors, 1);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new UdpFloodDetector(this, context);
        }

        @Override
        public List<DestinationThreshold> destinationThresholds() {
            return List.of(
                    new DestinationThreshold(
                            Kind.UDP_FLOOD,
                            Kind.UDP_FLOOD,
                            destinationThreshold,
                            destinationSources,
                            window),
                    new DestinationThreshold(
                            REFLECTED, Kind.UDP_FLOOD, reflectedThreshold, reflectors, window),
                    new DestinationThreshold(
                            UNASKED,
                            Kind.UDP_FLOOD,
                            ONE_WAY_FACTOR * destinationThreshold,
                            destinationSources,
                            window));
        }
    }

    /** What reflectors' answers are counted as per destination; never a verdict's kind. */
    static final Kind REFLECTED =
            Kind.UDP_FLOOD.counted("udp_reflected", "Reflected UDP", 9_000_904);

    /** What else comes from well-known ports, asked by nobody; never a verdict's kind. */
    static final Kind UNASKED = Kind.UDP_FLOOD.counted("udp_unasked", "Unasked UDP", 9_000_907);

    /** Age from which an exchange without answer has none: well above the tracker's grace. */
    private static final long ANSWER_GRACE_NS = 1_000_000_000L;

    /** One-way services, and what may be answers, are allowed this many times the threshold. */
    private static final long ONE_WAY_FACTOR = 10;

    private static final int RTP_HEADER_BYTES = 12;
    private static final int RTP_VERSION = 2;
    private static final int TRANSPORT_STREAM_SYNC = 0x47;
    private static final int TRANSPORT_STREAM_PACKET_BYTES = 188;

    private final ConnectionTable connections;
    private final DestinationTable destinations;
    private final Pieces pieces;
    private final int unansweredKind;
    private final int reflectedKind;
    private final int unaskedKind;
    private final SourceRate unanswered;
    private final SourceRate oneWay;

    UdpFloodDetector(Config config, DetectorContext context) {
        this.connections = context.connections();
        this.destinations = context.destinations();
        this.pieces = new Pieces(context.sources());
        this.unansweredKind = destinations.register(Kind.UDP_FLOOD);
        this.reflectedKind = destinations.register(REFLECTED);
        this.unaskedKind = destinations.register(UNASKED);
        this.unanswered =
                new SourceRate(
                        context,
                        Kind.UDP_FLOOD,
                        Action.BAN,
                        BanScope.UDP,
                        new SourceRate.Threshold(
                                        "unanswered datagrams", config.threshold(), config.window())
                                .perTarget(config.perTarget()));
        this.oneWay =
                new SourceRate(
                        context,
                        Kind.UDP_FLOOD,
                        Action.BAN,
                        BanScope.UDP,
                        new SourceRate.Threshold(
                                "unanswered datagrams of one-way services, or unasked",
                                ONE_WAY_FACTOR * config.threshold(),
                                config.window()));
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.UDP, PacketClass.FRAGMENT);
    }

    /** Counts datagrams that go on in an exchange whose first one was never answered. */
    @Override
    public void packet(Packet packet, int source) {
        if (packet.fragment()) {
            if (packet.protocol() == Protocol.UDP && source != SourceTable.NONE) {
                fragment(packet, source);
            }
            return;
        }
        if (packet.reassembled() && source != SourceTable.NONE) {
            whole(source);
        }
        int connection = connections.current();
        if (connection == ConnectionTable.NONE || connections.isAnswered(connection)) {
            return;
        }
        if (!connections.currentFromClient()) {
            if (!connections.isClientHeard(connection)) {
                unasked(packet, source, connection);
            }
            return;
        }
        if (packet.timestampNs() - connections.firstNs(connection) > ANSWER_GRACE_NS) {
            long nowNs = packet.timestampNs();
            long frame = packet.frameNumber();
            count(connection, source, isMedia(packet), nowNs, frame, nowNs, frame);
        }
    }

    /** Counts what comes from a well-known port and goes on though nobody has asked for it. */
    private void unasked(Packet packet, int source, int connection) {
        long high = packet.destinationHigh();
        long low = packet.destinationLow();
        if (GroupAddresses.contains(high, low)) {
            return;
        }
        boolean reflected = isReflector(packet.sourcePort());
        if (reflected) {
            destinations.count(reflectedKind, packet);
        }
        long nowNs = packet.timestampNs();
        if (nowNs - connections.firstNs(connection) <= ANSWER_GRACE_NS) {
            return;
        }
        if (source != SourceTable.NONE) {
            oneWay.count(source, high, low, packet.destinationPort(), nowNs, packet.frameNumber());
            if (oneWay.isOpen(source)) {
                return;
            }
        }
        if (!reflected) {
            destinations.count(unaskedKind, packet);
        }
    }

    /** Counts the first datagram from a well-known port to one that never asked. */
    @Override
    public void unaskedAnswer(int connection, int server, long nowNs, long frame) {
        if (connections.protocol(connection) != Protocol.UDP) {
            return;
        }
        long high = connections.clientHigh(connection);
        long low = connections.clientLow(connection);
        if (GroupAddresses.contains(high, low)) {
            return;
        }
        int from = connections.serverPort(connection);
        int port = connections.clientPort(connection);
        long sentNs = connections.firstNs(connection);
        long sentFrame = connections.firstFrame(connection);
        boolean reflected = isReflector(from);
        if (server != SourceTable.NONE) {
            boolean allowed = reflected || isOneWay(from) || isOneWay(port);
            SourceRate rate = allowed ? oneWay : unanswered;
            rate.count(server, 1, high, low, port, sentNs, sentFrame, nowNs, frame);
            if (rate == oneWay || unanswered.isOpen(server)) {
                return;
            }
        }
        if (!reflected) {
            destinations.count(
                    unansweredKind,
                    high,
                    low,
                    port,
                    connections.serverHigh(connection),
                    connections.serverLow(connection),
                    sentNs,
                    sentFrame);
        }
    }

    /**
     * Each counts until its datagram is whole and counts in its place, so those that never become
     * whole add up. Not against the destination: there a tunnel's fragments of many honest sources
     * would.
     */
    private void fragment(Packet packet, int source) {
        long high = packet.destinationHigh();
        long low = packet.destinationLow();
        if (!GroupAddresses.contains(high, low)) {
            long nowNs = packet.timestampNs();
            unanswered.count(source, high, low, 0, nowNs, packet.frameNumber());
            pieces.add(source);
        }
    }

    private void whole(int source) {
        for (long counted = pieces.whole(source); counted > 0; counted--) {
            unanswered.takeBack(source);
        }
    }

    @Override
    public void unanswered(int connection, int client, long nowNs, long frame) {
        if (connections.protocol(connection) == Protocol.UDP) {
            first(connection, client, nowNs, frame);
        }
    }

    /** Takes back what was told too early. */
    @Override
    public void answered(int connection, int client, Packet packet) {
        if (connections.protocol(connection) == Protocol.UDP
                && client != SourceTable.NONE
                && connections.isToldUnanswered(connection)) {
            unanswered.takeBack(client);
        }
    }

    @Override
    public void refused(int connection, int client, Packet packet) {
        if (connections.protocol(connection) == Protocol.UDP
                && !connections.isToldUnanswered(connection)) {
            first(connection, client, packet.timestampNs(), packet.frameNumber());
        }
    }

    /** Counts an exchange's first datagram, at its own time. */
    private void first(int connection, int client, long nowNs, long frame) {
        long sentNs = connections.firstNs(connection);
        long sentFrame = connections.firstFrame(connection);
        count(connection, client, false, sentNs, sentFrame, nowNs, frame);
    }

    private void count(
            int connection,
            int client,
            boolean media,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        long high = connections.serverHigh(connection);
        long low = connections.serverLow(connection);
        int port = connections.serverPort(connection);
        if (GroupAddresses.contains(high, low)) {
            return;
        }
        // Who sends first is the client to the tracker, unless its port is well-known.
        boolean reflected = isReflector(connections.clientPort(connection)) && !isReflector(port);
        if (client != SourceTable.NONE) {
            SourceRate rate = media || reflected || isOneWay(port) ? oneWay : unanswered;
            rate.count(client, 1, high, low, port, sentNs, sentFrame, nowNs, frame);
            if (!reflected && (rate == oneWay || unanswered.isOpen(client))) {
                return;
            }
        }
        destinations.count(
                reflected ? reflectedKind : unansweredKind,
                high,
                low,
                port,
                connections.clientHigh(connection),
                connections.clientLow(connection),
                sentNs,
                sentFrame);
    }

    /**
     * Whether a datagram looks like pictures or sound, which cameras and encoders send to a
     * recorder that never answers: RTP at an even port (version 2, RFC 3550 §5.1 and §11), or whole
     * packets of an MPEG transport stream (188 bytes, each beginning with 0x47; ISO 13818-1).
     */
    private static boolean isMedia(Packet packet) {
        int length = packet.payloadLength();
        if (length < RTP_HEADER_BYTES) {
            return false;
        }
        int first = packet.buffer().getByte(packet.payloadOffset()) & 0xff;
        return first >>> 6 == RTP_VERSION && (packet.destinationPort() & 1) == 0
                || first == TRANSPORT_STREAM_SYNC && length % TRANSPORT_STREAM_PACKET_BYTES == 0;
    }

    /** Services that receive and never answer: logs, traps, flow records, statistics, tunnels. */
    private static boolean isOneWay(int port) {
        return switch (port) {
            case 162,
                    514,
                    1514,
                    2003, // Graphite
                    2055,
                    2056,
                    4729,
                    4739,
                    4789,
                    6081,
                    6343,
                    6831, // Jaeger
                    6832,
                    8125,
                    8472,
                    9995,
                    9996,
                    12_201, // GELF
                    25_826 -> // collectd
                    true;
            default -> false;
        };
    }

    /** Services known to amplify (CISA TA14-017A, and what came since). */
    private static boolean isReflector(int port) {
        return switch (port) {
            case 17,
                    19,
                    53,
                    69,
                    111,
                    123,
                    137,
                    161,
                    389,
                    427,
                    520,
                    1194,
                    1434,
                    1900,
                    3283,
                    3389,
                    3478,
                    3702,
                    5093,
                    5351,
                    5353,
                    5683,
                    10001,
                    10074,
                    11211,
                    20800,
                    27015,
                    27960,
                    30718,
                    32414,
                    33848,
                    37810 ->
                    true;
            default -> false;
        };
    }

    @Override
    public void tick(long nowNs, long frame) {
        unanswered.tick(nowNs, frame);
        oneWay.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        unanswered.end(nowNs, frame);
        oneWay.end(nowNs, frame);
    }
}
