package ips.core.packet;

import ips.core.ColdPath;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The bytes of incomplete IP packets: one arena cut into blocks, lent to slots (one slot per packet
 * being reassembled) as their fragments need them.
 *
 * <p>The unit of bookkeeping is eight bytes, since every fragment but the last holds a multiple of
 * them (RFC 791 §3.2); one bit per unit says whether it has come. Only the last unit of a packet
 * can be shorter.
 *
 * <pre>
 *  slot 0   | block 7 | none | block 2 | ...           64 block numbers a slot
 *  block 7  | 1024 bytes | 128 bits, one per unit
 * </pre>
 *
 * <p>Memory: 256 bytes a slot, 1044 bytes a block. The bytes of {@value #FIRST_BLOCKS} blocks are
 * made at first, and twice as many each time those are all lent.
 */
final class FragmentStore {
    static final int BLOCK_BYTES = 1024;

    /** Blocks of the longest packet. */
    static final int SLOT_BLOCKS = 64;

    static final int UNIT_BYTES = 8;

    private static final int FIRST_BLOCKS = 256;
    private static final int NONE = -1;
    private static final int BLOCK_WORDS = BLOCK_BYTES / UNIT_BYTES / Long.SIZE;

    private FrameBuffer arena;
    private final long[] received;
    private final int[] blocks;
    private final int[] free;
    private int freeCount;

    FragmentStore(int slots, int bytes) {
        int count = bytes / BLOCK_BYTES;
        arena = FrameBuffer.allocateDirect(Math.min(count, FIRST_BLOCKS) * BLOCK_BYTES);
        received = new long[count * BLOCK_WORDS];
        blocks = new int[slots * SLOT_BLOCKS];
        Arrays.fill(blocks, NONE);
        free = new int[count];
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    int freeBlocks() {
        return freeCount;
    }

    /** How many blocks a slot would have to be lent for a range of bytes. */
    int missingBlocks(int slot, int offset, int end) {
        int missing = 0;
        for (int i = offset / BLOCK_BYTES; i <= (end - 1) / BLOCK_BYTES; i++) {
            if (blocks[slot * SLOT_BLOCKS + i] == NONE) {
                missing++;
            }
        }
        return missing;
    }

    /** How many units of a range have come already. */
    int presentUnits(int slot, int offset, int end) {
        int present = 0;
        int lastUnit = (end - 1) / UNIT_BYTES;
        for (int unit = offset / UNIT_BYTES; unit <= lastUnit; unit = nextWord(unit)) {
            int word = word(slot, unit);
            if (word >= 0) {
                present += Long.bitCount(received[word] & mask(unit, lastUnit));
            }
        }
        return present;
    }

    /** Whether the bytes of a range, all of which have come, are the same. */
    boolean holds(int slot, int offset, int length, DirectBuffer source, int sourceIndex) {
        for (int i = 0; i < length; i++) {
            int position = offset + i;
            int block = blocks[slot * SLOT_BLOCKS + position / BLOCK_BYTES];
            int index = block * BLOCK_BYTES + position % BLOCK_BYTES;
            if (arena.getByte(index) != source.getByte(sourceIndex + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes the units of a range that have not come yet; {@link #missingBlocks} of them must be
     * free.
     *
     * @return how many units were new
     */
    int put(int slot, int offset, int length, DirectBuffer source, int sourceIndex) {
        int added = 0;
        int lastUnit = (offset + length - 1) / UNIT_BYTES;
        for (int unit = offset / UNIT_BYTES; unit <= lastUnit; unit = nextWord(unit)) {
            int word = lend(slot, unit);
            long wanted = mask(unit, lastUnit);
            long fresh = wanted & ~received[word];
            received[word] |= fresh;
            added += Long.bitCount(fresh);
            int from = unit * UNIT_BYTES - offset;
            if (fresh == wanted) {
                int bytes = Math.min(nextWord(unit) * UNIT_BYTES - offset, length) - from;
                arena.putBytes(index(word, unit), source, sourceIndex + from, bytes);
            } else {
                putUnits(word, fresh, unit, length, offset, source, sourceIndex);
            }
        }
        return added;
    }

    /** Takes the units of one word whose bits are set, one by one. */
    private void putUnits(
            int word,
            long fresh,
            int unit,
            int length,
            int offset,
            DirectBuffer source,
            int sourceIndex) {
        long left = fresh;
        while (left != 0) {
            int bit = Long.numberOfTrailingZeros(left);
            left &= left - 1;
            int one = (unit & -Long.SIZE) + bit;
            int from = one * UNIT_BYTES - offset;
            int bytes = Math.min(UNIT_BYTES, length - from);
            arena.putBytes(index(word, one), source, sourceIndex + from, bytes);
        }
    }

    /** Copies the first {@code length} bytes of a slot, all of which have come. */
    void copy(int slot, int length, FrameBuffer target, int targetIndex) {
        for (int from = 0; from < length; from += BLOCK_BYTES) {
            int block = blocks[slot * SLOT_BLOCKS + from / BLOCK_BYTES];
            int bytes = Math.min(BLOCK_BYTES, length - from);
            target.putBytes(targetIndex + from, arena, block * BLOCK_BYTES, bytes);
        }
    }

    /** Takes back all blocks of a slot. */
    void release(int slot) {
        int first = slot * SLOT_BLOCKS;
        for (int i = first; i < first + SLOT_BLOCKS; i++) {
            if (blocks[i] != NONE) {
                free[freeCount++] = blocks[i];
                blocks[i] = NONE;
            }
        }
    }

    /** The first unit of the next word of bits. */
    private static int nextWord(int unit) {
        return (unit & -Long.SIZE) + Long.SIZE;
    }

    /** The bits from {@code unit} up to {@code lastUnit} within the unit's word. */
    private static long mask(int unit, int lastUnit) {
        long from = -1L << unit;
        return lastUnit >= nextWord(unit) - 1 ? from : from & -1L >>> -lastUnit - 1;
    }

    /** Index in {@link #received} of the word with the unit's bit, or -1 where no block is lent. */
    private int word(int slot, int unit) {
        int word = unit / Long.SIZE;
        int block = blocks[slot * SLOT_BLOCKS + word / BLOCK_WORDS];
        return block == NONE ? NONE : block * BLOCK_WORDS + word % BLOCK_WORDS;
    }

    private int lend(int slot, int unit) {
        int at = slot * SLOT_BLOCKS + unit / Long.SIZE / BLOCK_WORDS;
        if (blocks[at] == NONE) {
            int block = free[--freeCount];
            if ((block + 1) * BLOCK_BYTES > arena.capacity()) {
                makeRoom(Math.min(free.length, 2 * block));
            }
            blocks[at] = block;
            Arrays.fill(received, block * BLOCK_WORDS, (block + 1) * BLOCK_WORDS, 0);
        }
        return word(slot, unit);
    }

    /**
     * Blocks are lent by their number the first time, so the next one always fits in twice as many.
     */
    @ColdPath
    private void makeRoom(int count) {
        FrameBuffer more = FrameBuffer.allocateDirect(count * BLOCK_BYTES);
        more.putBytes(0, arena, 0, arena.capacity());
        arena = more;
    }

    /** Where a unit's bytes lie in the arena. */
    private static int index(int word, int unit) {
        return (word * Long.SIZE + unit % Long.SIZE) * UNIT_BYTES;
    }
}
