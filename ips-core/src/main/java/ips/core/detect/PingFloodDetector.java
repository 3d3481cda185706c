package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.IcmpHeader;
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
 * Finds floods of ICMP and ICMPv6 messages: echo requests of one source, those of many sources
 * against one destination, other messages nobody asked for, and errors about packets that were
 * never sent (a flood of those is known as BlackNurse), for which nobody is banned.
 *
 * <p>Never counted: errors that somebody caused (a router or a scanned host sends them by the
 * thousand, because others make it), replies to requests that were seen (their sender is the
 * victim), neighbour discovery and multicast listener messages (a network's own business), and
 * requests to broadcast or multicast addresses, whose source is forged as a rule ({@link
 * SmurfDetector}).
 *
 * <p>Owned by one worker; 184 bytes in each source's record.
 */
public final class PingFloodDetector implements Detector {
    /**
     * Settings.
     *
     * <p>100 echo requests a second are what {@code ping -f} sends at least to a host that does not
     * answer; no one needs as many to a host. Tools that watch hundreds of hosts may send them in
     * all, so each target must have got 10 on average; ten times the threshold is a flood all the
     * same. Other messages (timestamps, replies nobody asked for, fragments) are counted ten times
     * more leniently: the sensor may have missed what was asked. 1,000 a second against one
     * destination are more than all monitoring of a popular address.
     */
    public record Config(
            @Setting("look for ICMP floods") boolean enabled,
            @Setting("echo requests of one source within the window, 1 or more") int threshold,
            @Setting("other unasked ICMP messages and fragments of one source, 1 or more")
                    int otherThreshold,
            @Setting("how far back messages count, 200ms to 20s") Duration window,
            @Setting(
                            "messages per distinct target below which it is no flood; 0 or more, 0 for any")
                    int perTarget,
            @Setting("echo requests of all sources to one destination, 1 or more")
                    int destinationThreshold,
            @Setting("distinct sources at once that a flood of many has at least, 1 or more")
                    int destinationSources)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(true, 100, 1_000, Duration.ofSeconds(1), 10, 1_000, 20);

        /** Any echo request. */
        public static final Config STRICT =
                new Config(true, 1, 1_000, Duration.ofSeconds(1), 0, 1_000, 20);

        public Config {
            Settings.atLeast("threshold", threshold, 1);
            Settings.atLeast("other-threshold", otherThreshold, 1);
            FloodWindow.check(window);
            Settings.atLeast("per-target", perTarget, 0);
            Settings.atLeast("destination-threshold", destinationThreshold, 1);
            Settings.atLeast("destination-sources", destinationSources, 1);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new PingFloodDetector(this, context);
        }

        @Override
        public List<DestinationThreshold> destinationThresholds() {
            return List.of(
                    new DestinationThreshold(
                            Kind.ICMP_FLOOD,
                            Kind.ICMP_FLOOD,
                            destinationThreshold,
                            destinationSources,
                            window),
                    new DestinationThreshold(
                            ERRORS, Kind.ICMP_FLOOD, destinationThreshold, 1, window),
                    new DestinationThreshold(
                            ERRORS_IN_DOUBT,
                            Kind.ICMP_FLOOD,
                            IN_DOUBT * destinationThreshold,
                            1,
                            window));
        }
    }

    /** What errors nobody caused are counted as per destination; never a verdict's kind. */
    static final Kind ERRORS =
            Kind.ICMP_FLOOD.counted("icmp_errors", "Unasked ICMP errors", 9_000_903);

    /** The same for errors that their receiver may have caused. */
    static final Kind ERRORS_IN_DOUBT =
            Kind.ICMP_FLOOD.counted("icmp_errors_in_doubt", "ICMP errors in doubt", 9_000_906);

    /** How many times more errors in doubt make a flood. */
    private static final long IN_DOUBT = 10;

    /** Above this many times the threshold, requests are a flood at any number of targets. */
    private static final long AT_ANY_TARGETS = 10;

    // RFC 2710, RFC 4861, RFC 3810: messages of the network itself.
    private static final int V6_LISTENER_QUERY = 130;
    private static final int V6_REDIRECT = 137;
    private static final int V6_LISTENER_REPORT = 143;

    private final SourceTable sources;
    private final ConnectionTable connections;
    private final DestinationTable destinations;
    private final int kind;
    private final int errorsKind;
    private final int doubtfulErrorsKind;
    private final SourceRate requests;
    private final SourceRate others;

    private final Pieces pieces;

    PingFloodDetector(Config config, DetectorContext context) {
        this.sources = context.sources();
        this.pieces = new Pieces(sources);
        this.connections = context.connections();
        this.destinations = context.destinations();
        this.kind = destinations.register(Kind.ICMP_FLOOD);
        this.errorsKind = destinations.register(ERRORS);
        this.doubtfulErrorsKind = destinations.register(ERRORS_IN_DOUBT);
        this.requests =
                new SourceRate(
                        context,
                        Kind.ICMP_FLOOD,
                        Action.BAN,
                        BanScope.ICMP,
                        new SourceRate.Threshold(
                                        "echo requests", config.threshold(), config.window())
                                .perTarget(config.perTarget())
                                .orAtAnyTargets(AT_ANY_TARGETS * config.threshold()));
        this.others =
                new SourceRate(
                        context,
                        Kind.ICMP_FLOOD,
                        Action.BAN,
                        BanScope.ICMP,
                        new SourceRate.Threshold(
                                        "other messages", config.otherThreshold(), config.window())
                                // A victim of forged requests that the sensor misses answers to
                                // very many.
                                .perTarget(PingFloodDetector.Config.DEFAULTS.perTarget()));
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.ICMP, PacketClass.FRAGMENT);
    }

    @Override
    public void packet(Packet packet, int source) {
        if (connections.isRepeat()) {
            return;
        }
        if (packet.fragment()) {
            if (isIcmp(packet.protocol())) {
                fragment(packet, source);
            }
            return;
        }
        boolean unasked = isUnasked(packet);
        if (packet.reassembled() && source != SourceTable.NONE) {
            whole(packet, source, unasked);
        }
        if (isEchoRequest(packet)) {
            request(packet, source);
        } else if (unasked) {
            count(others, packet, source);
        }
    }

    private void fragment(Packet packet, int source) {
        count(others, packet, source);
        if (source != SourceTable.NONE) {
            pieces.add(source);
        }
    }

    /** Takes back the fragments of a reply that was asked for: who sends them is the victim. */
    private void whole(Packet packet, int source, boolean unasked) {
        long counted = pieces.whole(source);
        if (!unasked && IcmpHeader.isReply(packet.protocol(), packet.icmpType())) {
            for (long i = 0; i < counted; i++) {
                others.takeBack(source);
            }
        }
    }

    private void request(Packet packet, int source) {
        if (GroupAddresses.contains(packet.destinationHigh(), packet.destinationLow())) {
            return;
        }
        count(requests, packet, source);
        if (source == SourceTable.NONE) {
            destinations.count(kind, packet);
            return;
        }
        if (!requests.isOpen(source)) {
            destinations.count(kind, packet);
        }
        boolean flooding = requests.isFlooding(source, packet.timestampNs());
        sources.flooding(source, packet.protocol(), flooding);
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
        if (isIcmp(protocol)) {
            requests.count(
                    client, count, serverHigh, serverLow, port, lastNs, lastFrame, nowNs, frame);
        }
    }

    /**
     * Told, but nobody is banned: errors are needed, and who sends them is a router often. A host
     * or router that answers sends few to one destination, for systems limit their rate (RFC 1812
     * §4.3.2.8).
     */
    @Override
    public void unaskedError(Packet packet, boolean certain) {
        destinations.count(certain ? errorsKind : doubtfulErrorsKind, packet);
    }

    private static void count(SourceRate rate, Packet packet, int source) {
        if (source != SourceTable.NONE) {
            rate.count(
                    source,
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    0,
                    packet.timestampNs(),
                    packet.frameNumber());
        }
    }

    /** Whether a message is neither error nor the network's own nor the reply to a request seen. */
    private boolean isUnasked(Packet packet) {
        int type = packet.icmpType();
        if (IcmpHeader.isError(packet.protocol(), type)) {
            return false;
        }
        if (IcmpHeader.isReply(packet.protocol(), type)) {
            return isUnaskedReply(packet, connections);
        }
        return packet.protocol() == Protocol.ICMP
                || (type < V6_LISTENER_QUERY || type > V6_REDIRECT) && type != V6_LISTENER_REPORT;
    }

    /** Whether a reply, the packet in hand, answers no request that was seen. */
    static boolean isUnaskedReply(Packet packet, ConnectionTable connections) {
        int connection = connections.current();
        return connection == ConnectionTable.NONE || !connections.isClientHeard(connection);
    }

    static boolean isEchoRequest(Packet packet) {
        return IcmpHeader.isEchoRequest(packet.protocol(), packet.icmpType());
    }

    static boolean isEchoReply(Packet packet) {
        return packet.icmpType()
                == (packet.protocol() == Protocol.ICMPV6
                        ? IcmpHeader.V6_ECHO_REPLY
                        : IcmpHeader.ECHO_REPLY);
    }

    static boolean isIcmp(int protocol) {
        return protocol == Protocol.ICMP || protocol == Protocol.ICMPV6;
    }

    @Override
    public void tick(long nowNs, long frame) {
        requests.tick(nowNs, frame);
        others.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        requests.end(nowNs, frame);
        others.end(nowNs, frame);
    }
}
