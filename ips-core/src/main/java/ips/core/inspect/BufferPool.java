package ips.core.inspect;

import ips.core.packet.FrameBuffer;
import java.util.Arrays;

/**
 * Lends the buffers in which streams and parts of messages are gathered, so that reading one
 * allocates nothing once there are enough of them. Sizes are powers of two from {@value #SMALLEST}
 * bytes to 1 MiB.
 *
 * <p>All buffers together, lent or waiting, hold at most the bytes given; when they do, waiting
 * ones of other sizes are let go, and where that does not help none is lent. Owned by one worker.
 */
final class BufferPool {
    static final int SMALLEST = 256;
    private static final int CLASSES = 13;

    private final FrameBuffer[][] waiting = new FrameBuffer[CLASSES][16];
    private final int[] counts = new int[CLASSES];
    private final long limit;
    private final Runnable shortage;
    private long held;
    private long refusals;

    /**
     * @param limit bytes of all buffers together
     */
    BufferPool(long limit) {
        this(limit, () -> {});
    }

    /**
     * @param limit bytes of all buffers together
     * @param shortage called before one is refused: gives back what is lent without need
     */
    BufferPool(long limit, Runnable shortage) {
        this.limit = limit;
        this.shortage = shortage;
    }

    /**
     * A buffer of at least so many bytes, over all of an array; null where the limit is reached.
     */
    FrameBuffer take(int bytes) {
        int index = indexOf(bytes);
        if (index >= CLASSES) {
            refusals++;
            return null;
        }
        if (counts[index] > 0) {
            return waiting[index][--counts[index]];
        }
        int size = SMALLEST << index;
        makeRoom(size);
        if (held + size > limit) {
            shortage.run();
            if (counts[index] > 0) {
                return waiting[index][--counts[index]];
            }
            makeRoom(size);
        }
        if (held + size > limit) {
            refusals++;
            return null;
        }
        held += size;
        FrameBuffer made = new FrameBuffer();
        made.wrap(new byte[size]);
        return made;
    }

    /** Lets waiting buffers go, the greatest first, until there is room for so many bytes. */
    private void makeRoom(int size) {
        for (int i = CLASSES - 1; i >= 0 && held + size > limit; i--) {
            while (counts[i] > 0 && held + size > limit) {
                waiting[i][--counts[i]] = null;
                held -= SMALLEST << i;
            }
        }
    }

    void give(FrameBuffer buffer) {
        int index = indexOf(buffer.capacity());
        if (counts[index] == waiting[index].length) {
            waiting[index] = Arrays.copyOf(waiting[index], counts[index] * 2);
        }
        waiting[index][counts[index]++] = buffer;
    }

    /** Counts bytes that a borrower keeps besides; false where the limit is reached. */
    boolean count(int bytes) {
        makeRoom(bytes);
        if (held + bytes > limit) {
            refusals++;
            return false;
        }
        held += bytes;
        return true;
    }

    /** Counts them no longer. */
    void uncount(int bytes) {
        held -= bytes;
    }

    /** Bytes of all buffers, lent or waiting, and those counted besides. */
    long held() {
        return held;
    }

    /** How often none could be lent. */
    long refusals() {
        return refusals;
    }

    private static int indexOf(int bytes) {
        return 32 - Integer.numberOfLeadingZeros((Math.max(bytes, SMALLEST) - 1) / SMALLEST);
    }
}
