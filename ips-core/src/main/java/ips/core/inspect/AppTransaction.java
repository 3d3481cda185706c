package ips.core.inspect;

import java.util.Arrays;

/**
 * One exchange of an application protocol as rules look into it: which buffers there are, what is
 * new, which rules matched before. Used again once rules are through with it.
 */
public abstract class AppTransaction {
    private int[] matched = new int[8];
    private int matches;
    private long number;

    void begin(long number) {
        this.number = number;
        matches = 0;
    }

    /** Its number within the flow, from 0. */
    public final long number() {
        return number;
    }

    /** Notes that a signature matched in a direction; false if it did before. */
    public final boolean match(int order, boolean toServer) {
        int key = order << 1 | (toServer ? 1 : 0);
        for (int i = 0; i < matches; i++) {
            if (matched[i] == key) {
                return false;
            }
        }
        if (matches == matched.length) {
            matched = Arrays.copyOf(matched, matches * 2);
        }
        matched[matches++] = key;
        return true;
    }

    /** Whether rules have something new to look at in a direction; notes that they did. */
    public abstract boolean news(boolean toServer);

    /** Whether a buffer has come, or enough of it to look at where it grows. */
    public boolean ready(String word, boolean toServer) {
        return true;
    }

    /**
     * A buffer by its word, such as {@code http_uri}.
     *
     * @param index which of several, from 0
     * @return the bytes, valid until the next call; null where there is no such buffer
     */
    public abstract ByteRange buffer(String word, boolean toServer, int index, ByteRange into);

    /**
     * What was found when less of a direction had come; null where all of it is searched each time.
     */
    public FoundRules found(boolean toServer) {
        return null;
    }

    /** What is odd about it, bits of its protocol's {@link ProtocolEvent}. */
    public long events() {
        return 0;
    }

    /** A number it has, of the side that a direction comes from; -1 where it has none. */
    public long value(AppValue what, boolean toServer) {
        return -1;
    }
}
