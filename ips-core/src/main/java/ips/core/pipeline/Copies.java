package ips.core.pipeline;

import ips.core.HotPath;
import ips.core.packet.FramePrint;
import org.agrona.DirectBuffer;

/**
 * Tells frames that show a packet once more: where a router is watched on both of its sides, or a
 * mirror port delivers what a switch receives and what it sends. An attempt that counts twice, or
 * begins anew behind its own end, makes offenders of honest clients, so detectors are spared them.
 *
 * <p>A packet's second frame within {@link #LONGEST_LAG_NS} is its copy, and so are the next two
 * from other interfaces than the first. Whoever sends the very same packet over and over is counted
 * all the same, if only every second time. A retransmission is none: of IPv4 it has another
 * identification, and where that stays the same, as of IPv6, it comes later than a copy does, for
 * what is repeated for want of an answer is repeated after a second.
 *
 * <p>Owned by the capture thread; 1 MiB, 131,072 packets. When a bucket is full, its oldest makes
 * room: from some 260,000 frames a second on before the time is over, and copies that come later
 * than that count.
 *
 * <pre>
 *  entry: 63..24 of the print | 23..8 time, 8 ms | 7..3 interface | 2..0 frames seen
 * </pre>
 */
@HotPath
final class Copies {
    /** The longest way from one side of a router to the other, queues and the kernel's included. */
    static final long LONGEST_LAG_NS = 500_000_000L;

    private static final int BUCKETS = 1 << 14;
    private static final int WAYS = 8;
    private static final int TAG_SHIFT = 24;
    private static final int TIME_SHIFT = 8;
    private static final int TIME_MASK = 0xffff;
    private static final int UNIT_BITS = 23; // of ns: 8.4 ms
    private static final long LONGEST_LAG = LONGEST_LAG_NS >> UNIT_BITS;
    private static final int INTERFACE_SHIFT = 3;
    private static final int INTERFACE_MASK = 0x1f;
    private static final int SEEN_MASK = 7;
    private static final int MOST = 4;

    private final FramePrint print = new FramePrint();
    private final long[] entries = new long[BUCKETS * WAYS];

    /** Whether the frame shows a packet that another has shown before. */
    boolean isCopy(
            long nowNs,
            DirectBuffer buffer,
            int offset,
            int capturedLength,
            int wireLength,
            int linkType,
            int interfaceIndex) {
        long hash = print.of(buffer, offset, capturedLength, wireLength, linkType);
        return hash != 0 && look(hash, nowNs, interfaceIndex & INTERFACE_MASK);
    }

    private boolean look(long hash, long nowNs, int from) {
        int bucket = ((int) hash & BUCKETS - 1) * WAYS;
        long now = nowNs >> UNIT_BITS & TIME_MASK;
        int oldest = bucket;
        long longest = -1;
        for (int at = bucket; at < bucket + WAYS; at++) {
            long entry = entries[at];
            long age = entry == 0 ? TIME_MASK + 1 : now - (entry >>> TIME_SHIFT) & TIME_MASK;
            if (age <= LONGEST_LAG && (entry ^ hash) >>> TAG_SHIFT == 0) {
                return again(at, now, from);
            }
            if (age > longest) {
                longest = age;
                oldest = at;
            }
        }
        begin(oldest, hash, now, from);
        return false;
    }

    private boolean again(int at, long now, int from) {
        long entry = entries[at];
        int seen = (int) entry & SEEN_MASK;
        boolean sameInterface = ((int) entry >>> INTERFACE_SHIFT & INTERFACE_MASK) == from;
        if (seen == 1 || seen < MOST && !sameInterface) {
            entries[at] = entry + 1;
            return true;
        }
        begin(at, entry, now, from);
        return false;
    }

    private void begin(int at, long hash, long now, int from) {
        entries[at] =
                hash >>> TAG_SHIFT << TAG_SHIFT
                        | now << TIME_SHIFT
                        | (long) from << INTERFACE_SHIFT
                        | 1;
    }
}
