package ips.core.flow;

/**
 * Attempts that wait for an answer, in the order they were made: a ring of a fixed number of
 * places, 8 bytes each. All wait equally long, so the first is always due first. An attempt is
 * known by its place in {@link ConnectionTable} and the frame that opened it; where the frame is no
 * longer the same, the connection was overwritten and there is nothing left to wait for.
 */
final class AttemptQueue {
    private static final int CONNECTION_BITS = 24;
    private static final int CONNECTION_MASK = (1 << CONNECTION_BITS) - 1;
    private static final long FRAME_MASK = -1L >>> CONNECTION_BITS;

    private final long[] places;
    private final int mask;
    private long head;
    private long tail;

    /**
     * @param capacity places, rounded up to a power of two
     */
    AttemptQueue(int capacity) {
        int size = Math.max(2, Integer.highestOneBit(Math.max(1, capacity - 1)) << 1);
        places = new long[size];
        mask = size - 1;
    }

    /** False when there is no room, or no more than is kept free for others. */
    boolean offer(int connection, long frame, boolean leaveSome) {
        if (!hasRoom(leaveSome)) {
            return false;
        }
        places[(int) tail++ & mask] = frame << CONNECTION_BITS | connection;
        return true;
    }

    /** Whether there is room, or more than is kept free for others. */
    boolean hasRoom(boolean leaveSome) {
        int limit = leaveSome ? places.length - places.length / 4 : places.length;
        return tail - head < limit;
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** The connection of the attempt that waits longest; the queue must not be empty. */
    int connection() {
        return (int) places[(int) head & mask] & CONNECTION_MASK;
    }

    /** Whether that attempt's connection is still the one that its frame opened. */
    boolean isCurrent(ConnectionTable table) {
        return places[(int) head & mask] >>> CONNECTION_BITS
                == (table.firstFrame(connection()) & FRAME_MASK);
    }

    /**
     * Reads the connections of the next attempts, all at once; a number that means nothing, to be
     * kept so that the compiler does not drop the reads.
     */
    long touch(int count, ConnectionTable table) {
        long sum = 0;
        long end = Math.min(tail, head + count);
        for (long at = head; at < end; at++) {
            int connection = (int) places[(int) at & mask] & CONNECTION_MASK;
            // First and last word of the record, which may lie across two lines.
            sum += table.clientHigh(connection) + table.firstFrame(connection);
        }
        return sum;
    }

    void remove() {
        head++;
    }
}
