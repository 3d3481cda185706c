package ips.core.pipeline;

import com.lmax.disruptor.RingBuffer;
import ips.core.HotPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.detect.Detector;
import ips.core.packet.FrameAddresses;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/**
 * The capture thread's end of the ring: collects frames in the open batch, computes each frame's
 * owners from its addresses, inserts ticks as frame time passes, and publishes a batch when it is
 * full or the source runs dry.
 *
 * <p>Owned by the capture thread. Waits while the slowest worker is a whole ring behind.
 */
@HotPath
public final class FrameRing implements FrameSink {
    /**
     * A frame this far behind its predecessor sets the clock back; a lesser one is taken as now.
     */
    static final long MAX_DISORDER_NS = 10_000_000_000L;

    /**
     * Ticks that come in a gap between frames before time jumps to its end: what was pending is
     * decided when it would be on an idle link, not with the next frame.
     */
    static final int MOST_GAP_TICKS = 30;

    /** Time given to what is pending when the frames end. */
    static final long LAST_TICK_NS = 1_000_000_000L;

    /**
     * How long it waits at once while the ring is full: each look at the workers takes processor
     * time that they could use, but a ring that they emptied meanwhile has them wait. So as long as
     * about half of the ring takes them; between these two.
     */
    private static final long SHORTEST_PAUSE_NS = 10_000;

    private static final long LONGEST_PAUSE_NS = 400_000;

    private final RingBuffer<FrameBatch> ring;
    private final Counters counters;
    private final int maxFrameLength;
    private final Share share;
    private final FrameAddresses addresses = new FrameAddresses();
    private final Copies copies;
    private FrameBatch open;
    private long openSequence;
    private long pauseNs = 100_000;

    // Of the open batch; counted when it is published.
    private long openFrames;
    private long openBytes;

    private long clockNs;
    private long nextTickNs = Long.MAX_VALUE;
    private long nextFrame = 1;
    private long lastFrameNs;

    // Written by the capture thread once per batch, read by any.
    private volatile long firstNs;
    private volatile long lastNs;

    FrameRing(RingBuffer<FrameBatch> ring, int blockBytes, Share share, Counters counters) {
        this(ring, blockBytes, share, counters, null);
    }

    /**
     * @param copies tells what shows a packet once more, or null where all frames count
     */
    FrameRing(
            RingBuffer<FrameBatch> ring,
            int blockBytes,
            Share share,
            Counters counters,
            Copies copies) {
        this.ring = ring;
        this.copies = copies;
        this.share = share;
        this.counters = counters;
        maxFrameLength = blockBytes - FrameBatch.HEADER_LENGTH;
    }

    @Override
    public void frame(
            long timestampNs,
            DirectBuffer buffer,
            int offset,
            int capturedLength,
            int wireLength,
            int linkType,
            int interfaceIndex,
            int flags) {
        advance(timestampNs);
        if (nextFrame == 1) {
            firstNs = clockNs;
        }
        lastFrameNs = clockNs;
        int length = Math.min(capturedLength, maxFrameLength);
        // Asked for other pipelines' frames, too, so that all of them come to the same.
        boolean copy =
                copies != null
                        && copies.isCopy(
                                clockNs,
                                buffer,
                                offset,
                                length,
                                wireLength,
                                linkType,
                                interfaceIndex);
        boolean whole = share.isWhole();
        if (!whole) {
            addresses.read(buffer, offset, length, wireLength, linkType);
            if (!share.wants(
                    addresses.sourceHash(), addresses.destinationHash(), addresses.openingSyn())) {
                skip();
                return;
            }
        }
        if (whole || share.owns(addresses.sourceHash())) {
            openFrames++;
            openBytes += wireLength;
            if (length < capturedLength) {
                counters.increment(Counter.FRAMES_TRUNCATED_BY_RING);
            }
        }
        FrameBatch batch = batchFor(length);
        int at =
                batch.append(
                        clockNs,
                        buffer,
                        offset,
                        length,
                        wireLength,
                        linkType,
                        interfaceIndex,
                        copy ? flags | FrameBatch.COPY : flags);
        if (whole && share.workers() == 1) {
            batch.assign(at);
        } else {
            if (whole) {
                int frame = at + FrameBatch.HEADER_LENGTH;
                addresses.read(batch.block(), frame, length, wireLength, linkType);
            }
            batch.assign(
                    at,
                    addresses.sourceHash(),
                    addresses.destinationHash(),
                    addresses.openingSyn());
        }
        nextFrame++;
    }

    /** Passes another pipeline's frame by, which has its number all the same. */
    private void skip() {
        if (open != null) {
            if (open.hasRoomFor(0)) {
                open.skip();
            } else {
                publish();
            }
        }
        nextFrame++;
    }

    @Override
    public void lost(long frames, boolean byKernel) {
        if (speaksForAll()) {
            counters.add(Counter.FRAMES_RECEIVED, frames);
            counters.add(
                    byKernel ? Counter.FRAMES_LOST_BY_KERNEL : Counter.FRAMES_LOST_BY_SOURCE,
                    frames);
        }
    }

    /** Whether no other pipeline counts the same. */
    private boolean speaksForAll() {
        return share.index() == 0 || !share.shownAll();
    }

    @Override
    public void idle(long nowNs) {
        if (nowNs > 0) {
            advance(nowNs);
        }
        publish();
    }

    /** Ends the stream: one last tick for what is pending, flagged as the end. */
    void end() {
        clockNs += LAST_TICK_NS;
        batchFor(0).appendTick(clockNs, FrameBatch.END);
        publish();
    }

    /**
     * Moves the clock on to a frame's time, and inserts a tick where it passes a multiple of 100
     * ms.
     */
    private void advance(long timestampNs) {
        if (timestampNs > clockNs) {
            clockNs = timestampNs;
            if (timestampNs < nextTickNs && nextTickNs != Long.MAX_VALUE) {
                return;
            }
            tick();
        } else if (timestampNs < clockNs - MAX_DISORDER_NS) {
            if (speaksForAll()) {
                counters.increment(Counter.TIME_SET_BACK);
            }
            clockNs = timestampNs;
            tick();
        }
    }

    private void tick() {
        long tickNs = Math.floorDiv(clockNs, Detector.TICK_NS) * Detector.TICK_NS;
        if (nextTickNs != Long.MAX_VALUE) {
            long endNs = Math.min(tickNs, nextTickNs + MOST_GAP_TICKS * Detector.TICK_NS);
            for (long ns = nextTickNs; ns < endNs; ns += Detector.TICK_NS) {
                batchFor(0).appendTick(ns, 0);
            }
            batchFor(0).appendTick(tickNs, 0);
        }
        nextTickNs = tickNs + Detector.TICK_NS;
    }

    private FrameBatch batchFor(int length) {
        if (open != null) {
            if (open.hasRoomFor(length)) {
                return open;
            }
            publish();
        }
        if (!ring.hasAvailableCapacity(1)) {
            awaitRoom();
        }
        openSequence = ring.next();
        open = ring.get(openSequence);
        open.clear(nextFrame);
        return open;
    }

    private void awaitRoom() {
        long room;
        do {
            LockSupport.parkNanos(pauseNs);
            room = ring.remainingCapacity();
            int slots = ring.getBufferSize();
            if (room > slots / 2) {
                pauseNs = Math.max(SHORTEST_PAUSE_NS, pauseNs / 2);
            } else if (room < slots / 4) {
                pauseNs = Math.min(LONGEST_PAUSE_NS, pauseNs + pauseNs / 4);
            }
        } while (room == 0);
    }

    private void publish() {
        if (open != null) {
            open = null;
            counters.add(Counter.FRAMES_RECEIVED, openFrames);
            counters.add(Counter.BYTES_RECEIVED, openBytes);
            openFrames = 0;
            openBytes = 0;
            ring.publish(openSequence);
            if (nextFrame > 1) {
                lastNs = lastFrameNs;
            }
        }
    }

    /** Time of the first frame, or 0; any thread may ask. */
    long firstNs() {
        return firstNs;
    }

    /** Time of the last frame published, or 0; any thread may ask. */
    long lastNs() {
        return lastNs;
    }
}
