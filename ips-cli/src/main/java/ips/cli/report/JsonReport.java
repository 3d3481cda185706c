package ips.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.core.EngineReport;
import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.verdict.RuleHits;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.util.Map;

/** A run's outcome as one JSON object; docs/operations.md describes it. */
public final class JsonReport {
    private JsonReport() {}

    /** The object, without a line feed at its end. */
    public static String of(EngineReport report) {
        return Json.of(json -> write(report, json));
    }

    private static void write(EngineReport report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("frames", report.frames());
        json.writeNumberField("bytes", report.bytes());
        json.writeNumberField("lost", report.lost());
        json.writeObjectFieldStart("counters");
        for (Map.Entry<Counter, Long> counter : report.counters().entrySet()) {
            json.writeNumberField(counter.getKey().label(), counter.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("detections");
        for (Detection detection : report.detections()) {
            write(detection, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("alerts");
        for (RuleHits hits : report.alerts()) {
            write(hits, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("bans");
        for (Ban ban : report.bans()) {
            write(ban, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(Detection detection, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", detection.kind().word());
        if (detection.source() != null) {
            json.writeStringField(
                    "source", detection.kind().accused(detection.source()).toString());
        }
        if (detection.destination() != null) {
            json.writeStringField("destination", detection.destination().toString());
        }
        if (detection.port() != 0) {
            json.writeNumberField("port", detection.port());
        }
        json.writeNumberField("count", detection.count());
        json.writeStringField("first", Units.iso(detection.firstNs()));
        json.writeStringField("last", Units.iso(detection.lastNs()));
        json.writeNumberField("first_frame", detection.firstFrame());
        json.writeNumberField("last_frame", detection.lastFrame());
        json.writeObjectFieldStart("evidence");
        for (Map.Entry<String, Object> entry : detection.evidence().values().entrySet()) {
            json.writeFieldName(entry.getKey());
            write(entry.getValue(), json);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(RuleHits hits, JsonGenerator json) throws IOException {
        SignatureAlert first = hits.first();
        json.writeStartObject();
        json.writeNumberField("gid", first.rule().id().gid());
        json.writeNumberField("sid", Integer.toUnsignedLong(first.rule().id().sid()));
        json.writeStringField("message", first.rule().message());
        json.writeNumberField("severity", first.rule().severity());
        if (first.source() != null) {
            json.writeStringField("source", first.source().toString());
            json.writeStringField("destination", first.destination().toString());
        }
        if (first.destinationPort() != 0) {
            json.writeNumberField("port", first.destinationPort());
        }
        json.writeBooleanField("many_sources", hits.manySources());
        json.writeNumberField("count", hits.count());
        json.writeStringField("first", Units.iso(first.timestampNs()));
        json.writeStringField("last", Units.iso(hits.lastNs()));
        json.writeNumberField("first_frame", first.frame());
        json.writeEndObject();
    }

    private static void write(Object value, JsonGenerator json) throws IOException {
        if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeString(String.valueOf(value));
        }
    }

    private static void write(Ban ban, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("address", ban.address().toString());
        json.writeStringField("scope", ban.scope().word());
        if (ban.kind() != null) {
            json.writeStringField("kind", ban.kind().word());
        }
        json.writeStringField("reason", ban.reason());
        json.writeStringField("from", Units.iso(ban.fromNs()));
        json.writeStringField("until", Units.iso(ban.untilNs()));
        json.writeEndObject();
    }
}
