package ips.core.alert;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.core.packet.TcpFlags;
import ips.core.verdict.AlertDetails;
import ips.core.verdict.PacketDetails;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rule's alert as Suricata 7 writes it. */
final class EveRuleAlert {
    /** RFC 9110 §14.4. */
    private static final Pattern RANGE =
            Pattern.compile("bytes +(?:\\*|(\\d{1,18})-(\\d{1,18}))/(?:\\*|(\\d{1,18}))");

    private static final String WIRE = "wire/pcap";
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int IPV6_FRAGMENT = 44;

    private EveRuleAlert() {}

    static void write(JsonGenerator json, SignatureAlert alert, String inIface) throws IOException {
        beginning(json, alert, inIface, "alert");
        transaction(json, alert);
        rule(json, alert, alert.blocked());
        json.writeObjectFieldStart("verdict");
        json.writeStringField("action", alert.verdict());
        json.writeEndObject();
        AlertDetails details = alert.details();
        if (details != null && details.http() != null) {
            http(json, details.http());
        }
        if (alert.appProtocol() != null) {
            json.writeStringField("app_proto", alert.appProtocol());
        }
        direction(json, alert);
        if (details != null) {
            flow(json, alert, details);
        }
        if (alert.packet().payload() != null) {
            EveWriter.text(json, "payload_printable", printable(alert.packet().payload()));
            json.writeNumberField("stream", alert.packet().ofStream() ? 1 : 0);
        }
    }

    /** The packet that is dropped, and for which rule. */
    static void writeDrop(JsonGenerator json, SignatureAlert alert, String inIface)
            throws IOException {
        PacketDetails packet = alert.packet();
        beginning(json, alert, inIface, "drop");
        transaction(json, alert);
        direction(json, alert);
        json.writeObjectFieldStart("drop");
        json.writeNumberField("len", packet.length());
        json.writeNumberField("tos", packet.trafficClass());
        json.writeNumberField("ttl", packet.ttl());
        json.writeNumberField("ipid", packet.identification());
        PacketDetails.Tcp tcp = packet.tcp();
        if (tcp != null) {
            json.writeNumberField("tcpseq", Integer.toUnsignedLong(tcp.sequence()));
            json.writeNumberField("tcpack", Integer.toUnsignedLong(tcp.acknowledgment()));
            json.writeNumberField("tcpwin", tcp.window());
            json.writeBooleanField("syn", (tcp.flags() & TcpFlags.SYN) != 0);
            json.writeBooleanField("ack", (tcp.flags() & TcpFlags.ACK) != 0);
            json.writeBooleanField("psh", (tcp.flags() & TcpFlags.PSH) != 0);
            json.writeBooleanField("rst", (tcp.flags() & TcpFlags.RST) != 0);
            json.writeBooleanField("urg", (tcp.flags() & TcpFlags.URG) != 0);
            json.writeBooleanField("fin", (tcp.flags() & TcpFlags.FIN) != 0);
            json.writeNumberField("tcpres", tcp.reserved());
            json.writeNumberField("tcpurgp", tcp.urgentPointer());
        } else if (packet.udpLength() >= 0) {
            json.writeNumberField("udplen", packet.udpLength());
        } else if (packet.icmp() >= 0) {
            json.writeNumberField("icmp_id", packet.icmp() >> 16);
            json.writeNumberField("icmp_seq", packet.icmp() & 0xffff);
        }
        json.writeStringField("reason", "rules");
        json.writeEndObject();
        rule(json, alert, true);
        json.writeObjectFieldStart("verdict");
        json.writeStringField("action", "drop");
        json.writeEndObject();
    }

    private static void beginning(
            JsonGenerator json, SignatureAlert alert, String inIface, String type)
            throws IOException {
        json.writeStringField("timestamp", EveWriter.time(alert.timestampNs()));
        if (alert.flowId() != 0) {
            json.writeNumberField("flow_id", alert.flowId());
        }
        if (inIface != null) {
            EveWriter.text(json, "in_iface", inIface);
        }
        if (!alert.fromStream() && alert.packet().carrier() == null) {
            json.writeNumberField("pcap_cnt", alert.frame());
        }
        json.writeStringField("event_type", type);
        PacketDetails packet = alert.packet();
        if (packet.outerVlan() >= 0) {
            json.writeArrayFieldStart("vlan");
            json.writeNumber(packet.outerVlan());
            if (packet.innerVlan() >= 0) {
                json.writeNumber(packet.innerVlan());
            }
            json.writeEndArray();
        }
        endpoints(json, alert);
        json.writeStringField("pkt_src", origin(alert));
        if (packet.carrier() != null) {
            tunnel(json, packet.carrier(), alert.frame());
        }
    }

    /** The outermost packet of the frame. */
    private static void tunnel(JsonGenerator json, PacketDetails.Carrier carrier, long frame)
            throws IOException {
        json.writeObjectFieldStart("tunnel");
        EveWriter.address(json, "src_ip", carrier.source());
        json.writeNumberField("src_port", carrier.sourcePort());
        EveWriter.address(json, "dest_ip", carrier.destination());
        json.writeNumberField("dest_port", carrier.destinationPort());
        json.writeStringField("proto", EveProtocols.name(carrier.protocol()));
        json.writeNumberField("depth", carrier.depth());
        json.writeNumberField("pcap_cnt", frame);
        json.writeStringField("pkt_src", WIRE);
        json.writeEndObject();
    }

    private static String origin(SignatureAlert alert) {
        if (alert.fromStream()) {
            return "stream (flow timeout)";
        }
        PacketDetails.Carrier carrier = alert.packet().carrier();
        return carrier == null ? WIRE : carrier.origin();
    }

    private static void transaction(JsonGenerator json, SignatureAlert alert) throws IOException {
        if (alert.transaction() >= 0) {
            json.writeNumberField("tx_id", alert.transaction());
        }
    }

    private static void direction(JsonGenerator json, SignatureAlert alert) throws IOException {
        if (alert.flowId() != 0) {
            json.writeStringField("direction", alert.toServer() ? "to_server" : "to_client");
        }
    }

    /** Line ends and printable ASCII as they are, a dot for anything else. */
    private static String printable(String payload) {
        StringBuilder text = new StringBuilder(payload.length());
        for (char c : payload.toCharArray()) {
            boolean shows = c >= ' ' && c <= '~' || c == '\r' || c == '\n';
            text.append(shows ? c : '.');
        }
        return text.toString();
    }

    private static void endpoints(JsonGenerator json, SignatureAlert alert) throws IOException {
        if (alert.source() == null) {
            return;
        }
        int protocol = alert.packet().ipv6Fragment() ? IPV6_FRAGMENT : alert.protocol();
        boolean ports = hasPorts(protocol);
        EveWriter.address(json, "src_ip", alert.source());
        if (ports) {
            json.writeNumberField("src_port", alert.sourcePort());
        }
        EveWriter.address(json, "dest_ip", alert.destination());
        if (ports) {
            json.writeNumberField("dest_port", alert.destinationPort());
        }
        json.writeStringField("proto", EveProtocols.name(protocol));
        if (alert.icmpType() >= 0) {
            json.writeNumberField("icmp_type", alert.icmpType());
            json.writeNumberField("icmp_code", alert.icmpCode());
        }
    }

    private static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP;
    }

    private static void rule(JsonGenerator json, SignatureAlert alert, boolean blocked)
            throws IOException {
        RuleInfo rule = alert.rule();
        json.writeObjectFieldStart("alert");
        json.writeStringField("action", blocked ? "blocked" : "allowed");
        json.writeNumberField("gid", rule.id().gid());
        json.writeNumberField("signature_id", Integer.toUnsignedLong(rule.id().sid()));
        json.writeNumberField("rev", rule.id().rev());
        EveWriter.text(json, "signature", rule.message());
        EveWriter.text(json, "category", rule.category());
        json.writeNumberField("severity", rule.severity());
        if (!rule.metadata().isEmpty()) {
            json.writeObjectFieldStart("metadata");
            for (Map.Entry<String, List<String>> each : rule.metadata().entrySet()) {
                json.writeArrayFieldStart(EveWriter.wellFormed(each.getKey()));
                for (String value : each.getValue()) {
                    json.writeString(EveWriter.wellFormed(value));
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        if (rule.target() != RuleInfo.Target.UNTOLD && alert.source() != null) {
            boolean toTarget = rule.target() == RuleInfo.Target.DESTINATION;
            end(json, "source", alert, toTarget);
            end(json, "target", alert, !toTarget);
        }
        json.writeEndObject();
    }

    /** The packet's source or destination as one of attack's ends. */
    private static void end(JsonGenerator json, String name, SignatureAlert alert, boolean source)
            throws IOException {
        json.writeObjectFieldStart(name);
        EveWriter.address(json, "ip", source ? alert.source() : alert.destination());
        if (hasPorts(alert.protocol())) {
            json.writeNumberField("port", source ? alert.sourcePort() : alert.destinationPort());
        }
        json.writeEndObject();
    }

    private static void http(JsonGenerator json, AlertDetails.Http http) throws IOException {
        json.writeObjectFieldStart("http");
        text(json, "hostname", http.hostname());
        if (http.port() > 0) {
            json.writeNumberField("http_port", http.port());
        }
        text(json, "url", http.url());
        text(json, "http_user_agent", http.userAgent());
        text(json, "xff", http.forwardedFor());
        text(json, "http_content_type", http.contentType());
        if (http.contentRange() != null) {
            contentRange(json, http.contentRange());
        }
        text(json, "http_refer", http.referer());
        text(json, "http_method", http.method());
        text(json, "protocol", http.protocol());
        if (http.status() >= 0) {
            json.writeNumberField("status", http.status());
            text(json, "redirect", http.redirect());
        }
        json.writeNumberField("length", http.length());
        json.writeEndObject();
    }

    private static void contentRange(JsonGenerator json, String raw) throws IOException {
        json.writeObjectFieldStart("content_range");
        text(json, "raw", raw);
        Matcher range = RANGE.matcher(raw);
        if (range.matches()) {
            if (range.group(1) != null) {
                json.writeNumberField("start", Long.parseLong(range.group(1)));
                json.writeNumberField("end", Long.parseLong(range.group(2)));
            }
            if (range.group(3) != null) {
                json.writeNumberField("size", Long.parseLong(range.group(3)));
            }
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            EveWriter.bytes(json, name, value);
        }
    }

    private static void flow(JsonGenerator json, SignatureAlert alert, AlertDetails details)
            throws IOException {
        json.writeObjectFieldStart("flow");
        json.writeNumberField("pkts_toserver", details.packetsToServer());
        json.writeNumberField("pkts_toclient", details.packetsToClient());
        json.writeNumberField("bytes_toserver", details.bytesToServer());
        json.writeNumberField("bytes_toclient", details.bytesToClient());
        json.writeStringField("start", EveWriter.time(details.flowStartNs()));
        // As Suricata has it: an error's flow is the one it is about, but for who sends the error.
        EveWriter.address(json, "src_ip", alert.toServer() ? alert.source() : alert.destination());
        EveWriter.address(json, "dest_ip", alert.toServer() ? alert.destination() : alert.source());
        if (hasPorts(alert.protocol())) {
            json.writeNumberField("src_port", details.clientPort());
            json.writeNumberField("dest_port", details.serverPort());
        }
        json.writeEndObject();
    }
}
