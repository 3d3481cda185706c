package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.cli.eval.CorpusRequest;
import ips.cli.rules.ShippedRules;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.Protocol;
import ips.core.rule.RuleExplanation;
import ips.core.rule.Signature;
import ips.core.rule.SignatureSet;
import ips.core.verdict.SignatureAlert;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rules that come with the sensor: each alerts on what it is about, and on nothing else. */
class ShippedRulesSystemTest {
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.80");
    private static final String ANSWER = "\nANSWER ";

    /** From 10.1.0.0 on, a client for each case. */
    private static final int FIRST_CLIENT = 0x0a01_0000;

    private final SignatureSet rules = RuleRun.compile(ShippedRules.texts());

    @TempDir private Path scratch;

    /** By sid, {@code hit} and {@code miss}. */
    @SuppressWarnings("unchecked")
    private static Map<Integer, Map<String, String>> cases() throws IOException {
        try (InputStream in =
                ShippedRulesSystemTest.class.getResourceAsStream("shipped-rules.yaml")) {
            Load load = new Load(LoadSettings.builder().build());
            return new TreeMap<>((Map<Integer, Map<String, String>>) load.loadFromInputStream(in));
        }
    }

    private static List<byte[]> frames(String text, IpAddress client) {
        if (text.startsWith("FRAME ")) {
            return odd(text.substring(6).strip(), client);
        }
        if (text.startsWith("TCP ")) {
            int end = text.indexOf('\n');
            int port = Integer.parseInt(text.substring(4, end).strip());
            String data = text.substring(end + 1).strip().translateEscapes();
            return new TcpTalk(TcpTalk.Form.PLAIN, client, 40_000, SERVER, port)
                    .client(data)
                    .close();
        }
        int answer = text.indexOf(ANSWER);
        String request = answer < 0 ? text : text.substring(0, answer);
        String response =
                answer < 0
                        ? "HTTP/1.1 200 OK\n\nok"
                        : "HTTP/1.1 " + text.substring(answer + ANSWER.length());
        String line = request.lines().findFirst().orElseThrow();
        String rest = request.substring(line.length());
        String sent = message(line + " HTTP/1.1\nHost: www.example" + rest);
        return new TcpTalk(TcpTalk.Form.PLAIN, client, 40_000, SERVER, 80)
                .client(sent)
                .server(message(response))
                .close();
    }

    /** Line ends, and the length of the body where the headers do not tell one. */
    private static String message(String text) {
        int end = text.indexOf("\n\n");
        String head = (end < 0 ? text.strip() : text.substring(0, end)).replace("\n", "\r\n");
        String body = end < 0 ? "" : text.substring(end + 2);
        boolean chunked = head.contains("chunked");
        return head
                + (chunked ? "" : "\r\nContent-Length: " + body.length())
                + "\r\n\r\n"
                + (chunked ? body.replace("\n", "\r\n") : body);
    }

    private static List<byte[]> odd(String name, IpAddress client) {
        IpAddress client6 = new IpAddress(0x2001_0db8_0000_0000L, client.low());
        IpAddress server6 = IpAddress.parse("2001:db8::80");
        byte[] echo = {8, 0, (byte) 0xf7, (byte) 0xff, 0, 0, 0, 0};
        byte[] echo6 = {(byte) 128, 0, 0, 0, 0, 0, 0, 0};
        FrameBuilder udp6 = FrameBuilder.udp(client6, 4000, server6, 4000).payload("x");
        return switch (name) {
            case "routing header of type 0" -> one(udp6.extension(Protocol.ROUTING, routing(0)));
            case "routing header of type 2" -> one(udp6.extension(Protocol.ROUTING, routing(2)));
            case "ICMPv6 in IPv4" ->
                    one(FrameBuilder.ip(client, SERVER, Protocol.ICMPV6).payload(echo6));
            case "ICMPv4 in IPv4" ->
                    one(FrameBuilder.icmp(client, SERVER).icmpType(8, 0).icmpEcho(1, 1));
            case "ICMPv4 in IPv6" ->
                    one(FrameBuilder.ip(client6, server6, Protocol.ICMP).payload(echo));
            case "ICMPv6 in IPv6" ->
                    one(FrameBuilder.icmp(client6, server6).icmpType(128, 0).icmpEcho(1, 1));
            case "bytes sent twice and not the same" -> twice(client, "GET /b");
            case "bytes sent twice" -> twice(client, "GET /a");
            default -> throw new AssertionError("no frame is called " + name);
        };
    }

    private static byte[] routing(int type) {
        byte[] body = new byte[22];
        body[0] = (byte) type;
        body[1] = 1;
        return body;
    }

    private static List<byte[]> twice(IpAddress client, String again) {
        return new TcpTalk(TcpTalk.Form.PLAIN, client, 40_000, SERVER, 80)
                .clientAt(0, "GET /a")
                .clientAt(0, again)
                .client("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
                .close();
    }

    private static List<byte[]> one(FrameBuilder frame) {
        return List.of(frame.build());
    }

    /** The sids that alerted for a client, v4 or v6, as source or destination. */
    private static Set<Integer> sids(List<SignatureAlert> alerts, IpAddress client) {
        Set<Integer> sids = new TreeSet<>();
        for (SignatureAlert alert : alerts) {
            if (isOf(alert.source(), client) || isOf(alert.destination(), client)) {
                sids.add(alert.rule().id().sid());
            }
        }
        return sids;
    }

    private static boolean isOf(IpAddress address, IpAddress client) {
        boolean isTest6 = address.high() == 0x2001_0db8_0000_0000L;
        return address.equals(client) || isTest6 && address.low() == client.low();
    }

    @Test
    void eachAlertsOnWhatItIsAboutAndIsSilentOnItsHonestTwin() throws IOException {
        List<byte[]> frames = new ArrayList<>();
        int number = 0;
        for (Map<String, String> each : cases().values()) {
            frames.addAll(frames(each.get("hit"), IpAddress.ofIpv4(FIRST_CLIENT + number++)));
            frames.addAll(frames(each.get("miss"), IpAddress.ofIpv4(FIRST_CLIENT + number++)));
        }

        List<SignatureAlert> alerts = RuleRun.alerts(rules, 1, frames);

        List<String> wrong = new ArrayList<>();
        number = 0;
        for (int sid : cases().keySet()) {
            Set<Integer> hit = sids(alerts, IpAddress.ofIpv4(FIRST_CLIENT + number++));
            Set<Integer> miss = sids(alerts, IpAddress.ofIpv4(FIRST_CLIENT + number++));
            if (!hit.equals(Set.of(sid)) || !miss.isEmpty()) {
                wrong.add(sid + ": hit " + hit + ", miss " + miss);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void eachThatAlertsHasACaseAndSaysWhereItsReasonStands() throws IOException {
        Set<Integer> alerting = new TreeSet<>();
        List<String> bare = new ArrayList<>();
        for (Signature each : rules.all()) {
            boolean silent = each.rule().text().contains("noalert");
            int sid = each.info().id().sid();
            if (!silent) {
                alerting.add(sid);
            }
            boolean own = sid > 7_400_000 && sid < 7_500_000;
            if (!own || !silent && each.info().references().isEmpty()) {
                bare.add(each.toString());
            }
        }

        assertEquals(cases().keySet(), alerting);
        assertEquals(List.of(), bare);
    }

    @Test
    void noneIsSlowOrCountsAcrossFlows() {
        List<String> slow = new ArrayList<>();
        for (Signature each : rules.all()) {
            if (RuleExplanation.slowness(each) != null) {
                slow.add(each + ": " + RuleExplanation.slowness(each));
            }
        }

        assertEquals(List.of(), slow);
        assertFalse(rules.spansFlows(), "flows could not be shared among workers any more");
    }

    @Test
    void areSilentOnHonestCaptures() throws IOException {
        Path shared = Repository.sharedCaptures();
        for (String name :
                List.of(
                        "benign-browsing.pcap",
                        "benign-dvwa-login.pcapng",
                        "benign-5-pings.pcap")) {
            assertEquals("", alertsOf(shared.resolve(name)), name);
        }
    }

    @Test
    void areSilentOnTheSampleOfEverydayTraffic() throws IOException {
        assertEquals("", alertsOf(Repository.root().resolve("samples/everyday.pcap")));
    }

    private String alertsOf(Path capture) {
        Sensor.Outcome outcome =
                Sensor.run("analyze", "--log-dir", scratch.toString(), capture.toString());
        assertEquals(0, outcome.exitCode(), outcome.err());
        int at = outcome.out().indexOf("Alerts of rules");
        return at < 0 ? "" : outcome.out().substring(at);
    }

    @Test
    void areSilentOnHonestRequests() throws IOException {
        Path corpus = Repository.sharedCaptures().resolveSibling("corpus/payload-dev.jsonl.gz");
        assumeTrue(Files.exists(corpus), "no " + corpus);
        List<byte[]> frames = new ArrayList<>();
        List<CorpusRequest> honest = new ArrayList<>();
        CorpusRequest.read(
                corpus,
                each -> {
                    if (each.benign()) {
                        IpAddress client = IpAddress.ofIpv4(FIRST_CLIENT + honest.size());
                        frames.addAll(
                                new TcpTalk(TcpTalk.Form.PLAIN, client, 40_000, SERVER, 80)
                                        .client(bytes(each))
                                        .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                                        .close());
                        honest.add(each);
                    }
                });

        List<SignatureAlert> alerts = RuleRun.alerts(rules, 2, frames);

        assertTrue(honest.size() > 1000, "there are honest requests");
        List<String> accused =
                alerts.stream()
                        .map(
                                alert ->
                                        alert.rule().message()
                                                + ": "
                                                + honest.get(
                                                                (int) alert.source().low()
                                                                        - FIRST_CLIENT)
                                                        .uri())
                        .toList();
        assertEquals(List.of(), accused);
    }

    private static byte[] bytes(CorpusRequest request) {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.uri()).append(" HTTP/1.1\r\n");
        for (CorpusRequest.Header header : request.headers()) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(request.body());
        return bytes.toByteArray();
    }

    @Test
    void areAskedUnlessToldOtherwise() throws IOException {
        Path capture = scratch.resolve("shell.pcap");
        Traffic traffic = new Traffic();
        int ms = 0;
        for (byte[] frame : frames("GET /uploads/c99.php?act=ls", IpAddress.parse("203.0.113.9"))) {
            traffic.frame(ms++, frame);
        }
        traffic.write(capture);

        assertTrue(alertsOf(capture).contains("7400101  Web shell"));
        for (String[] without : new String[][] {{"--no-shipped-rules"}, {"--rules-only"}}) {
            Sensor.Outcome outcome =
                    Sensor.run(
                            "analyze",
                            without[0],
                            "--log-dir",
                            scratch.toString(),
                            capture.toString());
            assertFalse(outcome.out().contains("7400101"), outcome.out());
        }
    }
}
