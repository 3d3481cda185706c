package ips.core.inspect;

import java.util.Arrays;

/**
 * Which rules' patterns were found in an HTTP message so far, so that what comes later of it is
 * searched alone. At most {@value #MOST}; beyond that the message is searched as a whole each time.
 */
public final class FoundRules {
    private static final int MOST = 256;

    private int[] orders = new int[4];
    private int count;
    private boolean tooMany;

    // What has come, and what of it was searched.
    private boolean headComplete;
    private int headers;
    private int bodyLength;
    private boolean headSearched;
    private int headersSearched;
    private int bodySearched;
    private int bodySearchedAwaiting;

    void begin() {
        count = 0;
        tooMany = false;
        headSearched = false;
        bodySearched = 0;
        bodySearchedAwaiting = 0;
    }

    /** So much of the message has come. */
    void reached(boolean headComplete, int headers, int bodyLength) {
        this.headComplete = headComplete;
        this.headers = headers;
        this.bodyLength = bodyLength;
    }

    /**
     * All that has come was searched.
     *
     * @param awaiting for the patterns, too, of rules that waited for a flowbit
     */
    public void searched(boolean awaiting) {
        headSearched = headComplete;
        headersSearched = headers;
        bodySearched = bodyLength;
        if (awaiting) {
            bodySearchedAwaiting = bodyLength;
        }
    }

    /** Whether first line and headers were searched, and none came since. */
    public boolean headSearched() {
        return headSearched && headersSearched == headers && !tooMany;
    }

    /** Bytes of the body that were searched. */
    public int bodySearched() {
        return tooMany ? 0 : bodySearched;
    }

    /** The same for the patterns of rules that wait for a flowbit. */
    public int bodySearchedAwaiting() {
        return tooMany ? 0 : bodySearchedAwaiting;
    }

    /** Notes a rule, if it is not noted yet. */
    public void add(int order) {
        for (int i = 0; i < count; i++) {
            if (orders[i] == order) {
                return;
            }
        }
        if (count == MOST) {
            tooMany = true;
            return;
        }
        if (count == orders.length) {
            orders = Arrays.copyOf(orders, count * 2);
        }
        orders[count++] = order;
    }

    public int count() {
        return count;
    }

    public int order(int index) {
        return orders[index];
    }
}
