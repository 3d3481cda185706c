package ips.core.detect;

import ips.core.flow.SourceTable;

/**
 * Fragments of a source that were counted since one of its packets became whole: those are taken
 * back where that packet shows that its source means no harm. A long in each source's record.
 */
final class Pieces {
    /** Fragments of the longest packet where 576 bytes pass at a time (RFC 791 §3.1). */
    private static final int MOST = 119;

    private final SourceTable sources;
    private final int field;

    Pieces(SourceTable sources) {
        this.sources = sources;
        this.field = sources.claim(1);
    }

    /** A fragment was counted. */
    void add(int source) {
        sources.cells()[source + field]++;
    }

    /** A packet became whole: how many fragments may have been its own. */
    long whole(int source) {
        long[] cells = sources.cells();
        long counted = Math.min(cells[source + field], MOST);
        cells[source + field] = 0;
        return counted;
    }
}
