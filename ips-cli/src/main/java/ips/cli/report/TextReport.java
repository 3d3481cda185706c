package ips.cli.report;

import ips.core.EngineReport;
import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.block.PrintableAscii;
import ips.core.counter.Counter;
import ips.core.packet.Cidr;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.RuleHits;
import ips.core.verdict.SignatureAlert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run's outcome for a person: what was read, what was odd about it, who attacked. */
public final class TextReport {
    /** More rows than a person reads; JSON has them all. */
    private static final int MAX_ROWS = 40;

    /** A ban for something else covers a campaign if it began up to so long behind its end. */
    private static final long JUDGED_NS = 3_000_000_000L;

    private static final String RED = "\u001b[31;1m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final EngineReport report;
    private final boolean colors;
    private final List<String> lines = new ArrayList<>();

    private TextReport(EngineReport report, boolean colors) {
        this.report = report;
        this.colors = colors;
    }

    /**
     * The lines to be shown.
     *
     * @param subject what was read: a file's name, an interface
     * @param elapsed how long the reading took
     * @param banVerb what became of offenders: "would be banned" or "banned"
     */
    public static List<String> of(
            EngineReport report, String subject, Duration elapsed, String banVerb, boolean colors) {
        TextReport text = new TextReport(report, colors);
        text.traffic(subject, elapsed);
        text.oddities();
        text.offenders(banVerb);
        text.alerts();
        return text.lines;
    }

    private void traffic(String subject, Duration elapsed) {
        double seconds = Math.max(elapsed.toNanos(), 1) / 1e9;
        field(subject, "");
        field("frames", Units.count(report.frames()));
        field("bytes", Units.count(report.bytes()) + " (" + Units.bytes(report.bytes()) + ")");
        if (report.frames() > 0 && report.firstNs() != 0) {
            field(
                    "traffic",
                    "%s, from %s to %s UTC"
                            .formatted(
                                    Units.duration(Math.max(0, report.lastNs() - report.firstNs())),
                                    Units.dateAndTime(report.firstNs()),
                                    Units.dateAndTime(report.lastNs())));
        }
        field(
                "rate",
                "%s frames/s, %sbit/s, over %s"
                        .formatted(
                                Units.rounded(report.frames() / seconds),
                                withUnit(Units.rounded(8.0 * report.bytes() / seconds)),
                                Units.duration(elapsed.toNanos())));
        String share =
                report.lost() == 0
                        ? ""
                        : " (%s)"
                                .formatted(
                                        Units.share(
                                                report.lost(), report.frames() + report.lost()));
        field("lost", Units.count(report.lost()) + share);
        String protocols = Oddities.protocols(report.counters());
        if (!protocols.isEmpty()) {
            field("protocols", protocols);
        }
    }

    private static String withUnit(String rounded) {
        return rounded.contains(" ") ? rounded : rounded + " ";
    }

    private void oddities() {
        List<Map.Entry<Counter, Long>> odd =
                report.counters().entrySet().stream()
                        .filter(entry -> entry.getValue() > 0)
                        .filter(entry -> Oddities.isOdd(entry.getKey()))
                        .toList();
        if (odd.isEmpty()) {
            return;
        }
        lines.add("");
        heading("Worth a look");
        TextTable table = new TextTable(">", "");
        odd.forEach(
                entry ->
                        table.row(
                                Units.count(entry.getValue()), Oddities.sentence(entry.getKey())));
        table.lines().stream().skip(1).forEach(line -> lines.add("  " + line));
    }

    private void offenders(String banVerb) {
        List<Detection> detections = report.detections();
        lines.add("");
        if (detections.isEmpty()) {
            heading("No offenders");
            return;
        }
        heading("Offenders");
        TextTable table =
                new TextTable(
                        "ADDRESS",
                        "WHAT",
                        "AGAINST",
                        "COUNT>",
                        "FIRST SEEN (UTC)",
                        "LASTED",
                        banVerb.toUpperCase(Locale.ROOT));
        detections.stream().limit(MAX_ROWS).forEach(detection -> table.row(cells(detection)));
        List<String> rows = table.lines();
        lines.add("  " + rows.get(0));
        rows.stream().skip(1).forEach(row -> lines.add("  " + colored(RED, row)));
        if (detections.size() > MAX_ROWS) {
            lines.add(
                    "  ... and %s more; --json lists all"
                            .formatted(Units.count(detections.size() - MAX_ROWS)));
        }
    }

    /** Left out where no rule alerted. */
    private void alerts() {
        List<RuleHits> alerts = report.alerts();
        if (alerts.isEmpty()) {
            return;
        }
        lines.add("");
        heading("Alerts of rules");
        TextTable table =
                new TextTable("RULE>", "WHAT", "FROM", "TO", "COUNT>", "FIRST SEEN (UTC)");
        alerts.stream().limit(MAX_ROWS).forEach(hits -> table.row(cells(hits)));
        table.lines().forEach(row -> lines.add("  " + row));
        if (alerts.size() > MAX_ROWS) {
            lines.add(
                    "  ... and %s more; --json lists all"
                            .formatted(Units.count(alerts.size() - MAX_ROWS)));
        }
    }

    private static String[] cells(RuleHits hits) {
        SignatureAlert first = hits.first();
        String port = first.destinationPort() == 0 ? "" : " port " + first.destinationPort();
        return new String[] {
            Long.toString(Integer.toUnsignedLong(first.rule().id().sid())),
            PrintableAscii.escape(first.rule().message()),
            hits.manySources() ? "several" : first.source() == null ? "-" : first.source() + "",
            first.destination() == null ? "-" : first.destination() + port,
            Units.count(hits.count()),
            Units.dateAndTime(first.timestampNs())
        };
    }

    private String[] cells(Detection detection) {
        return new String[] {
            detection.source() == null
                    ? "many sources"
                    : detection.kind().accused(detection.source()).toString(),
            detection.kind().title(),
            target(detection),
            Units.count(detection.count()),
            Units.dateAndTime(detection.firstNs()),
            Units.duration(Math.max(0, detection.lastNs() - detection.firstNs())),
            ban(detection)
        };
    }

    private static String target(Detection detection) {
        String port = detection.port() == 0 ? "" : "port " + detection.port();
        if (detection.destination() == null) {
            return port.isEmpty() ? "-" : port;
        }
        return port.isEmpty()
                ? detection.destination().toString()
                : detection.destination() + " " + port;
    }

    /** The ban this campaign led to, or else another in force that covers its packets. */
    private String ban(Detection detection) {
        if (detection.source() == null) {
            return "nobody: spoofed sources";
        }
        Cidr source = detection.kind().accused(detection.source());
        return report.bans().stream()
                .filter(ban -> ban.address().contains(source))
                .filter(ban -> ban.untilNs() >= detection.firstNs())
                .filter(ban -> isFor(ban, detection) || covers(ban, detection))
                .min(
                        Comparator.comparing((Ban ban) -> !isFor(ban, detection))
                                .thenComparing(ban -> ban.scope() != detection.scope())
                                .thenComparing(Ban::fromNs))
                .map(TextReport::lengthAndScope)
                .orElse(detection.action() == Action.ALERT ? "no, alert only" : "no");
    }

    /** However late it came: where frames are few or the ban budget is short, it comes late. */
    private static boolean isFor(Ban ban, Detection detection) {
        return detection.kind().equals(ban.kind());
    }

    private static boolean covers(Ban ban, Detection detection) {
        return ban.fromNs() <= detection.lastNs() + JUDGED_NS
                && (ban.scope() == BanScope.ALL || ban.scope() == detection.scope());
    }

    private static String lengthAndScope(Ban ban) {
        return Units.duration(ban.untilNs() - ban.fromNs()) + ", " + packets(ban);
    }

    private static String packets(Ban ban) {
        return switch (ban.scope()) {
            case ALL -> "all packets";
            case SYN -> "SYNs";
            case ICMP -> "ICMP";
            case ODD_FLAGS -> "odd flags";
            case UDP -> "UDP";
            case SCTP -> "SCTP";
        };
    }

    private void field(String name, String value) {
        if (value.isEmpty()) {
            heading(name);
        } else {
            lines.add("  %-9s  %s".formatted(name, value));
        }
    }

    private void heading(String text) {
        lines.add(colored(BOLD, text));
    }

    private String colored(String color, String text) {
        return colors ? color + text + PLAIN : text;
    }
}
