package ips.core.verdict;

/**
 * Where reports go; the end of the hot path. Called by a worker's thread; never blocks. A report
 * that finds no room is counted by the implementation, not waited for.
 */
public interface VerdictSink {
    void raise(Report report);
}
