package ips.capture;

import java.nio.ByteBuffer;

/**
 * The options at the end of a pcapng block, each a code, the size of its value, and the value
 * padded to four bytes (draft-ietf-opsawg-pcapng §3.5).
 */
final class PcapngOptions {
    private static final int END = 0;

    // Of an interface statistics block: dropped at the interface, and by the operating system.
    private static final int INTERFACE_DROPS = 5;
    private static final int SYSTEM_DROPS = 7;

    /** Takes one option's value. */
    @FunctionalInterface
    interface Visitor {
        void option(int code, int offset, int size);
    }

    private PcapngOptions() {}

    /** Shows the options from {@code start} on that lie before {@code end} whole. */
    static void each(ByteBuffer bytes, int start, int end, Visitor visitor) {
        for (int option = start; option + 4 <= end; ) {
            int code = bytes.getShort(option) & 0xffff;
            int size = bytes.getShort(option + 2) & 0xffff;
            if (code == END || option + 4 + size > end) {
                return;
            }
            visitor.option(code, option + 4, size);
            option += 4 + (size + 3 & ~3);
        }
    }

    /** What the options of an interface statistics block say was lost, 0 where they say nothing. */
    static long lost(ByteBuffer bytes, int start, int end) {
        long[] lost = new long[1];
        each(
                bytes,
                start,
                end,
                (code, offset, size) -> {
                    if ((code == INTERFACE_DROPS || code == SYSTEM_DROPS) && size == Long.BYTES) {
                        lost[0] += Math.max(0, bytes.getLong(offset));
                    }
                });
        return lost[0];
    }
}
