package ips.core.inspect;

/** What can be odd about DNS, by the names of {@code app-layer-event:dns.*}. */
public enum DnsEvent {
    MALFORMED_DATA,
    NOT_RESPONSE,
    Z_FLAG_SET,
    INVALID_OPCODE,
    NAME_TOO_LONG,
    TOO_MANY_LABELS,

    // Known, and not raised: what they are about ends in TOO_MANY_LABELS, or cannot be read.
    INFINITE_LOOP,
    NOT_REQUEST;

    long bit() {
        return 1L << ordinal();
    }
}
