package ips.core.stream;

import ips.core.ColdPath;
import ips.core.packet.FrameBuffer;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Bytes that wait for others before them: an arena of blocks, lent to directions of streams.
 *
 * <p>A block covers {@value #BLOCK} sequence numbers from a multiple of that on, so that many small
 * segments share one. Each byte has a level: 0 has not come, {@link #TRUSTED}, or higher for one
 * that the receiver may have discarded, the more doubtful the higher.
 *
 * <pre>
 *  bytes   | block 0 | block 1 | ...      1024 bytes each
 *  levels  | block 0 | block 1 | ...      one per byte
 *  lists   head ─► block 7 ─► block 2     per direction, by sequence number
 * </pre>
 *
 * <p>3084 bytes a block. {@value #FIRST_BLOCKS} blocks are made at first, and twice as many each
 * time those are all lent.
 */
final class HeldBytes {
    static final int BLOCK = 1024;
    static final int NONE = -1;
    static final int TRUSTED = 1;

    private static final int MASK = BLOCK - 1;
    private static final int FIRST_BLOCKS = 256;

    private FrameBuffer bytes;
    private short[] levels;
    private final int[] base;
    private final int[] used;
    private final int[] next;
    private int free;
    private int freeCount;

    HeldBytes(int blocks) {
        makeRoom(Math.min(blocks, FIRST_BLOCKS));
        base = new int[blocks];
        used = new int[blocks];
        next = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            next[i] = i + 1 < blocks ? i + 1 : NONE;
        }
        freeCount = blocks;
    }

    /** What is held; another one after {@link #lend}. */
    DirectBuffer buffer() {
        return bytes;
    }

    int freeBlocks() {
        return freeCount;
    }

    /** The sequence number that the block begins with. */
    int base(int block) {
        return base[block];
    }

    /** The sequence number behind the last byte that was ever put into the block. */
    int end(int block) {
        return base[block] + used[block];
    }

    int next(int block) {
        return next[block];
    }

    void next(int block, int following) {
        next[block] = following;
    }

    /** Where the byte lies in {@link #buffer}. */
    int index(int block, int sequence) {
        return block * BLOCK + (sequence & MASK);
    }

    int level(int block, int sequence) {
        return levels[index(block, sequence)];
    }

    /** The block that holds a sequence number, newly lent; or {@link #NONE} if all are. */
    int lend(int sequence) {
        int block = free;
        if (freeCount == 0) {
            return NONE;
        }
        if ((block + 1) * BLOCK > levels.length) {
            makeRoom(Math.min(base.length, 2 * block));
        }
        free = next[block];
        freeCount--;
        base[block] = sequence & ~MASK;
        used[block] = 0;
        next[block] = NONE;
        Arrays.fill(levels, block * BLOCK, (block + 1) * BLOCK, (short) 0);
        return block;
    }

    /**
     * Blocks are lent by their number the first time, so the next one always fits in twice as many.
     */
    @ColdPath
    private void makeRoom(int blocks) {
        FrameBuffer more = FrameBuffer.allocateDirect(blocks * BLOCK);
        if (bytes != null) {
            more.putBytes(0, bytes, 0, bytes.capacity());
        }
        levels = levels == null ? new short[blocks * BLOCK] : Arrays.copyOf(levels, blocks * BLOCK);
        bytes = more;
    }

    /** Takes a block back and says which followed it. */
    int release(int block) {
        int following = next[block];
        next[block] = free;
        free = block;
        freeCount++;
        return following;
    }

    /** Length of the run of one level that begins at a sequence number, up to the block's end. */
    int run(int block, int sequence) {
        int from = index(block, sequence);
        int to = (block + 1) * BLOCK;
        // The levels against themselves, one further: many at a time.
        int changes = Arrays.mismatch(levels, from, to - 1, levels, from + 1, to);
        return changes < 0 ? to - from : changes + 1;
    }

    /**
     * Puts bytes into one block: a less doubtful byte replaces a more doubtful one, otherwise the
     * first to come stays.
     *
     * @return whether bytes differed from others held for the same place
     */
    boolean put(int block, int sequence, int level, DirectBuffer source, int offset, int length) {
        int at = index(block, sequence);
        boolean differs = false;
        if (levels[at] == 0 && run(block, sequence) >= length) { // nothing is held there
            bytes.putBytes(at, source, offset, length);
            Arrays.fill(levels, at, at + length, (short) level);
            used[block] = Math.max(used[block], (sequence & MASK) + length);
            return false;
        }
        for (int i = 0; i < length; i++) {
            int held = levels[at + i];
            byte value = source.getByte(offset + i);
            if (held != 0 && bytes.getByte(at + i) != value) {
                differs = true;
            }
            if (held == 0 || level < held) {
                levels[at + i] = (short) level;
                bytes.putByte(at + i, value);
            }
        }
        used[block] = Math.max(used[block], (sequence & MASK) + length);
        return differs;
    }

    /** Whether the bytes of a range that is held, all in one block, differ from those given. */
    boolean differs(int block, int sequence, DirectBuffer source, int offset, int length) {
        int at = index(block, sequence);
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (bytes.getLong(at + i) != source.getLong(offset + i)) {
                return true;
            }
        }
        for (; i < length; i++) {
            if (bytes.getByte(at + i) != source.getByte(offset + i)) {
                return true;
            }
        }
        return false;
    }
}
