package ips.core.verdict;

import ips.core.packet.IpAddress;

/**
 * What an alert says about its packet's headers.
 *
 * @param outerVlan the tag's number, or -1
 * @param innerVlan the second tag's number, or -1
 * @param length bytes of the IP packet
 * @param identification IPv4's, or that of IPv6's fragment header
 * @param payload bytes read as ISO 8859-1; null unless asked for
 * @param ofStream whether the payload is the stream's, as far as it is kept, not the packet's
 * @param ipv6Fragment whether it is a fragment of IPv6, whose transport protocol is not to be read
 * @param carrier what brought it; null where it stands in the frame by itself
 * @param icmp identifier and sequence number of ICMPv4, 16 bits each; -1 where it is none
 * @param udpLength by UDP's header; -1 where it is no UDP
 * @param tcp null where it is no TCP
 */
public record PacketDetails(
        int outerVlan,
        int innerVlan,
        int length,
        int trafficClass,
        int ttl,
        int identification,
        String payload,
        boolean ofStream,
        boolean ipv6Fragment,
        Carrier carrier,
        long icmp,
        int udpLength,
        Tcp tcp) {
    /**
     * The outermost packet of the frame, where that carried another, or completed it.
     *
     * @param origin what the packet came by, in EVE's words
     * @param depth tunnels around the packet
     */
    public record Carrier(
            String origin,
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            int protocol,
            int depth) {}

    /** The header of a segment; sequence and acknowledgment numbers are unsigned. */
    public record Tcp(
            int sequence,
            int acknowledgment,
            int window,
            int flags,
            int reserved,
            int urgentPointer) {}
}
