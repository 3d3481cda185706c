package ips.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.core.EngineReport;
import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.RuleHits;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.SignatureId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long BEGIN_NS = 1_767_225_600L * SECOND_NS;
    private static final IpAddress OFFENDER = IpAddress.parse("2001:db8::66");
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.80");

    private final Counters counters = new Counters();
    private final List<Detection> detections = new ArrayList<>();
    private final List<RuleHits> alerts = new ArrayList<>();
    private final List<Ban> bans = new ArrayList<>();

    private static SignatureAlert alert(String source) {
        RuleInfo rule =
                new RuleInfo(new SignatureId(1, 7, 2), "a web\nshell", "", 1, List.of(), Map.of());
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse("203.0.113.80");
        return new SignatureAlert(
                12, BEGIN_NS, 0, rule, false, "alert", false, from, 4000, to, 80, 6, -1, -1, 1,
                true, false, "http", 0, true, null, null);
    }

    @Test
    void addsUpTheAlertsOfARule() throws Exception {
        alerts.add(RuleHits.of(alert("192.0.2.1")).and(alert("192.0.2.2")));

        String text = text();

        assertTrue(
                text.contains("   7  a web\\nshell  several  203.0.113.80 port 80      2  2026"),
                text);
        JsonNode json = new ObjectMapper().readTree(JsonReport.of(report())).get("alerts").get(0);
        assertEquals(7, json.get("sid").asInt());
        assertEquals(2, json.get("count").asInt());
        assertTrue(json.get("many_sources").asBoolean());
        assertEquals("192.0.2.1", json.get("source").asText());
    }

    private void detected(Kind kind, IpAddress source, IpAddress destination, Evidence evidence) {
        detected(kind, Action.BAN, BanScope.SYN, source, destination, evidence);
    }

    private void detected(
            Kind kind,
            Action action,
            BanScope scope,
            IpAddress source,
            IpAddress destination,
            Evidence evidence) {
        detections.add(
                new Detection(
                        detections.size() + 1,
                        kind,
                        action,
                        scope,
                        source,
                        destination,
                        0,
                        1234,
                        BEGIN_NS,
                        BEGIN_NS + 2 * SECOND_NS,
                        1,
                        1234,
                        evidence));
    }

    private EngineReport report() {
        return new EngineReport(
                5000,
                400_000,
                7,
                BEGIN_NS,
                BEGIN_NS + 10 * SECOND_NS,
                Counters.sum(List.of(counters)),
                detections,
                alerts,
                bans);
    }

    private String text() {
        return String.join(
                "\n", TextReport.of(report(), "x.pcap", Duration.ofSeconds(2), "banned", false));
    }

    /** Of all frames there were; more may be lost than are seen. */
    @Test
    void tellsTheShareOfFramesThatWereLost() {
        assertTrue(text().contains("  lost       7 (0.14 %)\n"), text());
        EngineReport overrun =
                new EngineReport(
                        10,
                        640,
                        30,
                        BEGIN_NS,
                        BEGIN_NS,
                        Counters.sum(List.of(counters)),
                        List.of(),
                        List.of(),
                        List.of());

        List<String> lines = TextReport.of(overrun, "eth0", Duration.ofSeconds(1), "banned", false);

        assertTrue(lines.contains("  lost       30 (75 %)"), lines::toString);
    }

    @Test
    void writesTheNamesOfProtocolsAsTheirUsersDo() {
        counters.add(Counter.VLAN_TRUNCATED, 1);
        counters.add(Counter.MPLS_TRUNCATED, 1);
        counters.add(Counter.IPV6_BAD_VERSION, 1);
        counters.add(Counter.ICMP_CHECKSUM_WRONG, 1);

        String text = text();

        assertTrue(text.contains("1  VLAN truncated\n"), text);
        assertTrue(text.contains("1  MPLS truncated\n"), text);
        assertTrue(text.contains("1  IPv6 bad version\n"), text);
        assertTrue(text.contains("1  ICMP checksum wrong\n"), text);
    }

    @Test
    void namesEveryCounterInJson() throws Exception {
        counters.add(Counter.TCP_CHECKSUM_WRONG, 3);

        JsonNode json = new ObjectMapper().readTree(JsonReport.of(report()));

        assertEquals(Counter.values().length, json.get("counters").size());
        assertEquals(3, json.get("counters").get("tcp-checksum-wrong").asInt());
        assertEquals(7, json.get("lost").asInt());
    }

    @Test
    void staysJsonWhateverTheWireHeld() throws Exception {
        String hostile = "\"},{\u0000\n\u001b[2J\\ \ud800 </script>";
        detected(
                Kind.SYN_FLOOD,
                OFFENDER,
                SERVER,
                Evidence.of("text", hostile, "share", 0.5, "nan", Double.NaN, "yes", true));

        JsonNode evidence =
                new ObjectMapper()
                        .readTree(JsonReport.of(report()))
                        .get("detections")
                        .get(0)
                        .get("evidence");

        assertTrue(evidence.get("text").asText().startsWith("\"},{\u0000\n\u001b[2J\\"));
        assertEquals(0.5, evidence.get("share").asDouble());
        assertEquals("NaN", evidence.get("nan").asText());
        assertTrue(evidence.get("yes").asBoolean());
    }

    @Test
    void leavesOutWhatADetectionDoesNotHave() throws Exception {
        detected(Kind.SYN_FLOOD, null, SERVER, Evidence.NONE);
        detected(Kind.SWEEP, OFFENDER, null, Evidence.NONE);

        JsonNode json = new ObjectMapper().readTree(JsonReport.of(report())).get("detections");

        assertFalse(json.get(0).has("source"));
        assertFalse(json.get(0).has("port"));
        assertFalse(json.get(1).has("destination"));
        assertEquals("2001:db8::66", json.get(1).get("source").asText());
    }

    @Test
    void showsOddCountersAndNotTheOrdinaryOnes() {
        counters.add(Counter.TCP_CHECKSUM_WRONG, 3);
        counters.add(Counter.FRAMES_RECEIVED, 5000);

        assertTrue(text().contains("3  TCP checksum wrong"), text());
        assertFalse(text().contains("frames received"), text());
    }

    @Test
    void matchesEachCampaignWithTheBanOfItsScope() {
        detected(Kind.SYN_FLOOD, OFFENDER, SERVER, Evidence.NONE);
        long until = BEGIN_NS + 60 * SECOND_NS;
        Cidr who = Cidr.of(OFFENDER);
        bans.add(new Ban(who, BanScope.UDP, Kind.UDP_FLOOD, "r", BEGIN_NS, until, 0));
        bans.add(new Ban(who, BanScope.SYN, Kind.SCAN_SYN, "r", BEGIN_NS, until, 0));

        assertTrue(text().contains("60 s, SYNs"), text());
    }

    private String lineOf(String title) {
        return text().lines().filter(line -> line.contains(title)).findFirst().orElseThrow();
    }

    @Test
    void showsNoBanThatLetsTheCampaignsPacketsPass() {
        Cidr who = Cidr.of(OFFENDER);
        detected(Kind.SCAN_SYN, OFFENDER, SERVER, Evidence.NONE);
        detected(Kind.SCAN_FIN, Action.BAN, BanScope.ODD_FLAGS, OFFENDER, SERVER, Evidence.NONE);
        detected(Kind.SCAN_ACK, Action.ALERT, BanScope.ALL, OFFENDER, SERVER, Evidence.NONE);
        long until = BEGIN_NS + 60 * SECOND_NS;
        bans.add(new Ban(who, BanScope.SYN, Kind.SCAN_SYN, "r", BEGIN_NS, until, 0));

        assertTrue(lineOf("SYN or connect scan").endsWith("60 s, SYNs"), text());
        assertTrue(lineOf("FIN scan").endsWith(" no"), text());
        assertTrue(lineOf("ACK scan").endsWith("no, alert only"), text());

        bans.add(new Ban(who, BanScope.ODD_FLAGS, Kind.SCAN_NULL, "r", BEGIN_NS, until, 0));

        assertTrue(lineOf("FIN scan").endsWith("60 s, odd flags"), text());
        assertTrue(lineOf("ACK scan").endsWith("no, alert only"), text());
    }

    @Test
    void showsTheBanOfItsTime() {
        detected(Kind.SYN_FLOOD, OFFENDER, SERVER, Evidence.NONE);
        long before = BEGIN_NS - 100 * SECOND_NS;
        Cidr who = Cidr.of(OFFENDER);
        bans.add(
                new Ban(
                        who,
                        BanScope.SYN,
                        Kind.SYN_FLOOD,
                        "r",
                        before,
                        before + 60 * SECOND_NS,
                        0));

        assertTrue(lineOf("SYN flood").endsWith(" no"), text());
    }

    @Test
    void showsABanThatCameLate() {
        detected(Kind.SYN_FLOOD, OFFENDER, SERVER, Evidence.NONE);
        long from = BEGIN_NS + 9 * SECOND_NS;
        long until = from + 60 * SECOND_NS;
        Cidr who = Cidr.of(OFFENDER);
        bans.add(new Ban(who, BanScope.SYN, Kind.SYN_FLOOD, "r", from, until, 0));

        assertTrue(lineOf("SYN flood").endsWith("60 s, SYNs"), text());
    }

    @Test
    void showsTheBanOfTheSubnet() {
        detected(Kind.SYN_FLOOD, OFFENDER, SERVER, Evidence.NONE);
        long until = BEGIN_NS + 60 * SECOND_NS;
        Cidr who = Cidr.ipv6Subnet(OFFENDER);
        bans.add(new Ban(who, BanScope.SYN, Kind.SYN_FLOOD, "r", BEGIN_NS, until, 0));

        assertTrue(lineOf("SYN flood").endsWith("60 s, SYNs"), text());
    }

    @Test
    void tellsOrdinaryProtocolsInOneLine() {
        counters.add(Counter.PACKETS_IPV4, 10_023);
        counters.add(Counter.PACKETS_TCP, 10_000);
        counters.add(Counter.PACKETS_ICMPV6, 23);
        counters.add(Counter.HTTP_REQUESTS, 4);

        assertTrue(
                text().contains("protocols  IPv4 10,023, TCP 10,000, ICMPv6 23, HTTP requests 4"),
                text());
        assertFalse(text().contains("Worth a look"), text());
    }

    @Test
    void saysWhenAnOffenderIsNotBanned() {
        detected(Kind.SYN_FLOOD, OFFENDER, SERVER, Evidence.NONE);
        detected(Kind.SYN_FLOOD, null, SERVER, Evidence.NONE);

        assertTrue(text().matches("(?s).*2001:db8::66 .* no\n.*"), text());
        assertTrue(text().contains("nobody: spoofed sources"), text());
    }

    @Test
    void cutsAListThatNobodyReads() {
        for (int i = 0; i < 1000; i++) {
            detected(Kind.SYN_FLOOD, IpAddress.ofIpv4(i), SERVER, Evidence.NONE);
        }

        assertTrue(text().endsWith("... and 960 more; --json lists all"), text());
    }

    @Test
    void survivesACaptureWithoutFrames() {
        EngineReport empty =
                new EngineReport(
                        0,
                        0,
                        0,
                        0,
                        0,
                        Counters.sum(List.of(counters)),
                        List.of(),
                        List.of(),
                        List.of());

        List<String> lines = TextReport.of(empty, "x.pcap", Duration.ZERO, "banned", true);

        assertTrue(String.join("\n", lines).contains("No offenders"));
        assertTrue(JsonReport.of(empty).contains("\"detections\" : [ ]"));
    }
}
