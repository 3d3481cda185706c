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
        for (; at + 8 <= end; at += 8) {
            sum += halves(NetworkOrder.int64(buffer, at));
        }
        if (at + 4 <= end) {
            sum += NetworkOrder.int32(buffer, at) & 0xffff_ffffL;
            at += 4;
        }
        if (at + 2 <= end) {
            sum += NetworkOrder.uint16(buffer, at);
            at += 2;
        }
        if (at < end) {
            sum += NetworkOrder.uint8(buffer, at) << 8;
        }
        return sum;
    }

    /**
     * The unfolded sum of the pseudo header of TCP, UDP and ICMPv6 (RFC 9293 §3.1, RFC 8200 §8.1).
     * The prefix of an IPv4-mapped address is 0xffff, which is nothing in ones' complement, so both
     * families are summed alike.
     */
    static long pseudoHeader(Packet packet, int protocol, int length) {
        return halves(packet.sourceHigh)
                + halves(packet.sourceLow)
                + halves(packet.destinationHigh)
                + halves(packet.destinationLow)
                + protocol
                + length;
    }

    private static long halves(long value) {
        return (value >>> 32) + (value & 0xffff_ffffL);
    }

    /** Whether a sum that includes the checksum field says that all is well. */
    public static boolean isRight(long sum) {
        return fold(sum) == 0xffff;
    }

    /** The ones' complement sum in 16 bits; its complement is what goes into a header. */
    public static int fold(long sum) {
        sum = halves(sum);
        sum = (sum >>> 16) + (sum & 0xffff);
        sum = (sum >>> 16) + (sum & 0xffff);
        return (int) ((sum >>> 16) + (sum & 0xffff));
    }
}
