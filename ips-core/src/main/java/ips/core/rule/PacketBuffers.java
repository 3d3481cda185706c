package ips.core.rule;

import ips.core.inspect.ByteRange;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.Payload;

/** The buffers of the packet in hand, for one worker. */
final class PacketBuffers {
    private final ByteRange range = new ByteRange();

    /** A buffer's bytes, valid until the next call; null where there is no such header. */
    ByteRange of(Buffer buffer, Packet packet) {
        int transport = packet.transportOffset();
        return switch (buffer) {
            case PAYLOAD -> range(packet, Payload.offsetOf(packet), Payload.lengthOf(packet));
            case TCP_HEADER ->
                    packet.isTcp()
                            ? range(packet, transport, packet.payloadOffset() - transport)
                            : null;
            case UDP_HEADER -> packet.isUdp() ? range(packet, transport, 8) : null;
            case IPV4_HEADER ->
                    packet.ipVersion() == 4
                            ? range(packet, packet.ipOffset(), packet.ipHeaderLength())
                            : null;
            case IPV6_HEADER ->
                    packet.ipVersion() == 6
                            ? range(packet, packet.ipOffset(), packet.ipHeaderLength())
                            : null;
            case ICMPV4_HEADER ->
                    packet.isIcmp() && packet.protocol() == Protocol.ICMP
                            ? range(packet, transport, Payload.icmpHeaderLength(packet))
                            : null;
            case ICMPV6_HEADER ->
                    packet.isIcmp() && packet.protocol() == Protocol.ICMPV6
                            ? range(packet, transport, Math.min(8, packet.transportLength()))
                            : null;
            case IP_SOURCE -> address(packet, 12, 8);
            case IP_DESTINATION -> address(packet, 16, 24);
            default -> null;
        };
    }

    private ByteRange address(Packet packet, int inIpv4, int inIpv6) {
        return switch (packet.ipVersion()) {
            case 4 -> range(packet, packet.ipOffset() + inIpv4, 4);
            case 6 -> range(packet, packet.ipOffset() + inIpv6, 16);
            default -> null;
        };
    }

    private ByteRange range(Packet packet, int offset, int length) {
        return range.set(packet.buffer(), offset, length);
    }
}
