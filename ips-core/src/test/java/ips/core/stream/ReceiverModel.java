package ips.core.stream;

/**
 * What an application reads from a server's TCP, written as simply as can be: a byte and a mark for
 * each place of the stream. The first byte to come for a place stays.
 */
final class ReceiverModel {
    private final char[] bytes;
    private final boolean[] came;
    private final int window;
    private int next;
    private int lastTime;

    /**
     * @param window how far ahead of the next byte it takes any; it reads at once, so that the
     *     window never shrinks
     */
    ReceiverModel(int length, int window, int synTime) {
        bytes = new char[length];
        came = new boolean[length];
        this.window = window;
        lastTime = synTime;
    }

    void take(Sent segment, boolean timed) {
        if (!segment.fate().arrives() || timed && segment.time() - lastTime < 0) { // RFC 7323 §5.3
            return;
        }
        boolean acceptable =
                segment.data().isEmpty()
                        ? segment.at() == next
                        : segment.end() > next && segment.at() < next + window;
        if (!acceptable) {
            return;
        }
        if (segment.at() <= next) {
            lastTime = segment.time();
        }
        int limit = Math.min(segment.end(), next + window);
        for (int at = Math.max(segment.at(), next); at < limit; at++) {
            if (!came[at]) {
                came[at] = true;
                bytes[at] = segment.data().charAt(at - segment.at());
            }
        }
        while (next < bytes.length && came[next]) {
            next++;
        }
    }

    /** The next byte it waits for, as its acknowledgments say. */
    int next() {
        return next;
    }

    /** The timestamp that its acknowledgments echo. */
    int lastTime() {
        return lastTime;
    }

    /** What the application has read. */
    String read() {
        return new String(bytes, 0, next);
    }
}
