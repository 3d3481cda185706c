package ips.core.http;

import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/**
 * Is given the parts of requests, to be judged. A request without a body is {@link #begin}, {@link
 * #part}s, {@link #end}. One with a body is set aside after its head, because requests of other
 * streams may come before the body is complete: {@code begin}, {@code part}s, {@link #pause}, and
 * later {@link #resume}, {@code part}s, {@code end}. A head too long to be kept is several requests
 * in this sense. Nothing else comes in between the calls from {@code begin} or {@code resume} to
 * {@code pause} or {@code end}. Ranges are valid during the call only.
 */
public interface PartListener {
    /** A request begins; {@code path} without the query, cut if it is long, empty if not known. */
    default void begin(int stream, DirectBuffer path, int offset, int length) {}

    /** A name, which may be empty, and its value; encoded as they came but for JSON and XML. */
    void part(
            PartKind kind,
            DirectBuffer name,
            int nameOffset,
            int nameLength,
            DirectBuffer value,
            int valueOffset,
            int valueLength);

    /**
     * The request waits for its body.
     *
     * @param slot 0 to {@link RequestReader#slots}, exclusive; no other request that waits has it
     */
    default void pause(int stream, int slot) {}

    /** The request that waits in a slot goes on with the parts of its body. */
    default void resume(int stream, int slot) {}

    /** A hash of the address of the stream's client, by which the work for each is bounded. */
    default int client(int stream) {
        return stream;
    }

    /** The request is over. */
    default void end(int stream) {}

    /** The stream speaks something other than HTTP from now on. */
    default void leftHttp(int stream) {}
}
