package ips.capture;

import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;

/** Keeps a copy of all that a source hands over. */
final class RecordingSink implements FrameSink {
    record Frame(
            long timestampNs,
            byte[] bytes,
            int wireLength,
            int linkType,
            int interfaceIndex,
            int flags) {}

    final List<Frame> frames = new ArrayList<>();
    long lostByKernel;
    long lostBySource;
    volatile int idles;
    long lastIdleNs;

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
        byte[] bytes = new byte[capturedLength];
        buffer.getBytes(offset, bytes);
        frames.add(new Frame(timestampNs, bytes, wireLength, linkType, interfaceIndex, flags));
    }

    @Override
    public void lost(long frames, boolean byKernel) {
        if (byKernel) {
            lostByKernel += frames;
        } else {
            lostBySource += frames;
        }
    }

    @Override
    public void idle(long nowNs) {
        idles = idles + 1;
        lastIdleNs = nowNs;
    }

    /** Reads to the end in small portions. */
    RecordingSink drain(FrameSource source) throws IOException {
        int polled;
        do {
            int before = frames.size();
            polled = source.poll(this, 3);
            if (frames.size() - before != Math.max(polled, 0)) {
                throw new AssertionError("poll said " + polled + " frames");
            }
        } while (polled != FrameSource.ENDED);
        return this;
    }

    /** Takes frames until something holds, for eight seconds at most. */
    void takeUntil(FrameSource source, BooleanSupplier done) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
        while (!done.getAsBoolean() && System.nanoTime() < deadline) {
            source.poll(this, 100);
        }
    }

    /** Takes frames for a while. */
    void takeFor(FrameSource source, long ms) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < deadline) {
            source.poll(this, 100);
        }
    }

    /** A link takes a moment to carry frames after it came up; what comes too early is dropped. */
    void takeOneOf(FrameSource source, Namespace.Sender sender, byte[] frame) throws IOException {
        int before = frames.size();
        for (int tries = 0; tries < 100 && frames.size() == before; tries++) {
            sender.send(frame);
            takeFor(source, 50);
        }
    }
}
