package ips.core.detect;

import ips.core.counter.Counters;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.verdict.VerdictSink;

/**
 * What a worker gives its detectors to work with, for that worker's thread only.
 *
 * @param sources a record for each source, in which a detector may claim fields when it is made
 * @param connections the connections of this worker, among them the current packet's
 * @param destinations counts per destination, summed over all workers by the block manager
 * @param verdicts where verdicts go
 * @param counters this worker's numbers
 * @param workers how many workers share the load, for tables sized in total
 */
public record DetectorContext(
        SourceTable sources,
        ConnectionTable connections,
        DestinationTable destinations,
        VerdictSink verdicts,
        Counters counters,
        int workers) {}
