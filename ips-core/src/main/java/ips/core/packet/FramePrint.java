package ips.core.packet;

import ips.core.HotPath;
import ips.core.counter.Counters;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import org.agrona.DirectBuffer;

/**
 * A hash of what stays the same of a packet on its way through switches and routers: everything
 * from the innermost IP header on but hops left, traffic class, IP options and checksums. Link
 * headers, VLAN tags and MPLS labels do not count, tunnels only by their number. Two frames of one
 * print are the same packet, sent once or twice, or two that differ in nothing.
 *
 * <p>All of the payload counts, and the hash is keyed at random: nobody can have a packet taken for
 * one that says something else. One object per capture thread; allocates nothing per frame.
 */
@HotPath
public final class FramePrint {
    /** Bytes 6 and 7 of eight, in little-endian order: UDP's checksum. */
    private static final long UDP_CHECKSUM = 0xffff_0000_0000_0000L;

    /** Bytes 0 and 1 of the third eight: TCP's checksum. */
    private static final long TCP_CHECKSUM = 0xffffL;

    private static final int TCP_CHECKSUM_AT = 16;

    private final Packet packet = new Packet();
    // The decoder counts what is odd about a frame; here it would be counted twice.
    private final Counters ignored = new Counters();
    private final long key1;
    private final long key2;

    public FramePrint() {
        SecureRandom random = new SecureRandom();
        key1 = random.nextLong() | 1;
        key2 = random.nextLong() | 1;
    }

    /** The print of a frame, or 0 where it holds no packet that can be read. */
    public long of(
            DirectBuffer buffer, int offset, int capturedLength, int wireLength, int linkType) {
        Packet packet = this.packet;
        if (!FrameWalk.toInnermostIp(
                buffer, offset, capturedLength, wireLength, linkType, packet, ignored)) {
            return 0;
        }
        int pieces = packet.fragment ? packet.fragmentOffset << 1 | 1 : 0;
        long hash = fold(key1 ^ packet.sourceHigh, key2 ^ packet.sourceLow);
        hash = fold(hash ^ packet.destinationHigh, key2 ^ packet.destinationLow);
        hash =
                fold(
                        hash ^ ((long) packet.identification << 32 | packet.transportLength),
                        key2 ^ ((long) pieces << 32 | packet.tunnelDepth << 16 | packet.protocol));
        hash = transport(buffer, hash);
        return hash == 0 ? 1 : hash;
    }

    private long transport(DirectBuffer buffer, long seed) {
        int at = packet.transportOffset;
        int left = Math.max(0, Math.min(packet.transportLength, buffer.capacity() - at));
        boolean first = !packet.fragment || packet.fragmentOffset == 0;
        long mask = first && packet.protocol == Protocol.UDP ? ~UDP_CHECKSUM : -1;
        int tcpChecksum = first && packet.protocol == Protocol.TCP ? at + TCP_CHECKSUM_AT : -1;
        long hash = seed;
        while (left >= 16) {
            long low = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN) & mask;
            if (at == tcpChecksum) {
                low &= ~TCP_CHECKSUM;
            }
            hash = fold(hash ^ low, key2 ^ buffer.getLong(at + 8, ByteOrder.LITTLE_ENDIAN));
            mask = -1;
            at += 16;
            left -= 16;
        }
        long low = 0;
        long high = 0;
        for (int i = 0; i < left; i++) {
            long octet = buffer.getByte(at + i) & 0xffL;
            if (i < 8) {
                low |= octet << 8 * i;
            } else {
                high |= octet << 8 * (i - 8);
            }
        }
        if (at == tcpChecksum) {
            low &= ~TCP_CHECKSUM;
        }
        return fold(hash ^ low & mask, key2 ^ high);
    }

    /** Both halves of the product: a bit of either factor reaches all of the result. */
    private static long fold(long a, long b) {
        return Math.multiplyHigh(a, b) ^ a * b ^ Long.rotateLeft(a, 29);
    }
}
