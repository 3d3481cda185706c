package ips.core.packet;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/** Reads the unsigned numbers of protocol headers, which are big-endian. */
public final class NetworkOrder {
    private NetworkOrder() {}

    public static int uint8(DirectBuffer buffer, int index) {
        return buffer.getByte(index) & 0xff;
    }

    public static int uint16(DirectBuffer buffer, int index) {
        return buffer.getShort(index, BIG_ENDIAN) & 0xffff;
    }

    public static int int32(DirectBuffer buffer, int index) {
        return buffer.getInt(index, BIG_ENDIAN);
    }

    public static long int64(DirectBuffer buffer, int index) {
        return buffer.getLong(index, BIG_ENDIAN);
    }
}
