package ips.core.block;

import ips.core.packet.IpAddress;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.Report;
import ips.core.verdict.SignatureAlert;
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

    private static final Comparator<SignatureAlert> ALERTS =
            Comparator.comparing(SignatureAlert::source, NULL_FIRST)
                    .thenComparing(SignatureAlert::destination, NULL_FIRST)
                    .thenComparingInt(SignatureAlert::sourcePort)
                    .thenComparingInt(SignatureAlert::destinationPort)
                    .thenComparing(SignatureAlert::order)
                    .thenComparing(alert -> alert.rule().id());

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
        if (report instanceof SignatureAlert alert) {
            return alert.timestampNs();
        }
        if (report instanceof AlertFrame frame) {
            return frame.timestampNs();
        }
        return ((DestinationCount) report).sliceEndNs();
    }

    private static int rank(Report report) {
        if (report instanceof DestinationCount) {
            return 0;
        }
        return report instanceof AlertFrame ? 1 : report instanceof Verdict ? 2 : 3;
    }

    private static int byContent(Report left, Report right) {
        if (left instanceof DestinationCount count && right instanceof DestinationCount other) {
            return COUNTS.compare(count, other);
        }
        if (left instanceof Verdict verdict && right instanceof Verdict other) {
            return VERDICTS.compare(verdict, other);
        }
        if (left instanceof SignatureAlert alert && right instanceof SignatureAlert other) {
            return ALERTS.compare(alert, other);
        }
        return rank(left) - rank(right);
    }
}
