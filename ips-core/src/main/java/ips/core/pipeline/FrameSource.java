package ips.core.pipeline;

import java.io.IOException;
import java.util.List;

/**
 * Where frames come from. The capture thread opens nothing and closes nothing: it polls an open
 * source until it has ended or the engine is stopped. Who made the source closes it, after {@code
 * Engine.run} has returned.
 *
 * <p>In each run one thread uses a source, or each of its {@link #parts}: {@link #narrow} first,
 * then {@link #poll} again and again.
 */
public interface FrameSource extends AutoCloseable {
    /**
     * Hands over the frames that are there now, {@code limit} at most. Returns soon when there are
     * none, within some 10 ms for a live link, after a call of {@link FrameSink#idle}: without it
     * time stands still and no ban ends. A source that cannot return soon, for it waits at a pipe,
     * ends when its thread is interrupted.
     *
     * @param sink copies each frame before its call returns; not to be kept
     * @param limit 1 or more
     * @return how many were handed over, 0 if none is there now, {@link #ENDED} when there will
     *     never be more
     * @throws IOException when the source failed for good; the message names the remedy
     */
    int poll(FrameSink sink, int limit) throws IOException;

    /** What {@link #poll} returns at the end of a file. */
    int ENDED = -1;

    /**
     * The sources to be polled in its place, each by a thread of its own: as many as the engine has
     * pipelines. With one pipeline, this source itself.
     */
    default List<? extends FrameSource> parts() {
        return List.of(this);
    }

    /**
     * Called before the first poll with the share of the traffic that its pipeline wants; other
     * frames need not be handed over.
     *
     * @throws IOException when the source failed for good; the message names the remedy
     */
    default void narrow(Share share) throws IOException {}

    /** Names of its interfaces, or of the file; the index is {@code interfaceIndex} of a frame. */
    List<String> interfaces();

    /** Frees what the source holds. Called again, it does nothing. */
    @Override
    void close() throws IOException;
}
