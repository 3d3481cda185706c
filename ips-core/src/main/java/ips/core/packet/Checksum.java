package ips.core.packet;

import org.agrona.DirectBuffer;

/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit
 * words. Sums are kept unfolded in a long, eight bytes added at a time; a sum over a header that
 * holds its own checksum folds to 0xffff where it is right.
 */
public final class Checksum {
    private Checksum() {}

    /** The unfolded sum of {@code length} bytes, up to some 2^31 of them. */
    public static long sum(DirectBuffer buffer, int offset, int length) {
        long sum = 0;
        int at = offset;
        int end = offset + length;
        for (int last = end - 32; at <= last; at += 32) {
            sum +=
                    halves(NetworkOrder.int64(buffer, at))
                            + halves(NetworkOrder.int64(buffer, at + 8))
                            + halves(NetworkOrder.int64(buffer, at + 16))
                            + halves(NetworkOrder.int64(buffer, at + 24));
        }
        for (int last = end - 4; at <= last; at += 4) {
            sum += NetworkOrder.int32(buffer, at) & 0xffff_ffffL;
        }
        return at < end ? sum + tail(buffer, at, end - at) : sum;
    }

    /** The last one to three bytes, filled up with zeros to a multiple of two. */
    private static long tail(DirectBuffer buffer, int at, int length) {
        return switch (length) {
            case 1 -> NetworkOrder.uint8(buffer, at) << 8;
            case 2 -> NetworkOrder.uint16(buffer, at);
            default -> NetworkOrder.uint16(buffer, at) + (NetworkOrder.uint8(buffer, at + 2) << 8);
        };
    }

    /** The unfolded sum of 20 bytes, a header without options. */
    static long sum20(DirectBuffer buffer, int offset) {
        return halves(NetworkOrder.int64(buffer, offset))
                + halves(NetworkOrder.int64(buffer, offset + 8))
                + (NetworkOrder.int32(buffer, offset + 16) & 0xffff_ffffL);
    }

    /**
     * The unfolded sum of the pseudo header of TCP, UDP and ICMPv6 (RFC 9293 §3.1, RFC 8200 §8.1).
     * The prefix of an IPv4 address, see {@link IpAddress}, is nothing in ones' complement, so both
     * families are summed alike.
     */
    static long pseudoHeader(Packet packet, int protocol, int length) {
        long low = halves(packet.sourceLow) + halves(packet.destinationLow) + protocol + length;
        return (packet.sourceHigh | packet.destinationHigh) == 0
                ? low
                : low + halves(packet.sourceHigh) + halves(packet.destinationHigh);
    }

    /** What eight bytes, or a sum of many, add to a sum. */
    static long halves(long value) {
        return (value >>> 32) + (value & 0xffff_ffffL);
    }

    /** Whether the checksum of an IPv4 packet's header is right. */
    public static boolean ofIpv4IsRight(Packet packet) {
        DirectBuffer buffer = packet.buffer();
        int length = Ipv4Header.headerLength(Ipv4Header.start(buffer, packet.ipOffset()));
        return isRight(sum(buffer, packet.ipOffset(), length));
    }

    /** Whether the checksum of a packet's TCP, UDP or ICMP header is right; 0 in UDP is. */
    public static boolean ofTransportIsRight(Packet packet) {
        DirectBuffer buffer = packet.buffer();
        int at = packet.transportOffset();
        int length = packet.transportLength();
        if (packet.isUdp()) {
            length = Math.min(length, Math.max(UdpHeader.LENGTH, UdpHeader.length(buffer, at)));
            if (UdpHeader.checksum(buffer, at) == 0) {
                return true;
            }
        }
        long sum = sum(buffer, at, length);
        if (packet.protocol() != Protocol.ICMP) {
            sum += pseudoHeader(packet, packet.protocol(), length);
        }
        return isRight(sum);
    }

    /** Whether a sum that includes the checksum field says that all is well. */
    public static boolean isRight(long sum) {
        return fold(sum) == 0xffff;
    }

    /** The ones' complement sum in 16 bits; its complement is what goes into a header. */
    public static int fold(long sum) {
        // Adding the halves to each other both ways round leaves their sum, the carry included, in
        // the upper half.
        int half = (int) (sum + Long.rotateLeft(sum, 32) >>> 32);
        return half + Integer.rotateLeft(half, 16) >>> 16;
    }
}
