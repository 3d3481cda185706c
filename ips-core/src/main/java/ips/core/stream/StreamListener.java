package ips.core.stream;

import org.agrona.DirectBuffer;

/**
 * Is given the bytes of streams as their receivers read them. Called by the worker's thread; a
 * range is valid during the call only.
 */
public interface StreamListener {
    /**
     * A connection's stream begins, in both directions.
     *
     * @param stream a small number, used again after {@link #closed}
     * @param connection see {@code ConnectionTable}
     */
    default void opened(int stream, int connection) {}

    /** The next bytes of a direction. */
    void bytes(int stream, boolean fromClient, DirectBuffer buffer, int offset, int length);

    /** Bytes of a direction are lost for good; the next ones given lie behind them. */
    default void gap(int stream, boolean fromClient, int length) {}

    /** There is no more: both directions ended, or the stream had to make way. */
    default void closed(int stream) {}
}
