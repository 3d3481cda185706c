package ips.core.packet;

import ips.core.counter.Counters;

/**
 * Decodes a frame once more, to see a packet that stands around the one that was decoded first: the
 * fragment that completed it, or one that carries it through a tunnel. Counts nothing of them.
 */
public final class PacketsAround {
    private final Counters uncounted = new Counters();
    private final Packet packet = new Packet();

    /**
     * The frame that completed a packet, as the fragment it is.
     *
     * @param whole the packet that was put together
     */
    public Packet fragmentOf(Packet whole) {
        begin(whole);
        FrameWalk.toInnermostIp(
                whole.frame,
                whole.frameOffset,
                whole.capturedLength,
                whole.wireLength,
                whole.linkType,
                packet,
                uncounted);
        PacketDecoder.clearTransport(packet);
        return packet;
    }

    /**
     * The packet of the same frame that is inside so many tunnels: its headers, no payload.
     *
     * @param inner the innermost packet
     * @return null where it is not in this frame alone
     */
    public Packet carrierOf(Packet inner, int tunnels) {
        begin(inner);
        if (inner.reassembled || !FrameWalk.toIpInside(tunnels, inner, packet, uncounted)) {
            return null;
        }
        PacketDecoder.clearTransport(packet);
        if (packet.protocol == Protocol.UDP && packet.transportLength >= UdpHeader.LENGTH) {
            packet.sourcePort = UdpHeader.sourcePort(packet.buffer, packet.transportOffset);
            packet.destinationPort =
                    UdpHeader.destinationPort(packet.buffer, packet.transportOffset);
            packet.payloadOffset = packet.transportOffset + UdpHeader.LENGTH;
        }
        return packet;
    }

    private void begin(Packet other) {
        packet.cameWith(other);
        packet.buffer = other.frame;
        packet.reassembled = false;
        packet.checksumWrong = false;
        packet.fragmentOverlap = false;
    }

    /** Whether a packet of UDP that carries another is of VXLAN, not of Geneve. */
    public static boolean isVxlan(Packet carrier) {
        return carrier.destinationPort == VxlanHeader.PORT;
    }
}
