package ips.core.alert;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.core.block.Ban;
import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;

/**
 * EVE JSON, one object a line, as Suricata 7 writes it: {@code alert} when a campaign begins,
 * {@code stats} every eight seconds and at the end; and {@code ips_ban}, of our own, when a ban
 * begins or ends. Fields of Suricata's carry its names and types, what it has no name for lies in
 * an {@code ips} object. A field whose value is unknown or one of many (the source of a spoofed
 * flood, the port of a port scan) is left out.
 *
 * <p>{@code alert.action} is {@code blocked} where the campaign led to a ban that is enforced, and
 * otherwise {@code allowed}. Every line is written whole and at once, in ASCII: whatever bytes came
 * from the wire, a line is one valid JSON object. On the block manager's thread.
 */
public final class EveLog implements BlockListener {
    private static final long STATS_PERIOD_NS = 8_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;

    private final LineOutput out;
    private final EveWriter writer = new EveWriter();
    private final String inIface;
    private final boolean enforcing;
    private final Supplier<Map<Counter, Long>> counters;

    private long droppedFrame = -1;
    private long alerts;
    private long startNs;
    private long nowNs;
    private long statsNs;

    /** A detection that asks for a ban, until it is known whether there is one. */
    private Detection undecided;

    private EveLog(
            LineOutput out,
            String inIface,
            boolean enforcing,
            Supplier<Map<Counter, Long>> counters) {
        this.out = out;
        this.inIface = inIface;
        this.enforcing = enforcing;
        this.counters = counters;
    }

    /**
     * Appends to a file, which is made, along with its directory, when the first line is written.
     *
     * @param inIface the interface or file that frames come from, or null where there are several
     * @param enforcing whether bans really block
     * @param counters the engine's counters, summed up; asked on the block manager's thread
     * @param own of the block manager's thread, for lines that are lost
     * @param errorHandler told in one sentence when the file cannot be written
     */
    public static EveLog toFile(
            Path file,
            String inIface,
            boolean enforcing,
            Supplier<Map<Counter, Long>> counters,
            Counters own,
            ErrorHandler errorHandler) {
        return new EveLog(new LineFile(file, own, errorHandler), inIface, enforcing, counters);
    }

    /** Writes to a stream, such as standard output, and never closes it. */
    public static EveLog toStream(
            OutputStream stream,
            String inIface,
            boolean enforcing,
            Supplier<Map<Counter, Long>> counters,
            Counters own,
            ErrorHandler errorHandler) {
        return new EveLog(new StreamLines(stream, own, errorHandler), inIface, enforcing, counters);
    }

    @Override
    public void alerted(SignatureAlert alert) {
        decide(false);
        seen(alert.timestampNs());
        alerts++;
        out.write(writer.object(json -> EveRuleAlert.write(json, alert, inIface)));
        if (alert.blocked() && alert.frame() != droppedFrame) {
            droppedFrame = alert.frame();
            out.write(writer.object(json -> EveRuleAlert.writeDrop(json, alert, inIface)));
        }
    }

    @Override
    public void detected(Detection detection) {
        if (detection.kind().word().equals("rule")) {
            return; // told as the rule's alert
        }
        decide(false);
        seen(detection.lastNs());
        undecided = detection;
        if (!enforcing || detection.action() == Action.ALERT || detection.source() == null) {
            decide(false);
        }
    }

    @Override
    public void banned(Ban ban, Detection cause, boolean prolonged) {
        decide(undecided != null && cause != null && cause.number() == undecided.number());
        seen(ban.fromNs());
        if (!prolonged || cause == null) {
            writeBan(ban.fromNs(), "ban", ban, null);
        }
    }

    @Override
    public void spared(Detection detection, SpareReason reason) {
        decide(false);
    }

    @Override
    public void released(Ban ban, ReleaseReason reason) {
        decide(false);
        long endNs = ban.endedNs(reason, nowNs);
        seen(endNs);
        writeBan(endNs, "release", ban, reason);
    }

    @Override
    public void tick(long tickNs) {
        decide(false);
        if (tickNs < nowNs - STATS_PERIOD_NS) {
            statsNs = tickNs;
        }
        nowNs = tickNs;
        startNs = startNs == 0 ? tickNs : startNs;
        statsNs = statsNs == 0 ? tickNs : statsNs;
        if (tickNs - statsNs >= STATS_PERIOD_NS) {
            statsNs = tickNs;
            writeStats();
        }
    }

    @Override
    public void close() {
        decide(false);
        if (nowNs > 0) {
            writeStats();
        }
        out.close();
    }

    /** Opens the file anew at the next line, after someone moved it away; from any thread. */
    public void reopen() {
        if (out instanceof LineFile file) {
            file.reopen();
        }
    }

    private void seen(long ns) {
        nowNs = Math.max(nowNs, ns);
        startNs = startNs == 0 ? ns : startNs;
    }

    private void decide(boolean blocked) {
        if (undecided != null) {
            Detection detection = undecided;
            undecided = null;
            writeAlert(detection, blocked);
        }
    }

    private void writeAlert(Detection d, boolean blocked) {
        alerts++;
        out.write(
                writer.object(
                        json -> {
                            header(json, d.lastNs(), "alert");
                            endpoints(json, d);
                            json.writeObjectFieldStart("alert");
                            json.writeStringField("action", blocked ? "blocked" : "allowed");
                            json.writeNumberField("gid", d.kind().id().gid());
                            json.writeNumberField("signature_id", d.kind().id().sid());
                            json.writeNumberField("rev", d.kind().id().rev());
                            EveWriter.text(json, "signature", d.kind().title());
                            EveWriter.text(json, "category", d.kind().category());
                            json.writeNumberField("severity", d.kind().severity());
                            json.writeObjectFieldStart("metadata");
                            json.writeArrayFieldStart("kind");
                            json.writeString(EveWriter.wellFormed(d.kind().word()));
                            json.writeEndArray();
                            json.writeEndObject();
                            json.writeEndObject();
                            campaign(json, d);
                        }));
    }

    private static void endpoints(JsonGenerator json, Detection d) throws IOException {
        if (d.source() != null) {
            EveWriter.address(json, "src_ip", d.source());
        }
        if (d.destination() != null) {
            EveWriter.address(json, "dest_ip", d.destination());
        }
        if (d.port() != 0) {
            json.writeNumberField("dest_port", d.port());
        }
        IpAddress either = d.source() != null ? d.source() : d.destination();
        String protocol = EveProtocols.of(d.kind(), either == null || either.isIpv4());
        if (protocol != null) {
            json.writeStringField("proto", protocol);
        }
    }

    private static void campaign(JsonGenerator json, Detection d) throws IOException {
        json.writeObjectFieldStart("ips");
        json.writeNumberField("campaign", d.number());
        json.writeNumberField("count", d.count());
        json.writeStringField("first", EveWriter.time(d.firstNs()));
        json.writeStringField("last", EveWriter.time(d.lastNs()));
        json.writeNumberField("first_frame", d.firstFrame());
        json.writeNumberField("last_frame", d.lastFrame());
        json.writeStringField("scope", d.scope().word());
        json.writeObjectFieldStart("evidence");
        for (Map.Entry<String, Object> each : d.evidence().values().entrySet()) {
            EveWriter.value(json, each.getKey(), each.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeBan(long timeNs, String event, Ban ban, ReleaseReason why) {
        out.write(
                writer.object(
                        json -> {
                            header(json, timeNs, "ips_ban");
                            if (ban.address().isSingleAddress()) {
                                EveWriter.address(json, "src_ip", ban.address().address());
                            }
                            json.writeObjectFieldStart("ips_ban");
                            json.writeStringField("event", event);
                            json.writeStringField("address", ban.address().toString());
                            json.writeStringField("scope", ban.scope().word());
                            if (ban.kind() != null) {
                                EveWriter.text(json, "kind", ban.kind().word());
                            }
                            EveWriter.text(json, "reason", ban.reason());
                            json.writeStringField("from", EveWriter.time(ban.fromNs()));
                            json.writeStringField(
                                    "until", EveWriter.time(why == null ? ban.untilNs() : timeNs));
                            json.writeNumberField("repeat", ban.repeat());
                            if (why != null) {
                                String word = why.name().toLowerCase(Locale.ROOT);
                                json.writeStringField("why", word.replace('_', '-'));
                            }
                            json.writeEndObject();
                        }));
    }

    private void writeStats() {
        Map<Counter, Long> values = counters.get();
        long uptime = (nowNs - startNs) / SECOND_NS;
        out.write(
                writer.object(
                        json -> {
                            header(json, nowNs, "stats");
                            json.writeObjectFieldStart("stats");
                            json.writeNumberField("uptime", Math.max(0, uptime));
                            EveStats.write(json, values, alerts);
                            json.writeEndObject();
                        }));
    }

    private void header(JsonGenerator json, long ns, String eventType) throws IOException {
        json.writeStringField("timestamp", EveWriter.time(ns));
        if (inIface != null && !eventType.equals("stats")) {
            EveWriter.text(json, "in_iface", inIface);
        }
        json.writeStringField("event_type", eventType);
    }
}
