package ips.core.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit
 * words. Sums are kept unfolded in a long, eight bytes added at a time; a sum over a header that
 * holds its own checksum folds to 0xffff where it is right.
 */
public final class Checksum {
    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle INT = view(int[].class);

    private Checksum() {}

    private static VarHandle view(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.BIG_ENDIAN);
    }

    /** The unfolded sum of {@code length} bytes, up to some 2^31 of them. */
    public static long sum(DirectBuffer buffer, int offset, int length) {
        byte[] array = buffer.byteArray();
        int whole = length & ~3;
        long sum;
        if (array == null) {
            sum = words(buffer, offset, offset + whole);
        } else {
            buffer.boundsCheck(offset, length);
            int from = buffer.wrapAdjustment() + offset;
            sum = words(array, from, from + whole);
        }
        return whole < length ? sum + tail(buffer, offset + whole, length - whole) : sum;
    }

    /** Of an array: the same loop over a buffer takes the compiler seven times as long. */
    private static long words(byte[] array, int from, int to) {
        long sum = 0;
        int at = from;
        for (; at + 32 <= to; at += 32) {
            sum +=
                    halves((long) LONG.get(array, at))
                            + halves((long) LONG.get(array, at + 8))
                            + halves((long) LONG.get(array, at + 16))
                            + halves((long) LONG.get(array, at + 24));
        }
        for (; at < to; at += 4) {
            sum += (int) INT.get(array, at) & 0xffff_ffffL;
        }
        return sum;
    }

    private static long words(DirectBuffer buffer, int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at += 4) {
            sum += NetworkOrder.int32(buffer, at) & 0xffff_ffffL;
        }
        return sum;
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
