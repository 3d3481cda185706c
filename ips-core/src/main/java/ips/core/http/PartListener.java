package ips.core.http;

import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/**
 * Hears the parts of requests, in runs that no other request's parts interrupt: {@link #begin},
 * {@link #part}s, {@link #end}. A request's head is one run (several, if it is too long to be
 * kept), its body another. Ranges are valid during the call only.
 */
public interface PartListener {
    /** A run begins; {@code path} without the query, cut if it is long, empty if not known. */
    void begin(int stream, DirectBuffer path, int offset, int length);

    /** A name, which may be empty, and its value; encoded as they came but for JSON and XML. */
    void part(
            PartKind kind,
            DirectBuffer name,
            int nameOffset,
            int nameLength,
            DirectBuffer value,
            int valueOffset,
            int valueLength);

    /** The run is over. */
    void end(int stream);

    /** The stream speaks something other than HTTP from now on. */
    default void leftHttp(int stream) {}
}
