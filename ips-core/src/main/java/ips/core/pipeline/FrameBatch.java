package ips.core.pipeline;

import ips.core.HotPath;
import ips.core.packet.FrameBuffer;
import org.agrona.DirectBuffer;

/**
 * A slot of the ring: up to {@link #MAX_FRAMES} frames one behind another in one block, each behind
 * a small header, and for each worker the list of those it owns. The block is an array, for those
 * are what {@link FrameBuffer} reads fastest; it is as old as the ring, so no collector moves it.
 *
 * <p>Written by the capture thread while it holds the slot, read by the workers between publication
 * and release. Headers begin at multiples of 8.
 *
 * <pre>
 *   0               8               16              24      28      32
 *  +---------------+-------+-------+-------+-------+---+---+-------+-----------
 *  | timestamp, ns | capt. | wire  | source| dest. |lnk|ifc| flags | the frame ...
 *  |               | length| length| hash  | hash  |typ|idx|       |
 *  +---------------+-------+-------+-------+-------+---+---+-------+-----------
 * </pre>
 *
 * A tick is a header without a frame, flagged {@link #TICK}; every worker's list holds it.
 */
@HotPath
final class FrameBatch {
    /**
     * Frames and ticks a batch takes at the most: SYNs fill three quarters of a block; with 256
     * they filled a fifth, and the ring held a quarter of the frames.
     */
    static final int MAX_FRAMES = 1024;

    static final int HEADER_LENGTH = 32;

    private static final int CAPTURED_LENGTH = 8;
    private static final int WIRE_LENGTH = 12;
    private static final int SOURCE_HASH = 16;
    private static final int DESTINATION_HASH = 20;
    private static final int LINK_TYPE = 24;
    private static final int INTERFACE = 26;
    private static final int FLAGS = 28;

    /** Flag of the headers that carry no frame: time passed a multiple of the tick. */
    static final int TICK = 1 << 30;

    /** Flag of the last tick of all. */
    static final int END = 1 << 29;

    /** Flag of a frame that shows a packet once more: see {@link Copies}. */
    static final int COPY = 1 << 28;

    // An entry of a worker's list: offset / 8 | ordinal << 18 | roles << 29.
    private static final int ORDINAL_SHIFT = 18;
    private static final int OFFSET_MASK = (1 << ORDINAL_SHIFT) - 1;
    private static final int ORDINAL_MASK = 0x7ff;
    private static final int ROLES_SHIFT = 29;

    /** The worker owns the frame's source. */
    static final int OWNS_SOURCE = 1;

    /**
     * The worker owns the frame's destination; for an opening SYN it is of no account, and of
     * several workers the destination's does not see it.
     */
    static final int OWNS_DESTINATION = 2;

    /** The frame falls to the worker by both its addresses. */
    static final int INSPECTS = 4;

    /** The largest block whose offsets fit an entry. */
    static final int MAX_BLOCK_BYTES = 8 << ORDINAL_SHIFT;

    private final FrameBuffer block;
    private final int[][] lists;
    private final int[] listLengths;
    private final int inspectors;
    private final int firstWorker;
    private final int allWorkers;
    private int used;
    private int entries;
    private long firstFrame;
    private int frames;
    private boolean endsInTick;

    FrameBatch(int blockBytes, Share share) {
        inspectors = share.inspectors();
        firstWorker = share.firstWorker();
        allWorkers = share.allWorkers();
        block = new FrameBuffer(new byte[blockBytes]);
        lists = new int[share.workers()][MAX_FRAMES];
        listLengths = new int[share.workers()];
    }

    // Capture thread.

    void clear(long nextFrame) {
        used = 0;
        entries = 0;
        frames = 0;
        endsInTick = false;
        firstFrame = nextFrame;
        for (int i = 0; i < listLengths.length; i++) {
            listLengths[i] = 0;
        }
    }

    boolean hasRoomFor(int capturedLength) {
        return entries < MAX_FRAMES
                && frames < ORDINAL_MASK
                && used + HEADER_LENGTH + capturedLength <= block.capacity();
    }

    /** Counts a frame that is another pipeline's; behind {@code hasRoomFor(0)}. */
    void skip() {
        frames++;
        endsInTick = false;
    }

    /** Appends a frame's header and bytes; {@link #assign} says whose it is. Returns its offset. */
    int append(
            long timestampNs,
            DirectBuffer buffer,
            int offset,
            int capturedLength,
            int wireLength,
            int linkType,
            int interfaceIndex,
            int flags) {
        int at = header(timestampNs, capturedLength, flags);
        block.putInt(at + WIRE_LENGTH, wireLength);
        block.putShort(at + LINK_TYPE, (short) linkType);
        block.putShort(at + INTERFACE, (short) interfaceIndex);
        block.putBytes(at + HEADER_LENGTH, buffer, offset, capturedLength);
        return at;
    }

    /** Puts the frame appended last on the list of the only worker there is. */
    void assign(int at) {
        int entry = at >> 3 | frames << ORDINAL_SHIFT;
        frames++;
        entries++;
        endsInTick = false;
        int roles = OWNS_SOURCE | OWNS_DESTINATION | (inspectors > 0 ? INSPECTS : 0);
        list(0, entry | roles << ROLES_SHIFT);
    }

    /** Puts the frame appended last on the lists of its owners, of several workers. */
    void assign(int at, int sourceHash, int destinationHash, boolean openingSyn) {
        block.putInt(at + SOURCE_HASH, sourceHash);
        block.putInt(at + DESTINATION_HASH, destinationHash);
        int entry = at >> 3 | frames << ORDINAL_SHIFT;
        frames++;
        entries++;
        endsInTick = false;
        int source = Sharding.worker(sourceHash, allWorkers);
        int destination = openingSyn ? -1 : Sharding.worker(destinationHash, allWorkers);
        int inspector =
                inspectors == 0
                        ? -1
                        : Sharding.worker(
                                Sharding.pairHash(sourceHash, destinationHash), inspectors);
        if (source == destination) {
            int roles = OWNS_SOURCE | OWNS_DESTINATION | (inspector == source ? INSPECTS : 0);
            listIfHere(source, entry | roles << ROLES_SHIFT);
        } else {
            int sourceRoles = OWNS_SOURCE | (inspector == source ? INSPECTS : 0);
            listIfHere(source, entry | sourceRoles << ROLES_SHIFT);
            if (destination >= 0) {
                int roles = OWNS_DESTINATION | (inspector == destination ? INSPECTS : 0);
                listIfHere(destination, entry | roles << ROLES_SHIFT);
            }
        }
        if (inspector >= 0 && inspector != source && inspector != destination) {
            listIfHere(inspector, entry | INSPECTS << ROLES_SHIFT);
        }
    }

    /** Appends a tick, for which there is always room behind {@code hasRoomFor(0)}. */
    void appendTick(long nowNs, int flags) {
        int at = header(nowNs, 0, TICK | flags);
        entries++;
        endsInTick = true;
        // A tick's ordinal counts the frames before it in this batch.
        for (int worker = 0; worker < lists.length; worker++) {
            list(worker, at >> 3 | frames << ORDINAL_SHIFT);
        }
    }

    private int header(long timestampNs, int capturedLength, int flags) {
        int at = used;
        block.putLong(at, timestampNs);
        block.putInt(at + CAPTURED_LENGTH, capturedLength);
        block.putInt(at + FLAGS, flags);
        used = at + HEADER_LENGTH + (capturedLength + 7 & ~7);
        return at;
    }

    /** Of the workers of all pipelines this ring has but its own. */
    private void listIfHere(int worker, int entry) {
        int own = worker - firstWorker;
        if (own >= 0 && own < lists.length) {
            list(own, entry);
        }
    }

    private void list(int worker, int entry) {
        lists[worker][listLengths[worker]++] = entry;
    }

    // Workers.

    /** How many frames and ticks are on a worker's list. */
    int length(int worker) {
        return listLengths[worker];
    }

    /** An entry of a worker's list, to be read by the accessors below. */
    int entry(int worker, int index) {
        return lists[worker][index];
    }

    /** {@link #OWNS_SOURCE}, {@link #OWNS_DESTINATION}, {@link #INSPECTS}; 0 for a tick. */
    static int roles(int entry) {
        return entry >>> ROLES_SHIFT;
    }

    static int headerOffset(int entry) {
        return (entry & OFFSET_MASK) << 3;
    }

    /** The frame's number, from 1; for a tick the number of the last frame before it. */
    long frameNumber(int entry) {
        long number = firstFrame + (entry >>> ORDINAL_SHIFT & ORDINAL_MASK);
        return roles(entry) == 0 ? number - 1 : number;
    }

    /**
     * The number of the last frame that nothing can follow any more once this batch is done. The
     * next batch may begin with a tick, which has the number of the last frame here; so unless a
     * tick has come already, that is the frame before the last.
     */
    long settledFrame() {
        long last = firstFrame + frames - 1;
        return endsInTick ? last : last - 1;
    }

    DirectBuffer block() {
        return block;
    }

    long timestampNs(int at) {
        return block.getLong(at);
    }

    int capturedLength(int at) {
        return block.getInt(at + CAPTURED_LENGTH);
    }

    int wireLength(int at) {
        return block.getInt(at + WIRE_LENGTH);
    }

    int linkType(int at) {
        return block.getShort(at + LINK_TYPE) & 0xffff;
    }

    int interfaceIndex(int at) {
        return block.getShort(at + INTERFACE) & 0xffff;
    }

    int flags(int at) {
        return block.getInt(at + FLAGS);
    }
}
