package ips.core.alert;

import ips.core.block.Ban;
import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.block.PrintableAscii;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.ErrorHandler;

/**
 * Alerts, bans and releases as messages to syslog, each a datagram. Alerts read as Snort and
 * Suricata write them there, so that what people have reads them. Nothing waits: a message that
 * cannot be sent at once is lost and counted, and told once a minute. Printable ASCII only,
 * everything else escaped. On the block manager's thread.
 */
public final class SyslogLog implements BlockListener {
    /** Sends a datagram at once, or not at all. */
    public interface Transport extends AutoCloseable {
        /** Throws where it could not be sent now; the next one may be. */
        void send(byte[] message) throws IOException;

        @Override
        void close();
    }

    /** UDP hears of a failure with every other message only. */
    private static final long PAUSE_NS = 60_000_000_000L;

    private final SyslogFormat format;
    private final Transport transport;
    private final Counters counters;
    private final ErrorHandler errorHandler;
    private long nowNs;
    private long toldNs;

    /**
     * @param counters of the block manager's thread
     * @param errorHandler told in one sentence when messages begin to be lost
     */
    public SyslogLog(
            SyslogFormat format,
            Transport transport,
            Counters counters,
            ErrorHandler errorHandler) {
        this.format = format;
        this.transport = transport;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    @Override
    public void alerted(SignatureAlert alert) {
        seen(alert.timestampNs());
        RuleInfo rule = alert.rule();
        String text =
                head(rule.id().toString(), rule.message(), rule.category(), rule.severity())
                        + (alert.source() == null
                                ? ""
                                : protocol(EveProtocols.name(alert.protocol()))
                                        + end(alert.source(), alert.sourcePort())
                                        + " -> "
                                        + end(alert.destination(), alert.destinationPort()))
                        + (alert.blocked() ? " [blocked]" : "");
        send(alert.timestampNs(), rule.severity(), "alert", text);
    }

    @Override
    public void detected(Detection detection) {
        if (detection.kind().word().equals("rule")) {
            return; // told as the rule's alert
        }
        seen(detection.lastNs());
        IpAddress either =
                detection.source() != null ? detection.source() : detection.destination();
        String protocol = EveProtocols.of(detection.kind(), either == null || either.isIpv4());
        String text =
                head(
                                detection.kind().id().toString(),
                                detection.kind().title(),
                                detection.kind().category(),
                                detection.kind().severity())
                        + (protocol == null ? "" : protocol(protocol))
                        + (detection.source() == null
                                ? "many sources"
                                : detection.kind().accused(detection.source()))
                        + " -> "
                        + (detection.destination() == null
                                ? "many destinations"
                                : end(detection.destination(), detection.port()))
                        + ": "
                        + Texts.counts(detection);
        send(detection.lastNs(), detection.kind().severity(), "alert", text);
    }

    /** {@code [1:2100498:7] msg [Classification: ...] [Priority: 2] }. */
    private static String head(String id, String title, String category, int severity) {
        String text = "[" + id + "] " + title;
        if (!category.isEmpty()) {
            text += " [Classification: " + category + "]";
        }
        return PrintableAscii.escape(text) + " [Priority: " + severity + "] ";
    }

    private static String protocol(String name) {
        return "{" + name + "} ";
    }

    private static String end(IpAddress address, int port) {
        if (port == 0) {
            return address.toString();
        }
        return (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
    }

    @Override
    public void banned(Ban ban, Detection cause, boolean prolonged) {
        seen(ban.fromNs());
        if (!prolonged || cause == null) {
            String time = Texts.duration(ban.untilNs() - ban.fromNs());
            ban(ban.fromNs(), "ban", ban, "duration=" + time + " repeat=" + ban.repeat());
        }
    }

    @Override
    public void released(Ban ban, ReleaseReason reason) {
        long endNs = ban.endedNs(reason, nowNs);
        seen(endNs);
        ban(endNs, "release", ban, "why=\"" + Texts.word(reason) + "\"");
    }

    private void ban(long ns, String event, Ban ban, String more) {
        String reason = ban.reason().replace("\"", "\\\"");
        String text =
                "%s %s scope=%s %s reason=\"%s\""
                        .formatted(event, ban.address(), ban.scope().word(), more, reason);
        send(ns, SyslogFormat.BAN_SEVERITY, event, text);
    }

    @Override
    public void tick(long tickNs) {
        nowNs = tickNs;
    }

    private void seen(long ns) {
        nowNs = Math.max(nowNs, ns);
    }

    /**
     * @param text printable ASCII, whatever came from the wire escaped
     */
    private void send(long ns, int severity, String kind, String text) {
        String message = format.message(ns, severity, kind, text);
        try {
            transport.send(message.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            counters.increment(Counter.SYSLOG_LOST);
            if (ns - toldNs >= PAUSE_NS || toldNs == 0) {
                toldNs = ns;
                errorHandler.onError(
                        new IOException(
                                "cannot write to syslog ("
                                        + e.getMessage()
                                        + "): messages are lost until it can be reached"));
            }
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
