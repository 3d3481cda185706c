package ips.core.rule;

import ips.core.inspect.InspectedFlows;
import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;

/**
 * Tells which packets no signature can have anything to say about, so that a flood of them costs a
 * few looks each and makes no flows. For one worker.
 *
 * <p>These are packets between ports that no signature names; and of TCP, what brings no payload
 * and belongs to no flow, where the signatures that go by headers alone do not fit. An opening SYN
 * among the latter is noted, for the flow it may begin.
 */
final class PacketGate {
    private final SignatureSet set;
    private final InspectedFlows flows;
    private final boolean followsUnknown;

    /**
     * @param followsUnknown whether segments of connections whose beginning was not seen matter all
     *     the same: they are picked up midstream, or dropped
     */
    PacketGate(SignatureSet set, InspectedFlows flows, boolean followsUnknown) {
        this.set = set;
        this.flows = flows;
        this.followsUnknown = followsUnknown;
    }

    /** Whether a packet whose headers are in order can be left alone. */
    boolean passes(Packet packet) {
        if (packet.fragment() || set.addresses().mayConcern(packet)) {
            return false;
        }
        if (!set.reach(packet).holds(packet.sourcePort(), packet.destinationPort())) {
            return true;
        }
        return packet.isTcp()
                && packet.payloadLength() == 0
                && beginsNothing(packet)
                && !flows.mayHold(packet)
                && !set.group(packet, true).mayMatch(packet, set)
                && isSettled(packet);
    }

    private boolean beginsNothing(Packet packet) {
        return TcpFlags.isOpeningSyn(packet.tcpFlags())
                ? packet.tcpAcknowledgment() == 0 || !set.asksStreamEvents()
                : !followsUnknown && !set.asksStreamEvents();
    }

    private boolean isSettled(Packet packet) {
        if (!TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            return !flows.mayFollowOpening(packet);
        }
        if (!packet.checksumWrong()) {
            flows.noteOpening(packet);
        }
        return true;
    }
}
