package ips.core.rule;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.FIN;
import static ips.core.packet.TcpFlags.PSH;
import static ips.core.packet.TcpFlags.SYN;

import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.verdict.Report;
import ips.core.verdict.SignatureAlert;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Rules, the traffic they are shown frame by frame, and what they alert of. */
final class RuleTraffic {
    static final String CLIENT = "10.0.0.1";
    static final String SERVER = "192.168.1.2";

    private final List<SignatureAlert> alerts = new ArrayList<>();
    private final List<RuleError> errors = new ArrayList<>();
    private final PacketDecoder decoder = new PacketDecoder(true, new Counters());
    private final Packet packet = new Packet();
    private final RuleInspector inspector;
    private long frame;
    private long nowNs = 1_700_000_000_000_000_000L;
    private int clientNext = 1000;
    private int serverNext = 5000;
    private int port = 80;
    private int clientPort = 40_000;

    private RuleTraffic(String text, AlertPolicy policy, RuleInspector.Options options) {
        RuleParser parser = new RuleParser();
        parser.text("test.rules", text);
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        errors.addAll(parser.errors());
        errors.addAll(compiler.errors());
        SignatureSet set = new SignatureSet(compiler.signatures(), policy);
        inspector = new RuleInspector(set, options, this::raised);
    }

    /** Rules that were compiled elsewhere. */
    RuleTraffic(SignatureSet set, RuleInspector.Options options) {
        inspector = new RuleInspector(set, options, this::raised);
    }

    /** Rules as they stand in a file; those without a sid get the number of their line. */
    static RuleTraffic of(String... rules) {
        return new RuleTraffic(numbered(rules), AlertPolicy.NONE, RuleInspector.Options.DEFAULTS);
    }

    /** With connections picked up whose beginning was not seen. */
    static RuleTraffic midstream(String... rules) {
        return new RuleTraffic(
                numbered(rules),
                AlertPolicy.NONE,
                new RuleInspector.Options(false, true, true, 64, false));
    }

    /** The same inline. */
    static RuleTraffic inlineMidstream(String... rules) {
        return new RuleTraffic(
                numbered(rules),
                AlertPolicy.NONE,
                new RuleInspector.Options(true, true, true, 64, false));
    }

    static RuleTraffic inline(String... rules) {
        return new RuleTraffic(
                numbered(rules),
                AlertPolicy.NONE,
                new RuleInspector.Options(true, false, true, 64, true));
    }

    /** Inline, with lines of a {@code threshold.config}. */
    static RuleTraffic inlineUnder(String lines, String... rules) {
        return under(true, lines, rules);
    }

    /** With lines of a {@code threshold.config}. */
    static RuleTraffic under(boolean inline, String lines, String... rules) {
        List<RuleError> errors = new ArrayList<>();
        AlertPolicy policy =
                AlertPolicy.parse("threshold.config", lines, RuleVariables.DEFAULTS, errors);
        RuleTraffic traffic =
                new RuleTraffic(
                        numbered(rules),
                        policy,
                        new RuleInspector.Options(inline, false, true, 64, true));
        traffic.errors.addAll(errors);
        return traffic;
    }

    private static String numbered(String... rules) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rules.length; i++) {
            String rule = rules[i];
            boolean has = rule.contains("sid:");
            int close = rule.lastIndexOf(')');
            text.append(has ? rule : rule.substring(0, close) + " sid:" + (i + 1) + ";)");
            text.append('\n');
        }
        return text.toString();
    }

    private void raised(Report report) {
        alerts.add((SignatureAlert) report);
    }

    // What came of it.

    /** The sids of all alerts, in their order. */
    List<Integer> sids() {
        return alerts.stream().map(alert -> alert.rule().id().sid()).toList();
    }

    int count(int sid) {
        return (int) sids().stream().filter(each -> each == sid).count();
    }

    /** How often there was no room for a part of a message or stream. */
    long refused() {
        return inspector.buffersRefused();
    }

    List<SignatureAlert> alerts() {
        return alerts;
    }

    List<String> errors() {
        return errors.stream().map(RuleError::toString).toList();
    }

    // Frames.

    RuleTraffic frame(FrameBuilder builder) {
        return frame(builder.build());
    }

    RuleTraffic frame(byte[] bytes) {
        nowNs += 10_000_000;
        frame++;
        boolean readable =
                decoder.decode(
                        new FrameBuffer(bytes),
                        0,
                        bytes.length,
                        bytes.length,
                        1,
                        0,
                        0,
                        nowNs,
                        frame,
                        packet);
        if (readable) {
            inspector.packet(packet);
        } else {
            inspector.unreadable(packet);
        }
        return this;
    }

    RuleTraffic later(long seconds) {
        nowNs += seconds * 1_000_000_000L;
        inspector.tick(nowNs, frame);
        return this;
    }

    RuleTraffic end() {
        inspector.end(frame);
        return this;
    }

    RuleTraffic udp(String payload) {
        return frame(FrameBuilder.udp(CLIENT, 1111, SERVER, 2222).payload(bytes(payload)));
    }

    // One TCP connection.

    RuleTraffic toPort(int number) {
        port = number;
        return this;
    }

    /** What follows is of another connection. */
    RuleTraffic fromPort(int number) {
        clientPort = number;
        return this;
    }

    /** The next connection begins with the sequence numbers of the first. */
    RuleTraffic fromTheFirstNumbersOn() {
        clientNext = 1000;
        serverNext = 5000;
        return this;
    }

    RuleTraffic handshake() {
        client(SYN, "");
        server(SYN | ACK, "");
        return client(ACK, "");
    }

    /** Data of the client, acknowledged by the server. */
    RuleTraffic request(String data) {
        client(PSH | ACK, data);
        return server(ACK, "");
    }

    /** Data of the client that the server has and nobody else saw. */
    RuleTraffic withoutRequest(String data) {
        clientNext += data.length();
        return this;
    }

    RuleTraffic response(String data) {
        server(PSH | ACK, data);
        return client(ACK, "");
    }

    RuleTraffic close() {
        client(FIN | ACK, "");
        server(FIN | ACK, "");
        return client(ACK, "");
    }

    RuleTraffic client(int flags, String data) {
        FrameBuilder segment =
                FrameBuilder.tcp(CLIENT, clientPort, SERVER, port)
                        .flags(flags)
                        .seq(clientNext)
                        .ack((flags & ACK) != 0 ? serverNext : 0)
                        .window(8192)
                        .payload(bytes(data));
        clientNext += data.length() + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
        return frame(segment);
    }

    RuleTraffic server(int flags, String data) {
        FrameBuilder segment =
                FrameBuilder.tcp(SERVER, port, CLIENT, clientPort)
                        .flags(flags)
                        .seq(serverNext)
                        .ack((flags & ACK) != 0 ? clientNext : 0)
                        .window(8192)
                        .payload(bytes(data));
        serverNext += data.length() + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
        return frame(segment);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
