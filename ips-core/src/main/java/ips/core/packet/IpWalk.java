package ips.core.packet;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * The part of the {@link FrameWalk} over an IP header, with the extensions of IPv6, up to the
 * transport header. Stateless; false where a header is not readable, which leaves the packet as it
 * was.
 */
final class IpWalk {
    /** RFC 8200 §4.1 lists seven, one of them twice. */
    static final int MAX_EXTENSIONS = 8;

    private IpWalk() {}

    /** Reads an IP header of either version. */
    static boolean either(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        int version = at < end ? NetworkOrder.uint8(buffer, at) >>> 4 : 4;
        switch (version) {
            case 4:
                return ipv4(buffer, at, end, wireEnd, packet, counters);
            case 6:
                return ipv6(buffer, at, end, wireEnd, packet, counters);
            default:
                counters.increment(Counter.NOT_IP);
                return false;
        }
    }

    /** Reads an IPv4 header; touches the packet only where it is readable. */
    static boolean ipv4(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        int available = end - at;
        if (available < Ipv4Header.LENGTH) {
            cutShort(Counter.IPV4_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        long start = Ipv4Header.start(buffer, at);
        int headerLength = Ipv4Header.headerLength(start);
        int totalLength = Ipv4Header.totalLength(start);
        if (Ipv4Header.version(start) != 4
                || headerLength < Ipv4Header.LENGTH
                || headerLength > totalLength
                || totalLength > available) {
            totalLength = oddIpv4Length(start, available, wireEnd - at, counters);
            if (totalLength < 0) {
                return false;
            }
        }
        packet.ipVersion = 4;
        packet.ipOffset = at;
        packet.ipTotalLength = totalLength;
        packet.transportOffset = at + headerLength;
        packet.transportLength = Math.min(totalLength, available) - headerLength;
        packet.trafficClass = Ipv4Header.typeOfService(start);
        packet.identification = Ipv4Header.identification(start);
        int ttlAndProtocol = Ipv4Header.timeToLiveAndProtocol(buffer, at);
        packet.ttl = ttlAndProtocol >>> 8;
        packet.protocol = ttlAndProtocol & 0xff;
        long addresses = Ipv4Header.addresses(buffer, at);
        packet.sourceHigh = 0;
        packet.sourceLow = IpAddress.ipv4Low((int) (addresses >>> 32));
        packet.destinationHigh = 0;
        packet.destinationLow = IpAddress.ipv4Low((int) addresses);
        int flagsAndOffset = Ipv4Header.flagsAndOffset(start);
        packet.fragment = Ipv4Header.isFragment(flagsAndOffset);
        if (packet.fragment) {
            ipv4Fragment(flagsAndOffset, totalLength - headerLength, packet);
        }
        return true;
    }

    private static void ipv4Fragment(int flagsAndOffset, int length, Packet packet) {
        packet.fragmentOffset = Ipv4Header.fragmentOffset(flagsAndOffset);
        packet.moreFragments = (flagsAndOffset & Ipv4Header.MORE_FRAGMENTS) != 0;
        packet.fragmentEnd = packet.fragmentOffset + length;
    }

    /** Counts what is wrong; the length to take for the total length, or -1 if unreadable. */
    private static int oddIpv4Length(long start, int available, int onWire, Counters counters) {
        int headerLength = Ipv4Header.headerLength(start);
        int totalLength = Ipv4Header.totalLength(start);
        if (Ipv4Header.version(start) != 4) {
            counters.increment(Counter.IPV4_BAD_VERSION);
            return -1;
        }
        if (headerLength < Ipv4Header.LENGTH) {
            counters.increment(Counter.IPV4_BAD_HEADER_LENGTH);
            return -1;
        }
        if (headerLength > available) {
            cutShort(Counter.IPV4_HEADER_TRUNCATED, available, onWire, counters);
            return -1;
        }
        if (totalLength == 0) {
            counters.increment(Counter.IPV4_TOTAL_LENGTH_ZERO);
            totalLength = onWire;
        }
        if (totalLength < headerLength) {
            counters.increment(Counter.IPV4_BAD_TOTAL_LENGTH);
            return -1;
        }
        if (totalLength > available) {
            boolean neverSent = totalLength > onWire;
            counters.increment(neverSent ? Counter.IPV4_BEYOND_FRAME : Counter.CUT_BY_SNAP_LENGTH);
        }
        return totalLength;
    }

    /** Reads an IPv6 header and its extensions; touches the packet only where it is readable. */
    static boolean ipv6(
            DirectBuffer buffer, int at, int end, int wireEnd, Packet packet, Counters counters) {
        int available = end - at;
        if (available < Ipv6Header.LENGTH) {
            cutShort(Counter.IPV6_HEADER_TRUNCATED, end, wireEnd, counters);
            return false;
        }
        if (NetworkOrder.uint8(buffer, at) >>> 4 != 6) {
            counters.increment(Counter.IPV6_BAD_VERSION);
            return false;
        }
        int payloadLength = Ipv6Header.payloadLength(buffer, at);
        int totalLength = Ipv6Header.LENGTH + payloadLength;
        if (payloadLength == 0 && wireEnd - at > 0xffff) {
            // A jumbogram (RFC 2675), or one that a network card was to segment.
            totalLength = wireEnd - at;
        }
        if (totalLength > available) {
            counters.increment(
                    totalLength > wireEnd - at
                            ? Counter.IPV6_BEYOND_FRAME
                            : Counter.CUT_BY_SNAP_LENGTH);
        }
        packet.ipVersion = 6;
        packet.ipOffset = at;
        packet.ipTotalLength = totalLength;
        packet.routed = false;
        ipv6Addresses(buffer, at, packet, counters);
        packet.ttl = Ipv6Header.hopLimit(buffer, at);
        packet.trafficClass = Ipv6Header.trafficClass(buffer, at);
        packet.identification = 0;
        packet.fragment = false;
        extensions(
                buffer,
                Ipv6Header.nextHeader(buffer, at),
                at + Ipv6Header.LENGTH,
                at + Math.min(totalLength, available),
                packet,
                counters);
        return true;
    }

    private static void ipv6Addresses(
            DirectBuffer buffer, int at, Packet packet, Counters counters) {
        long sourceLow = Ipv6Header.sourceLow(buffer, at);
        long destinationLow = Ipv6Header.destinationLow(buffer, at);
        packet.sourceHigh = Ipv6Header.sourceHigh(buffer, at);
        packet.sourceLow = IpAddress.ipv6Low(packet.sourceHigh, sourceLow);
        packet.destinationHigh = Ipv6Header.destinationHigh(buffer, at);
        packet.destinationLow = IpAddress.ipv6Low(packet.destinationHigh, destinationLow);
        if (packet.sourceLow != sourceLow || packet.destinationLow != destinationLow) {
            counters.increment(Counter.IPV6_MAPPED_ADDRESS);
        }
    }

    /**
     * Skips extension headers up to the transport header, the fragment header of a real fragment,
     * or one that is cut short; then the protocol is that header's own number and nothing follows.
     */
    private static void extensions(
            DirectBuffer buffer, int first, int offset, int end, Packet packet, Counters counters) {
        int next = first;
        int at = offset;
        boolean readable = true;
        for (int count = 0; readable && !packet.fragment; count++) {
            boolean fragmentHeader = next == Protocol.FRAGMENT;
            if (!fragmentHeader && !Ipv6Header.isExtension(next)) {
                break;
            }
            int length = Ipv6Header.FRAGMENT_HEADER_LENGTH; // and the least that any other has
            if (at + length <= end && !fragmentHeader) {
                length = Ipv6Header.extensionLength(buffer, at, next);
            }
            if (count == MAX_EXTENSIONS) {
                counters.increment(Counter.IPV6_EXTENSIONS_TOO_MANY);
                readable = false;
            } else if (at + length > end) {
                if (end == packet.ipOffset + packet.ipTotalLength) {
                    counters.increment(Counter.IPV6_EXTENSION_TRUNCATED);
                }
                readable = false;
            } else {
                if (fragmentHeader) {
                    fragmentHeader(buffer, at, packet);
                } else if (next == Protocol.ROUTING) {
                    packet.routed |= NetworkOrder.uint8(buffer, at + 3) != 0;
                }
                next = NetworkOrder.uint8(buffer, at);
                at += length;
            }
        }
        packet.protocol = next;
        packet.transportOffset = readable ? at : end;
        packet.transportLength = readable ? end - at : 0;
        int headerLength = packet.transportOffset - packet.ipOffset;
        packet.fragmentEnd = packet.fragmentOffset + packet.ipTotalLength - headerLength;
    }

    /** An atomic fragment, first and last at once, is none (RFC 6946). */
    private static void fragmentHeader(DirectBuffer buffer, int at, Packet packet) {
        packet.fragmentOffset = Ipv6Header.fragmentOffset(buffer, at);
        packet.moreFragments = Ipv6Header.moreFragments(buffer, at);
        packet.identification = Ipv6Header.identification(buffer, at);
        packet.fragment = packet.moreFragments || packet.fragmentOffset != 0;
    }

    /** Counts a header that ends too early: for the capture's sake, or never sent whole. */
    static void cutShort(Counter counter, int end, int wireEnd, Counters counters) {
        counters.increment(end < wireEnd ? Counter.CUT_BY_SNAP_LENGTH : counter);
    }
}
