package ips.core.rule.keyword;

import ips.core.packet.Packet;
import ips.core.packet.Protocol;

/** What of a packet rules take for its payload. */
public final class Payload {
    private Payload() {}

    /** Bytes behind a transport header; none in fragments and in protocols that are not read. */
    public static int lengthOf(Packet packet) {
        if (packet.fragment()) {
            return 0;
        }
        return switch (packet.protocol()) {
            case Protocol.TCP, Protocol.UDP, Protocol.ICMP, Protocol.ICMPV6, Protocol.SCTP ->
                    packet.payloadLength();
            default -> 0;
        };
    }

    /** Whether a packet has ports that can be read. */
    public static boolean hasPorts(Packet packet) {
        return packet.isTcp()
                || packet.isUdp()
                || packet.protocol() == Protocol.SCTP && !packet.fragment();
    }

    /** The protocol of a packet; of a fragment of IPv6, that of its fragment header. */
    public static int protocolOf(Packet packet) {
        return packet.fragment() && packet.ipVersion() == 6 ? Protocol.FRAGMENT : packet.protocol();
    }
}
