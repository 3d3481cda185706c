package ips.capture;

import ips.core.pipeline.FrameSink;
import java.io.IOException;

/** A source that never ends and may have nothing for the moment. Used by the capture thread. */
interface LiveSource extends CaptureSource {
    /**
     * How long {@link #poll} waits for frames on an idle link: a tick, for ticks then come from the
     * clock.
     */
    int WAIT_MS = 100;

    /**
     * Hands over the frames that are there, {@code limit} at most, and waits for none.
     *
     * @return how many, or {@link #ENDED} once the source is closed
     */
    int take(FrameSink sink, int limit) throws IOException;

    /** What {@link #descriptor} says of a source that has none. */
    int NO_DESCRIPTOR = -2;

    /** Waits for frames, or for the time to pass; may return sooner. */
    void await(int timeoutMs);

    /**
     * What poll(2) can wait for in place of {@link #await}; -1 while there is nothing to wait for.
     */
    default int descriptor() {
        return NO_DESCRIPTOR;
    }

    /**
     * A time, nanoseconds since 1970, that no frame to come lies before: the clock's, less what a
     * frame may wait in the kernel for its block to be handed over.
     */
    long idleTimeNs();

    @Override
    default int poll(FrameSink sink, int limit) throws IOException {
        int taken = take(sink, limit);
        if (taken == 0) {
            await(WAIT_MS);
            taken = take(sink, limit);
        }
        if (taken == 0) {
            sink.idle(idleTimeNs());
        }
        return taken;
    }
}
