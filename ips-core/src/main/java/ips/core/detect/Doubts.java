package ips.core.detect;

/**
 * Records of a {@link ProbeTable} that have crossed a threshold and may be innocent all the same:
 * each is to be looked at again after the same time. Its mark says when, as a negative number.
 *
 * <p>Owned by one worker. Room for {@value #CAPACITY}, 12 bytes each; one more has its mark, and is
 * decided with the first probe after its time.
 */
final class Doubts {
    private static final int CAPACITY = 1024;

    private final ProbeTable probes;
    private final long delayNs;
    private final int[] records = new int[CAPACITY];
    private final long[] dueNs = new long[CAPACITY];
    private int begin;
    private int count;

    Doubts(ProbeTable probes, long delayNs) {
        this.probes = probes;
        this.delayNs = delayNs;
    }

    void add(int record, long nowNs) {
        long due = nowNs + delayNs;
        probes.mark(record, -due);
        if (count < CAPACITY) {
            int at = begin + count & CAPACITY - 1;
            records[at] = record;
            dueNs[at] = due;
            count++;
        }
    }

    /** Takes the next record whose time has come and that is still in doubt, or NONE. */
    int poll(long nowNs) {
        while (count > 0 && (dueNs[begin] <= nowNs || isSetBack(nowNs))) {
            int record = records[begin];
            boolean stands = probes.mark(record) == -dueNs[begin];
            boolean isSetBack = isSetBack(nowNs);
            begin = begin + 1 & CAPACITY - 1;
            count--;
            if (stands && !isSetBack) {
                return record;
            }
            if (stands) {
                probes.mark(record, 0); // decided with the next probe
            }
        }
        return ProbeTable.NONE;
    }

    /** All wait equally long, so one that waits longer has seen the clock set back. */
    private boolean isSetBack(long nowNs) {
        return dueNs[begin] - nowNs > delayNs;
    }
}
