package ips.core.inspect;

import ips.core.packet.FrameBuffer;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * One direction of a TCP session: its sequence state and its bytes in order.
 *
 * <pre>
 *   data  [ kept for rules | segments in order ....... hole ....... segment ]
 *         ^ base           ^ rawProgress, appProgress                       ^ right edge
 * </pre>
 *
 * Places are counted from the first byte of the stream on ({@code long}), sequence numbers are
 * mapped to them. Where segments overlap, the bytes that came first stay, unless the later segment
 * begins before them (the policy of BSD, Suricata's default). At most {@value #MOST_BYTES} bytes
 * are kept, in a buffer lent by the worker's pool; where that has none, the segment is dropped.
 */
public final class StreamSide {
    /** Bytes kept at most; what lies further ahead is dropped. */
    static final int MOST_BYTES = 1 << 20;

    /** Bytes in front of the progress that a rule may still look back at. */
    static final int KEPT = 4096;

    private static final int MOST_SEGMENTS = 4096;

    /** Stretches that a list has room for at no cost; those of longer ones count as bytes held. */
    private static final int FEW_SEGMENTS = 16;

    private static final int BYTES_A_SEGMENT = 2 * Long.BYTES;
    private static final int FIRST_BYTES = 4096;
    private static final byte[] NO_BYTES = {};
    private static final FrameBuffer NOTHING = new FrameBuffer();
    private static final long[] NO_SEGMENTS = {};

    // Sequence state, used by TcpSession.
    boolean known;
    int isn;
    int nextSequence;
    int lastAck;

    /** What the other side allows this one to send, and the scale of it. */
    int window;

    int windowScale;
    int greatestWindow;
    int nextWindow;

    /** Whether its SYN had a timestamp. */
    boolean timestamps;

    /** Whether that was zero, which says nothing. */
    boolean zeroTimestamp;

    int lastTimestamp;
    long lastSeconds;
    boolean ackSeen;
    boolean keepAlive;

    /** Whether a RST reached this side that it may not have believed. */
    boolean resetReceived;

    // Bytes.
    private final BufferPool buffers;
    private byte[] data = NO_BYTES;
    private FrameBuffer view = NOTHING;
    private long base;
    private long[] starts = NO_SEGMENTS;
    private long[] ends = NO_SEGMENTS;
    private int segments;
    long appProgress;
    long rawProgress;
    boolean rawTriggered;

    /** Whether bytes were lost before anybody knew what they are of. */
    boolean gapsUnread;

    boolean depthReached;

    /** Whether the bytes of the last segment contradicted others at the same place. */
    boolean differed;

    StreamSide(BufferPool buffers) {
        this.buffers = buffers;
    }

    void reset() {
        known = false;
        ackSeen = false;
        keepAlive = false;
        resetReceived = false;
        windowScale = 0;
        timestamps = false;
        zeroTimestamp = false;
        lastTimestamp = 0;
        lastSeconds = 0;
        window = 0;
        greatestWindow = 0;
        lastAck = 0;
        nextWindow = 0;
        nextSequence = 0;
        isn = 0;
        base = 0;
        segments = 0;
        appProgress = 0;
        rawProgress = 0;
        rawTriggered = false;
        gapsUnread = false;
        depthReached = false;
        giveBack();
        shorten();
    }

    /** Lets go of all bytes kept: nothing more is to come. */
    void letGo() {
        base = rightEdge();
        segments = 0;
        giveBack();
        shorten();
    }

    /** Forgets bytes that the other side did not take. */
    void dropAll() {
        segments = 0;
        giveBack();
    }

    /** Lets a long list go. */
    private void shorten() {
        if (starts.length > FEW_SEGMENTS) {
            buffers.uncount((starts.length - FEW_SEGMENTS) * BYTES_A_SEGMENT);
            starts = NO_SEGMENTS;
            ends = NO_SEGMENTS;
        }
    }

    private void giveBack() {
        if (view != NOTHING) {
            buffers.give(view);
            view = NOTHING;
            data = NO_BYTES;
        }
    }

    void start(int firstSequence) {
        known = true;
        isn = firstSequence - 1;
        nextSequence = firstSequence;
    }

    /** Its bytes were acknowledged so far. */
    void acknowledged(int acknowledgment) {
        ackSeen = true;
        lastAck = acknowledgment;
    }

    /** Its bytes were acknowledged so far, if that is news. */
    void acknowledgedUpTo(int acknowledgment) {
        if (acknowledgment - lastAck > 0) {
            acknowledged(acknowledgment);
        }
    }

    /** The window reaches so far, if it did not before. */
    void windowUpTo(int end) {
        if (end - nextWindow > 0) {
            nextWindow = end;
        }
    }

    /** Whether bytes up to a sequence number were looked at and acknowledged. */
    boolean isDoneWith(int end) {
        return place(end) <= Math.min(acked(), Math.min(appProgress, rawProgress));
    }

    /** The place of a sequence number. */
    long place(int sequence) {
        int first = isn + 1 + (int) appProgress;
        return appProgress + (sequence - first);
    }

    /** The place up to which the peer acknowledged. */
    long acked() {
        return ackSeen ? place(lastAck) : 0;
    }

    /** The first place that is still kept. */
    long keptFrom() {
        return segments == 0 ? base : Math.max(base, starts[0]);
    }

    /** The place behind the last byte there is. */
    long rightEdge() {
        return segments == 0 ? base : ends[segments - 1];
    }

    boolean isEmpty() {
        return segments == 0;
    }

    /** Total bytes of the stream as far as it is known, for {@code stream_size}. */
    public long size() {
        return known ? Integer.toUnsignedLong(nextSequence - isn) : 0;
    }

    /**
     * Takes a segment's bytes.
     *
     * @return whether any of them were new
     */
    boolean insert(int sequence, DirectBuffer buffer, int offset, int length) {
        differed = false;
        long start = place(sequence);
        long end = start + length;
        if (end <= base) {
            return false;
        }
        int from = offset;
        if (start < base) {
            from += (int) (base - start);
            start = base;
        }
        if (end - base > MOST_BYTES) {
            depthReached |= start - base >= MOST_BYTES;
            end = base + MOST_BYTES;
            if (start >= end) {
                return false;
            }
        }
        if (segments == MOST_SEGMENTS || !reserve((int) (end - base))) {
            return false;
        }
        return merge(start, end, buffer, from);
    }

    private boolean reserve(int bytes) {
        if (data.length < bytes) {
            FrameBuffer greater = buffers.take(Math.max(FIRST_BYTES, bytes));
            if (greater == null) {
                return false;
            }
            System.arraycopy(data, 0, greater.byteArray(), 0, data.length);
            giveBack();
            view = greater;
            data = greater.byteArray();
        }
        if (starts.length == segments) {
            int size = Math.max(FEW_SEGMENTS, segments * 2);
            if (size > FEW_SEGMENTS && !buffers.count((size - starts.length) * BYTES_A_SEGMENT)) {
                return false;
            }
            starts = Arrays.copyOf(starts, size);
            ends = Arrays.copyOf(ends, size);
        }
        return true;
    }

    private boolean merge(long start, long end, DirectBuffer buffer, int from) {
        boolean any = false;
        long at = start;
        int i = 0;
        while (i < segments && ends[i] <= start) {
            i++;
        }
        int first = i;
        while (i < segments && starts[i] < end) {
            if (at < starts[i]) {
                buffer.getBytes(
                        from + (int) (at - start), data, (int) (at - base), (int) (starts[i] - at));
                any = true;
            }
            overlap(i, start, end, buffer, from);
            at = Math.max(at, ends[i]);
            i++;
        }
        if (at < end) {
            buffer.getBytes(from + (int) (at - start), data, (int) (at - base), (int) (end - at));
            any = true;
        }
        if (any) {
            place(first, i, start, Math.max(at, end));
        }
        return any;
    }

    private void overlap(int i, long start, long end, DirectBuffer buffer, int from) {
        long lo = Math.max(starts[i], start);
        long hi = Math.min(ends[i], end);
        boolean later = start < starts[i] && lo >= appProgress;
        for (long at = lo; at < hi; at++) {
            byte value = buffer.getByte(from + (int) (at - start));
            int index = (int) (at - base);
            if (data[index] != value) {
                differed = true;
                if (later) {
                    data[index] = value;
                }
            }
        }
    }

    /** Puts the new segment into the list; those it lies within or joins become one with it. */
    private void place(int first, int behind, long start, long end) {
        if (behind == first) {
            System.arraycopy(starts, first, starts, first + 1, segments - first);
            System.arraycopy(ends, first, ends, first + 1, segments - first);
            starts[first] = start;
            ends[first] = end;
            segments++;
        } else {
            starts[first] = Math.min(starts[first], start);
            ends[first] = Math.max(ends[behind - 1], end);
            int removed = behind - first - 1;
            System.arraycopy(starts, behind, starts, first + 1, segments - behind);
            System.arraycopy(ends, behind, ends, first + 1, segments - behind);
            segments -= removed;
        }
        if (first > 0 && ends[first - 1] == starts[first]) {
            // kept apart on purpose only while overlaps may still be settled: in order is enough
            ends[first - 1] = ends[first];
            System.arraycopy(starts, first + 1, starts, first, segments - first - 1);
            System.arraycopy(ends, first + 1, ends, first, segments - first - 1);
            segments--;
        }
    }

    /** The place behind the last byte that follows {@code from} without a hole. */
    long contiguousEnd(long from) {
        long end = from;
        for (int i = 0; i < segments && starts[i] <= end; i++) {
            end = Math.max(end, ends[i]); // the next one may follow right behind it
        }
        return end;
    }

    /** The next place at or behind {@code from} where there is a byte, or -1. */
    long nextByte(long from) {
        for (int i = 0; i < segments; i++) {
            if (ends[i] > from) {
                return Math.max(from, starts[i]);
            }
        }
        return -1;
    }

    /** The bytes between two places, which must be there. */
    ByteRange range(long from, long to, ByteRange range) {
        return range.set(view, (int) (from - base), (int) (to - from));
    }

    /** The first place that is still there and belongs to the run that holds {@code from}. */
    long runStart(long from, long wanted) {
        long start = from;
        for (int i = segments - 1; i >= 0 && ends[i] >= start; i--) {
            start = Math.min(start, starts[i]);
        }
        return start == from ? from : Math.max(Math.max(start, wanted), base);
    }

    /** Rules do not look at what they have not been asked to look at by now. */
    void leaveToParser() {
        if (!rawTriggered) {
            rawProgress = Math.max(rawProgress, rightEdge());
        }
    }

    /** Forgets what neither parser nor rules need any more. */
    void prune() {
        long needed = Math.min(appProgress, rawProgress);
        long keepFrom = needed - KEPT;
        if (keepFrom - base < FIRST_BYTES * 4) {
            return;
        }
        int drop = (int) (keepFrom - base);
        int held = (int) (Math.max(rightEdge(), keepFrom) - keepFrom);
        System.arraycopy(data, drop, data, 0, Math.min(held, data.length - drop));
        base = keepFrom;
        int gone = 0;
        while (gone < segments && ends[gone] <= base) {
            gone++;
        }
        if (gone > 0) {
            System.arraycopy(starts, gone, starts, 0, segments - gone);
            System.arraycopy(ends, gone, ends, 0, segments - gone);
            segments -= gone;
        }
        if (segments > 0) {
            starts[0] = Math.max(starts[0], base);
        }
    }
}
