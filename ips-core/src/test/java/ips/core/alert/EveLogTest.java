package ips.core.alert;

import static ips.core.alert.AlertFixture.SECOND;
import static ips.core.alert.AlertFixture.START;
import static ips.core.alert.AlertFixture.ban;
import static ips.core.alert.AlertFixture.detection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import ips.core.block.Ban;
import ips.core.block.BlockListener.ReleaseReason;
import ips.core.block.BlockListener.SpareReason;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.AlertDetails;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.PacketDetails;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.SignatureId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EveLogTest {
    private static final String OFFENDER = "198.51.100.7";
    private static final String VICTIM = "203.0.113.80";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Throwable> errors = new ArrayList<>();
    private final Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    private final Counters own = new Counters();
    private final EveLog log = log("eth0", false);

    private EveLog log(String inIface, boolean enforcing) {
        return EveLog.toStream(bytes, inIface, enforcing, () -> counters, own, errors::add);
    }

    @Test
    void writesAnAlertAsSuricataDoes() throws IOException {
        log.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));

        String expected =
                """
                {"timestamp":"2026-11-23T06:46:25.123456+0000","in_iface":"eth0",\
                "event_type":"alert","src_ip":"198.51.100.7","dest_ip":"203.0.113.80",\
                "dest_port":80,"proto":"TCP","alert":{"action":"allowed","gid":1,\
                "signature_id":9000001,"rev":1,"signature":"SYN flood",\
                "category":"Attempted Denial of Service","severity":2,\
                "metadata":{"kind":["syn_flood"]}},"ips":{"campaign":7,"count":51,\
                "first":"2026-11-23T06:46:23.123456+0000",\
                "last":"2026-11-23T06:46:25.123456+0000","first_frame":10,"last_frame":99,\
                "scope":"syn","evidence":{"half_open":51,"ok":true}}}
                """;
        assertEquals(expected, text());
        assertValid(1);
    }

    @Test
    void leavesOutWhatIsManyOrUnknown() throws IOException {
        log.detected(detection(Kind.SYN_FLOOD, null, VICTIM, 80));
        log.detected(detection(Kind.SWEEP, OFFENDER, null, 0));
        log.detected(detection(Kind.ICMP_FLOOD, "2001:db8::7", "2001:db8::80", 0));

        List<JsonNode> events = assertValid(3);
        assertFalse(events.get(0).has("src_ip"));
        assertEquals(VICTIM, events.get(0).get("dest_ip").asText());
        assertFalse(events.get(1).has("dest_ip"));
        assertFalse(events.get(1).has("dest_port"));
        assertFalse(events.get(1).has("proto"));
        assertEquals("IPv6-ICMP", events.get(2).get("proto").asText());
        // All digits, as Suricata has it.
        assertEquals(
                "2001:0db8:0000:0000:0000:0000:0000:0007", events.get(2).get("src_ip").asText());
    }

    @Test
    void saysBlockedWhereABanIsEnforced() throws IOException {
        EveLog enforcing = log(null, true);
        enforcing.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
        enforcing.banned(
                ban(OFFENDER, "why", 0), detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80), false);
        enforcing.detected(detection(Kind.SCAN_NULL, "192.0.2.1", VICTIM, 80));
        enforcing.spared(detection(Kind.SCAN_NULL, "192.0.2.1", VICTIM, 80), SpareReason.ALLOWLIST);

        List<JsonNode> events = assertValid(3);
        assertEquals("blocked", events.get(0).at("/alert/action").asText());
        assertEquals("ips_ban", events.get(1).get("event_type").asText());
        assertEquals("allowed", events.get(2).at("/alert/action").asText());
    }

    @Test
    void holdsAnAlertBackNoLongerThanATick() throws IOException {
        EveLog enforcing = log(null, true);
        enforcing.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
        assertEquals("", text());

        enforcing.tick(START + SECOND);

        assertEquals("allowed", assertValid(1).get(0).at("/alert/action").asText());
    }

    @Test
    void writesBansAndReleasesButNoProlongations() throws IOException {
        var cause = detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80);
        log.banned(ban(OFFENDER, "SYN flood: 51 in 2.0 s", 2), cause, false);
        log.banned(ban(OFFENDER, "SYN flood: 99 in 3.0 s", 2), cause, true);
        log.released(ban(OFFENDER, "SYN flood: 99 in 3.0 s", 2), ReleaseReason.EXPIRED);
        log.banned(ban("192.0.2.0/24", "by hand", 0), null, false);

        List<JsonNode> events = assertValid(3);
        JsonNode ban = events.get(0).get("ips_ban");
        assertEquals("ban", ban.get("event").asText());
        assertEquals(OFFENDER, ban.get("address").asText());
        assertEquals("syn", ban.get("scope").asText());
        assertEquals("syn_flood", ban.get("kind").asText());
        assertEquals("SYN flood: 51 in 2.0 s", ban.get("reason").asText());
        assertEquals("2026-11-23T06:46:25.123456+0000", ban.get("from").asText());
        assertEquals("2026-11-23T06:47:25.123456+0000", ban.get("until").asText());
        assertEquals(2, ban.get("repeat").asInt());
        JsonNode release = events.get(1).get("ips_ban");
        assertEquals("release", release.get("event").asText());
        assertEquals("expired", release.get("why").asText());
        assertEquals("2026-11-23T06:47:25.123456+0000", events.get(1).get("timestamp").asText());
        assertEquals("192.0.2.0/24", events.get(2).at("/ips_ban/address").asText());
    }

    @ParameterizedTest
    @EnumSource
    void writesABanOfAnyScope(BanScope scope) throws IOException {
        Cidr address = Cidr.parse(OFFENDER);
        long until = START + SECOND;
        log.banned(
                new Ban(address, scope, Kind.SYN_FLOOD, "by hand", START, until, 0), null, false);

        assertEquals(scope.word(), assertValid(1).get(0).at("/ips_ban/scope").asText());
    }

    @Test
    void writesStatsEveryEightSecondsAndAtTheEnd() throws IOException {
        counters.put(Counter.FRAMES_RECEIVED, 1000L);
        counters.put(Counter.FRAMES_LOST_BY_KERNEL, 10L);
        counters.put(Counter.FRAMES_PROCESSED, 990L);
        counters.put(Counter.TCP_BAD_OFFSET, 2L);
        counters.put(Counter.IPV4_BAD_VERSION, 3L);
        for (int second = 0; second <= 20; second++) {
            log.tick(START + second * SECOND);
        }
        log.close();

        List<JsonNode> events = assertValid(3);
        assertEquals(8, events.get(0).at("/stats/uptime").asInt());
        assertEquals(16, events.get(1).at("/stats/uptime").asInt());
        assertEquals(20, events.get(2).at("/stats/uptime").asInt());
        JsonNode stats = events.get(2).get("stats");
        assertEquals(1000, stats.at("/capture/kernel_packets").asInt());
        assertEquals(10, stats.at("/capture/kernel_drops").asInt());
        assertEquals(990, stats.at("/decoder/pkts").asInt());
        assertEquals(5, stats.at("/decoder/invalid").asInt());
        assertEquals(1000, stats.at("/ips/frames-received").asInt());
        assertEquals(Counter.values().length, stats.get("ips").size());
    }

    @Test
    void staysOneValidObjectALineWhateverBytesComeFromTheWire() throws IOException {
        Random random = new Random(42);
        for (int i = 0; i < 500; i++) {
            StringBuilder hostile = new StringBuilder("\"}\n{\u2028\u0000\u001b[31m\ud800\\");
            for (int j = 0; j < 40; j++) {
                hostile.append((char) random.nextInt(0x10000));
            }
            String text = hostile.toString();
            Kind kind = new Kind(text, text, new SignatureId(1, 1, 1), text, 3);
            Evidence evidence = Evidence.of(text, text, "not a number", Double.NaN, "rate", 0.5);
            log.detected(detection(kind, OFFENDER, VICTIM, 80, evidence));
            log.banned(ban(OFFENDER, text, 0), null, false);
        }

        assertValid(1000);
        for (byte each : bytes.toByteArray()) {
            assertTrue(each == '\n' || each >= ' ' && each <= '~', "byte " + each);
        }
    }

    @Test
    void appendsToAFileAndOpensItAnewWhenAsked(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("new").resolve("eve.json");
        EveLog toFile = EveLog.toFile(file, null, false, () -> counters, own, errors::add);
        toFile.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
        assertEquals(1, Files.readAllLines(file).size());

        Files.move(file, directory.resolve("eve.json.1"));
        toFile.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
        assertFalse(Files.exists(file));
        toFile.reopen();
        toFile.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
        toFile.close();

        assertEquals(2, Files.readAllLines(directory.resolve("eve.json.1")).size());
        // An alert, and the statistics of the end.
        assertEquals(2, Files.readAllLines(file).size());
        EveLog again = EveLog.toFile(file, null, false, () -> counters, own, errors::add);
        again.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
        assertEquals(3, Files.readAllLines(file).size());
        assertEquals(List.of(), errors);
    }

    @Test
    void saysOnceThatNobodyReadsTheStream() {
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int each) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };
        for (OutputStream stream : List.of(broken, new PrintStream(broken))) {
            errors.clear();
            EveLog unread = EveLog.toStream(stream, null, false, () -> counters, own, errors::add);
            unread.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
            unread.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));

            assertEquals(1, errors.size());
        }
        assertEquals(4, own.get(Counter.LOG_LINES_LOST));
    }

    @Test
    void countsTheLinesAFileDoesNotTake(@TempDir Path directory) {
        EveLog toFolder = EveLog.toFile(directory, null, false, () -> counters, own, errors::add);
        toFolder.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));
        toFolder.detected(detection(Kind.SYN_FLOOD, OFFENDER, VICTIM, 80));

        assertEquals(1, errors.size());
        assertEquals(2, own.get(Counter.LOG_LINES_LOST));
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesARulesAlertAndTheDropItMeans() throws IOException {
        IpAddress client = IpAddress.parse(OFFENDER);
        IpAddress server = IpAddress.parse(VICTIM);
        RuleInfo rule =
                new RuleInfo(
                        new SignatureId(1, 2100498, 7),
                        "a shell",
                        "Web Application Attack",
                        1,
                        List.of(),
                        Map.of("mitre_technique_id", List.of("T1505")),
                        RuleInfo.Target.DESTINATION);
        AlertDetails.Http http =
                new AlertDetails.Http(
                        "h",
                        8080,
                        "/\u00c3\u00a9",
                        "c\u00e9",
                        "1.2.3.4",
                        null,
                        "bytes 0-4/10",
                        null,
                        "GET",
                        "HTTP/1.1",
                        206,
                        "/l",
                        5);
        AlertDetails details =
                new AlertDetails(3, 2, 400, 200, 1_700_000_000L, client, 4000, server, 80, http);
        PacketDetails packet =
                new PacketDetails(
                        100,
                        7,
                        80,
                        0,
                        64,
                        9,
                        "a\0b\r\n\u00e9",
                        true,
                        false,
                        new PacketDetails.Carrier("gre tunnel", client, 0, server, 0, 47, 1),
                        -1,
                        -1,
                        new PacketDetails.Tcp(-1, 2, 3, 0x18, 1, 9));

        log.alerted(alert(12, rule, client, server, details, packet));
        log.alerted(alert(12, rule, client, server, details, packet));

        List<JsonNode> events = assertValid(3);
        JsonNode alert = events.get(0);
        assertEquals("a.b\r\n.", alert.get("payload_printable").asText());
        assertEquals(1, alert.get("stream").asInt());
        assertEquals("gre tunnel", alert.get("pkt_src").asText());
        assertEquals("GRE", alert.get("tunnel").get("proto").asText());
        assertEquals(1, alert.get("tunnel").get("depth").asInt());
        assertNull(alert.get("pcap_cnt"));
        assertEquals(8080, alert.get("http").get("http_port").asInt());
        assertEquals("[100,7]", alert.get("vlan").toString());
        assertEquals("198.51.100.7", alert.get("flow").get("src_ip").asText());
        assertEquals("/\u00e9", alert.get("http").get("url").asText());
        assertEquals("c\\xe9", alert.get("http").get("http_user_agent").asText());
        assertEquals("1.2.3.4", alert.get("http").get("xff").asText());
        assertEquals("/l", alert.get("http").get("redirect").asText());
        JsonNode range = alert.get("http").get("content_range");
        assertEquals(
                "{\"raw\":\"bytes 0-4/10\",\"start\":0,\"end\":4,\"size\":10}", range.toString());
        JsonNode target = alert.get("alert").get("target");
        assertEquals(VICTIM, target.get("ip").asText());
        assertEquals(OFFENDER, alert.get("alert").get("source").get("ip").asText());
        assertEquals("blocked", alert.get("alert").get("action").asText());
        JsonNode drop = events.get(1);
        assertEquals("drop", drop.get("event_type").asText());
        assertEquals(4_294_967_295L, drop.get("drop").get("tcpseq").asLong());
        assertEquals(1, drop.get("drop").get("tcpres").asInt());
        assertEquals(9, drop.get("drop").get("tcpurgp").asInt());
        assertEquals("drop", drop.get("verdict").get("action").asText());
        assertEquals(true, drop.get("drop").get("psh").asBoolean());
        assertEquals(2100498, drop.get("alert").get("signature_id").asInt());
    }

    private static SignatureAlert alert(
            long frame,
            RuleInfo rule,
            IpAddress source,
            IpAddress destination,
            AlertDetails details,
            PacketDetails packet) {
        return new SignatureAlert(
                frame,
                1_700_000_000L,
                0,
                rule,
                true,
                "drop",
                true,
                source,
                4000,
                destination,
                80,
                6,
                -1,
                0,
                77,
                true,
                false,
                "http",
                0,
                true,
                details,
                packet);
    }

    /** Every line is an object by the schema. */
    private List<JsonNode> assertValid(int lines) throws IOException {
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> events = new ArrayList<>();
        try (InputStream in = EveLogTest.class.getResourceAsStream("eve.schema.json")) {
            Schema schema = registry.getSchema(in, InputFormat.JSON);
            for (String line : text().split("\n")) {
                JsonNode event = mapper.readTree(line);
                assertEquals(List.of(), schema.validate(event), line);
                events.add(event);
            }
        }
        assertEquals(lines, events.size());
        return events;
    }
}
