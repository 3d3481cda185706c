package ips.core.rule;

import ips.core.ColdPath;
import ips.core.match.PatternListener;
import org.agrona.DirectBuffer;

/**
 * The signatures that may match the packet in hand, by their order. Adding and clearing cost as
 * much as was added; going through them is in order. For one worker.
 */
final class Candidates implements PatternListener {
    private final long[] words;
    private final long[] used;

    Candidates(int signatures) {
        words = new long[(signatures >> 6) + 1];
        used = new long[(words.length >> 6) + 1];
    }

    private Prefilter.Part part;
    private byte[] copy = new byte[0];

    /** Adds those whose pattern occurs. */
    void scan(Prefilter prefilter, DirectBuffer buffer, int offset, int length) {
        scan(prefilter, buffer, offset, length, 0);
    }

    /**
     * Adds those whose pattern occurs, but need not those that lie in what was searched before.
     *
     * @param searched how many bytes from the first on were
     */
    void scan(Prefilter prefilter, DirectBuffer buffer, int offset, int length, int searched) {
        if (prefilter.near != null && searched < prefilter.reach) {
            int to = Math.min(length, prefilter.reach);
            scan(prefilter.near, buffer, offset, to, searched);
        }
        if (prefilter.anywhere != null) {
            scan(prefilter.anywhere, buffer, offset, length, searched);
        }
    }

    private void scan(
            Prefilter.Part part, DirectBuffer buffer, int offset, int length, int searched) {
        this.part = part;
        int skipped = Math.max(0, Math.min(searched, length) - part.longest + 1);
        int first = offset + skipped;
        int count = length - skipped;
        byte[] bytes = buffer.byteArray();
        int from = buffer.wrapAdjustment() + first;
        if (bytes == null) {
            bytes = copied(buffer, first, count);
            from = 0;
        }
        part.patterns.scan(bytes, from, count, this);
    }

    /** Bytes outside the heap; frames and streams are within it as a rule. */
    private byte[] copied(DirectBuffer buffer, int offset, int length) {
        if (copy.length < length) {
            grow(length);
        }
        buffer.getBytes(offset, copy, 0, length);
        return copy;
    }

    @ColdPath
    private void grow(int length) {
        copy = new byte[Math.max(2048, Integer.highestOneBit(length) * 2)];
    }

    @Override
    public void found(int pattern, int end) {
        addAll(part.owners(pattern));
    }

    void add(int order) {
        int word = order >> 6;
        words[word] |= 1L << order;
        used[word >> 6] |= 1L << word;
    }

    void addAll(int[] orders) {
        for (int order : orders) {
            add(order);
        }
    }

    /** Takes the first of them out, or returns -1. */
    int takeFirst() {
        for (int i = 0; i < used.length; i++) {
            while (used[i] != 0) {
                int word = (i << 6) + Long.numberOfTrailingZeros(used[i]);
                long bits = words[word];
                if (bits == 0) {
                    used[i] &= used[i] - 1;
                    continue;
                }
                words[word] = bits & bits - 1;
                return (word << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }
}
