package ips.core.detect;

import ips.core.flow.SourceTable;

/**
 * A source's first probe, kept in three longs of its record: only with a probe of something else
 * does the source get room in a {@link ProbeTable}. So the millions of sources of a spoofed flood,
 * and a client that keeps trying a server that is down, cost one write each and no room.
 *
 * <pre>
 *  +0 item (32 bits) | hash of the target (28 bits) | outcome (2 bits) | passed | 1
 *  +1 time, ns | +2 frame
 * </pre>
 */
final class FirstProbe {
    private static final int LONGS = 3;
    private static final long TARGET_MASK = 0xffff_fff0L;
    private static final long KEPT = 1;
    private static final long PASSED = 2;
    private static final int OUTCOME_SHIFT = 2;
    private static final int OUTCOME_MASK = 3;

    private final SourceTable sources;
    private final ProbeTable probes;
    private final long windowNs;
    private final int offset;

    FirstProbe(SourceTable sources, ProbeTable probes, long windowNs) {
        this.sources = sources;
        this.probes = probes;
        this.windowNs = windowNs;
        this.offset = sources.claim(LONGS);
    }

    /**
     * Whether the source probed several items; if not, this probe is kept as its first.
     *
     * @param item the item probed, of which 32 bits are kept
     * @param target a hash of the target
     */
    boolean isPassed(int source, long item, long target, int outcome, long nowNs, long frame) {
        long[] cells = sources.cells();
        int at = source + offset;
        long first = cells[at];
        if (first == 0 || nowNs - cells[at + 1] > windowNs) {
            cells[at] = word(item, target) | outcome - ProbeTable.REFUSED << OUTCOME_SHIFT;
            cells[at + 1] = nowNs;
            cells[at + 2] = frame;
            return false;
        }
        if ((first & PASSED) == 0 && (int) (first >>> 32) == (int) item) {
            return false;
        }
        cells[at] = first | PASSED;
        return true;
    }

    /** Makes a record for a source that passed, the first probe in it if it was of this target. */
    int admit(
            int source,
            long sourceHigh,
            long sourceLow,
            long targetHigh,
            long targetLow,
            int what,
            long target,
            long nowNs,
            long frame) {
        long first = sources.cells()[source + offset];
        boolean replay = (first & TARGET_MASK) == (word(0, target) & TARGET_MASK);
        long firstNs = replay ? sources.cells()[source + offset + 1] : nowNs;
        long firstFrame = replay ? sources.cells()[source + offset + 2] : frame;
        int record =
                probes.add(sourceHigh, sourceLow, targetHigh, targetLow, what, firstNs, firstFrame);
        if (replay) {
            int outcome = ProbeTable.REFUSED + (int) (first >>> OUTCOME_SHIFT & OUTCOME_MASK);
            probes.negative(record, first >>> 32, outcome, firstNs, firstFrame);
        }
        return record;
    }

    /** Forgets the first probe if it was this one: it was answered after all. */
    void answered(int source, long item, long target) {
        long[] cells = sources.cells();
        int at = source + offset;
        if ((cells[at] & ~(OUTCOME_MASK << OUTCOME_SHIFT)) == word(item, target)) {
            cells[at] = 0;
        }
    }

    private static long word(long item, long target) {
        return item << 32 | target << 4 & TARGET_MASK | KEPT;
    }
}
