package ips.core.inspect;

/** What can be odd about SSH, by the names of {@code app-layer-event:ssh.*}. */
public enum SshEvent {
    INVALID_BANNER,
    LONG_BANNER,
    INVALID_RECORD;

    long bit() {
        return 1L << ordinal();
    }
}
