package ips.core.rule;

import ips.core.inspect.InspectedFlows;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;

/**
 * Tells which packets no signature can match, so that a flood of them costs a few look-ups each and
 * makes no flows. For one worker.
 *
 * <p>These are packets between ports that no signature names; and of TCP, what brings no payload
 * and belongs to no flow, where the signatures that go by headers alone do not fit. An opening SYN
 * among the latter is noted, for the flow it may begin.
 */
final class PacketGate {
    private static final int PREFIX_SHIFT = 16;

    private final SignatureSet set;
    private final InspectedFlows flows;
    private final boolean followsUnknown;
    private final boolean remembers;

    // The last repeat that was left alone: addresses as far as signatures are found by them.
    private int passedProtocol = -1;
    private int passedPort;
    private long passedSource;
    private long passedDestination;

    /**
     * @param followsUnknown whether segments of connections whose beginning was not seen matter all
     *     the same: they are picked up midstream, or dropped
     */
    PacketGate(SignatureSet set, InspectedFlows flows, boolean followsUnknown) {
        this.set = set;
        this.flows = flows;
        this.followsUnknown = followsUnknown;
        remembers = !set.asksSourcePorts();
    }

    /**
     * Whether one more of many from a flooding source can be left alone as the last one was. Of
     * such with like headers, the first is looked at: 5 ns a frame of SYN_ONE_SOURCE.
     */
    boolean passesAgain(Packet repeat) {
        if (repeat.destinationPort() == passedPort
                && repeat.sourceLow() >>> PREFIX_SHIFT == passedSource
                && repeat.destinationLow() >>> PREFIX_SHIFT == passedDestination
                && repeat.protocol() == passedProtocol
                && repeat.ipVersion() == 4) {
            if (repeat.isTcp()) {
                flows.skipOpening(repeat);
            }
            return true;
        }
        return false;
    }

    /**
     * Whether a packet whose headers are in order can be left alone.
     *
     * @param repeat whether it is one more of many from a flooding source; it is not even noted
     */
    boolean passes(Packet packet, boolean repeat) {
        if (!passes(packet)) {
            return false;
        }
        if (repeat && packet.protocol() == Protocol.ICMP) {
            remember(packet);
        } else if (repeat && packet.isTcp() && !set.asksLooseSegments()) {
            flows.skipOpening(packet);
            remember(packet);
        }
        return true;
    }

    private void remember(Packet packet) {
        if (remembers && packet.ipVersion() == 4) {
            passedProtocol = packet.protocol();
            passedPort = packet.destinationPort();
            passedSource = packet.sourceLow() >>> PREFIX_SHIFT;
            passedDestination = packet.destinationLow() >>> PREFIX_SHIFT;
        }
    }

    private boolean passes(Packet packet) {
        if (packet.fragment() || set.asksQuotedFlows() || set.addresses().mayConcern(packet)) {
            return false;
        }
        if (!set.reach(packet).holds(packet.sourcePort(), packet.destinationPort())) {
            return true;
        }
        return packet.isTcp()
                && packet.payloadLength() == 0
                && beginsNothing(packet)
                && !set.group(packet, true).mayMatch(packet, set)
                && isUnknown(packet);
    }

    /** Whether a segment of no flow raises no event that is asked for, and makes no session. */
    private boolean beginsNothing(Packet packet) {
        int flags = packet.tcpFlags();
        if (TcpFlags.isOpeningSyn(flags)) {
            return packet.tcpAcknowledgment() == 0 || !set.asksLooseSegments();
        }
        boolean opens = (flags & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.SYN; // with FIN or RST
        return !opens && !followsUnknown && !set.asksLooseSegments();
    }

    /** Whether a segment is of no flow; an opening SYN that is not is noted. */
    private boolean isUnknown(Packet packet) {
        flows.consider(packet);
        if (flows.mayHold()) {
            return false;
        }
        if (!TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            return !flows.mayFollowOpening(packet);
        }
        if (packet.checksumWrong()) {
            return true;
        }
        if (flows.isOpenedOtherwise(packet)) {
            return false;
        }
        flows.noteOpening(packet);
        return true;
    }
}
