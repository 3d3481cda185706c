package ips.core.inspect;

import java.util.Locale;

/**
 * Oddities of the application layer, named as in {@code app-layer-event}; only those that are
 * raised.
 */
public enum AppEvent {
    APPLAYER_MISMATCH_PROTOCOL_BOTH_DIRECTIONS,
    APPLAYER_WRONG_DIRECTION_FIRST_DATA,
    APPLAYER_DETECT_PROTOCOL_ONLY_ONE_DIRECTION,
    APPLAYER_UNEXPECTED_PROTOCOL,
    APPLAYER_NO_TLS_AFTER_STARTTLS;

    /** The event of a rule's word, or null. */
    public static AppEvent of(String word) {
        String wanted = word.toUpperCase(Locale.ROOT);
        for (AppEvent event : values()) {
            if (event.name().equals(wanted)) {
                return event;
            }
        }
        return null;
    }

    public long bit() {
        return 1L << ordinal();
    }
}
