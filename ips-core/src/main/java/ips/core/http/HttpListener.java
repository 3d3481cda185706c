package ips.core.http;

import org.agrona.DirectBuffer;

/**
 * Is given the messages of HTTP connections. Ranges are valid during the call only.
 *
 * <p>All calls for one head come one after another, with no other stream's in between: {@link
 * #request} or {@link #response}, {@link #header}s, {@link #headersEnd}. Only a head too long to be
 * kept comes in several such runs. Then {@link #body}s, then {@link #messageEnd}.
 */
public interface HttpListener {
    /**
     * A request line.
     *
     * @param uri its place in {@code buffer}, as it came
     * @param version 9, 10, 11: as in HTTP/1.1
     */
    default void request(
            int stream,
            DirectBuffer buffer,
            int method,
            int methodLength,
            int uri,
            int uriLength,
            int version) {}

    /** A status line. */
    default void response(int stream, int status) {}

    /**
     * A header or trailer, without the white space around it. A folded value holds its line ends. A
     * line without a colon has an empty name.
     */
    default void header(
            int stream,
            boolean fromClient,
            DirectBuffer buffer,
            int name,
            int nameLength,
            int value,
            int valueLength) {}

    /** The run of calls for a head, or for some of a long one, ends. */
    default void headPause(int stream, boolean fromClient) {}

    /**
     * The head is complete.
     *
     * @param hasBody whether a body follows
     */
    default void headersEnd(int stream, boolean fromClient, boolean hasBody) {}

    /** Bytes of a body, without the chunks' frames; still encoded as Content-Encoding says. */
    default void body(
            int stream, boolean fromClient, DirectBuffer buffer, int offset, int length) {}

    /**
     * The message is over.
     *
     * @param complete whether all of it was seen
     */
    default void messageEnd(int stream, boolean fromClient, boolean complete) {}

    /** The stream speaks something else, from now on at least; nothing more is told of it. */
    default void leftHttp(int stream) {}
}
