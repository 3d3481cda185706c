package ips.core.block;

import ips.core.packet.IpAddress;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.Report;
import ips.core.verdict.Verdict;
import java.util.Comparator;

/**
 * The order in which reports are handled: by frame, then by time (a tick that follows a frame comes
 * after it), then by content, so that equal reports are handled alike whichever worker was first.
 */
final class ReportOrder {
    private static final Comparator<IpAddress> NULL_FIRST =
            Comparator.nullsFirst(Comparator.naturalOrder());

    private static final Comparator<Verdict> VERDICTS =
            Comparator.comparing(Verdict::kind)
                    .thenComparing(Verdict::source, NULL_FIRST)
                    .thenComparing(Verdict::destination, NULL_FIRST)
                    .thenComparingInt(Verdict::port)
                    .thenComparing(Verdict::action)
                    .thenComparing(Verdict::scope)
                    .thenComparingLong(Verdict::firstFrame)
                    .thenComparingLong(Verdict::count);

    private static final Comparator<DestinationCount> COUNTS =
            Comparator.comparing(DestinationCount::kind)
                    .thenComparing(DestinationCount::destination)
                    .thenComparingLong(DestinationCount::firstFrame)
                    .thenComparing(DestinationCount::onlySource, NULL_FIRST)
                    .thenComparingLong(DestinationCount::count);

    static final Comparator<Report> INSTANCE =
            Comparator.comparingLong(Report::frame)
                    .thenComparingLong(ReportOrder::timeNs)
                    .thenComparing(ReportOrder::byContent);

    private ReportOrder() {}

    /** The frame time a report belongs to. */
    static long timeNs(Report report) {
        if (report instanceof Verdict verdict) {
            return verdict.timestampNs();
        }
        return ((DestinationCount) report).sliceEndNs();
    }

    private static int byContent(Report left, Report right) {
        if (left instanceof DestinationCount count) {
            return right instanceof DestinationCount other ? COUNTS.compare(count, other) : -1;
        }
        return right instanceof Verdict other ? VERDICTS.compare((Verdict) left, other) : 1;
    }
}
