package ips.core.rule;

import ips.core.inspect.AppProtocol;
import ips.core.inspect.ByteRange;
import ips.core.inspect.InspectedFlow;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.BufferTest;
import ips.core.rule.keyword.Condition;
import ips.core.rule.keyword.Effect;
import ips.core.rule.keyword.FastPattern;
import ips.core.rule.keyword.Inspection;
import ips.core.rule.keyword.Payload;
import ips.core.rule.keyword.Threshold;
import ips.core.rule.keyword.TransactionTest;
import ips.core.verdict.RuleInfo;
import java.util.BitSet;
import java.util.List;

/**
 * The compiled form of a rule: tests in the order in which they are cheap. Immutable, shared by all
 * workers.
 */
public final class Signature {
    /** What a rule does; in the order in which rules are asked. */
    public enum Action {
        PASS,
        DROP,
        REJECT,
        ALERT;

        public boolean drops() {
            return this == DROP || this == REJECT;
        }
    }

    /** What a rule depends on: how often it is asked, and whether its action holds for the flow. */
    public enum Type {
        /** Addresses and ports alone: once per flow and direction. */
        ADDRESSES,
        /**
         * The same with negated addresses: for every packet, but what it does holds for the flow.
         */
        LIKE_ADDRESSES,
        /** That the application protocol was found: once per direction. */
        PROTOCOL,
        DECODER,
        PACKET,
        PACKET_OR_STREAM,
        STREAM,
        APPLICATION,
        TRANSACTION
    }

    /** What the header's protocol asks for. */
    enum Carrier {
        ANY_FRAME,
        IP,
        IPV4,
        IPV6,
        TCP,
        UDP,
        ICMP,
        ICMPV4,
        ICMPV6,
        SCTP
    }

    final RuleInfo info;
    final Rule rule;
    final Action action;
    final Type type;
    final Carrier carrier;
    final AppProtocol app;
    final AddressSet source;
    final PortSet sourcePort;
    final AddressSet destination;
    final PortSet destinationPort;
    final boolean bidirectional;
    final boolean toServer;
    final boolean toClient;
    final boolean asksFlow;
    final boolean established;
    final boolean noAlert;
    final boolean asksPacketPayload;
    final boolean asksStream;
    final boolean streamOnly;
    final boolean asksHosts;
    final long streamEvents;
    final boolean asksTcpOptions;
    final BitSet tcpFlags;
    final Threshold threshold;
    final Threshold detectionFilter;
    final Condition[] conditions;
    final Effect[] effects;
    final BufferTest payload;
    final BufferTest[] packetBuffers;
    final BufferTest[] transactionBuffers;
    final TransactionTest[] transactionTests;
    final long transactionEvents;
    final int memoryOrder;

    /** Flowbits without one of which it cannot match; null where it needs none. */
    final int[] awaitedBits;

    /** Flowbits it may set. */
    final BitSet changedBits;

    /** Whether it names no port, so that what has none fits, too. */
    private final boolean anyPorts;

    /** How many of the conditions ask for nothing but a direction. */
    private final int directions;

    /** Its place among all signatures, in the order they are asked. */
    int order;

    Signature(RuleCompiler.Parts parts) {
        info = parts.info;
        rule = parts.rule;
        action = parts.action;
        type = parts.type;
        carrier = parts.carrier;
        app = parts.draft.app;
        source = parts.source;
        sourcePort = parts.sourcePort;
        destination = parts.destination;
        destinationPort = parts.destinationPort;
        anyPorts = sourcePort.isAny() && destinationPort.isAny();
        bidirectional = parts.rule.bidirectional();
        toServer = parts.draft.toServer;
        toClient = parts.draft.toClient;
        asksFlow = parts.draft.asksFlow;
        established = parts.draft.established;
        noAlert = parts.draft.noAlert;
        asksPacketPayload = parts.asksPacketPayload;
        asksStream = parts.asksStream;
        streamOnly = parts.streamOnly;
        asksHosts = parts.draft.asksHosts;
        streamEvents = parts.draft.streamEvents;
        asksTcpOptions = parts.draft.asksTcpOptions;
        tcpFlags = parts.draft.tcpFlags;
        threshold = parts.draft.threshold;
        detectionFilter = parts.draft.detectionFilter;
        conditions = parts.draft.conditions.toArray(new Condition[0]);
        effects = parts.draft.effects.toArray(new Effect[0]);
        payload = parts.payload;
        packetBuffers = parts.packetBuffers.toArray(new BufferTest[0]);
        transactionTests = parts.draft.transactionTests.toArray(new TransactionTest[0]);
        transactionEvents = parts.draft.transactionEvents;
        transactionBuffers = parts.transactionBuffers.toArray(new BufferTest[0]);
        memoryOrder = parts.draft.memoryOrder();
        awaitedBits = parts.draft.awaitedBits;
        changedBits = parts.draft.changedBits;
        directions = toServer || toClient ? 1 : 0;
    }

    public RuleInfo info() {
        return info;
    }

    public Rule rule() {
        return rule;
    }

    public Action action() {
        return action;
    }

    public Type type() {
        return type;
    }

    /** The tests of buffers of transactions. */
    public List<BufferTest> transactionBuffers() {
        return List.of(transactionBuffers);
    }

    /**
     * The test of a transaction's buffer whose fast pattern is looked for first: the one the rule
     * names, or the longest. Null where there is none.
     *
     * @param foreign the side whose buffers do not count
     */
    BufferTest firstSought(Buffer.Side foreign) {
        BufferTest best = null;
        for (BufferTest test : transactionBuffers) {
            FastPattern pattern = test.fastPattern();
            if (pattern == null || test.buffer().side() == foreign) {
                continue;
            }
            if (pattern.explicit()) {
                return test;
            }
            if (best == null || pattern.bytes().length > best.fastPattern().bytes().length) {
                best = test;
            }
        }
        return best;
    }

    boolean carries(Packet packet) {
        int protocol = Payload.protocolOf(packet);
        return switch (carrier) {
            case ANY_FRAME -> true;
            case IP -> packet.ipVersion() != 0;
            case IPV4 -> packet.ipVersion() == 4;
            case IPV6 -> packet.ipVersion() == 6;
            case TCP -> protocol == Protocol.TCP;
            case UDP -> protocol == Protocol.UDP;
            case ICMP -> protocol == Protocol.ICMP || protocol == Protocol.ICMPV6;
            case ICMPV4 -> protocol == Protocol.ICMP;
            case ICMPV6 -> protocol == Protocol.ICMPV6;
            case SCTP -> protocol == Protocol.SCTP;
        };
    }

    /** Whether protocol, addresses and ports fit. */
    boolean fitsHeader(Packet packet) {
        if (!carries(packet) || !anyPorts && !Payload.hasPorts(packet)) {
            return false;
        }
        return ends(
                        packet.sourceHigh(),
                        packet.sourceLow(),
                        packet.sourcePort(),
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.destinationPort())
                || bidirectional
                        && ends(
                                packet.destinationHigh(),
                                packet.destinationLow(),
                                packet.destinationPort(),
                                packet.sourceHigh(),
                                packet.sourceLow(),
                                packet.sourcePort());
    }

    private boolean ends(
            long fromHigh, long fromLow, int fromPort, long toHigh, long toLow, int toPort) {
        return destinationPort.contains(toPort)
                && sourcePort.contains(fromPort)
                && source.contains(fromHigh, fromLow)
                && destination.contains(toHigh, toLow);
    }

    /** Whether the conditions of packet and flow hold. */
    boolean conditionsHold(Inspection in) {
        for (Condition condition : conditions) {
            if (!condition.holds(in)) {
                return false;
            }
        }
        return true;
    }

    boolean packetBuffersHold(Inspection in, PacketBuffers buffers) {
        for (BufferTest test : packetBuffers) {
            ByteRange bytes = buffers.of(test.buffer(), in.packet);
            if (bytes == null || !test.holds(bytes, in)) {
                return false;
            }
        }
        return true;
    }

    /** For a rule of transactions, which sees no packet's buffers. */
    boolean packetBuffersAbsentOrHold(Inspection in) {
        return packetBuffers.length == 0 || in.packet.ipVersion() != 0;
    }

    boolean appFits(InspectedFlow flow) {
        return app == null || flow != null && flow.app == app;
    }

    /** Whether a flow's end counts as one more of its packets, where something is left of it. */
    boolean askedAtEnd() {
        return type == Type.LIKE_ADDRESSES
                || type == Type.APPLICATION && conditions.length == directions;
    }

    void applyEffects(Inspection in) {
        for (Effect effect : effects) {
            effect.apply(in);
        }
    }

    /**
     * Whether pass and drop hold for the whole flow.
     *
     * @param stateful whether it matched in the stream
     */
    boolean actsOnFlow(boolean stateful) {
        return switch (type) {
            case ADDRESSES, LIKE_ADDRESSES, PROTOCOL, APPLICATION, TRANSACTION -> true;
            case PACKET_OR_STREAM, STREAM -> stateful;
            case PACKET, DECODER -> false;
        };
    }

    @Override
    public String toString() {
        return info.id() + " " + info.message();
    }
}
