package ips.core.verdict;

/**
 * Where reports go; the end of the hot path. Called by a worker's thread; never blocks. A report
 * that finds no room is counted by the implementation, not waited for.
 */
public interface VerdictSink {
    /** Takes a report; what is kept of it is the object itself, which must not change any more. */
    void raise(Report report);
}
