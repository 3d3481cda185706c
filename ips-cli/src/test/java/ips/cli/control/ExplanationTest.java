package ips.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.cli.report.Json;
import ips.core.Engine;
import ips.core.block.Ban;
import ips.core.block.BlockListener.ReleaseReason;
import ips.core.block.BlockListener.SpareReason;
import ips.core.block.Detection;
import ips.core.block.RecordingEnforcer;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of an engine that saw nothing, with a history made by hand. */
class ExplanationTest {
    private static final String OFFENDER = "198.51.100.7";
    private static final long BEGIN_NS = 1_767_225_600_000_000_000L;

    private final AddressHistory history = new AddressHistory();
    private final Engine engine = Engine.builder().enforcer(new RecordingEnforcer()).build();

    @AfterEach
    void end() {
        engine.close();
    }

    private List<String> lines(String address) {
        return new Explanation(Cidr.parse(address), history, engine.blockManager()).lines();
    }

    private static Detection detection(long number, Action action, BanScope scope, String text) {
        return new Detection(
                number,
                Kind.SYN_FLOOD,
                action,
                scope,
                IpAddress.parse(OFFENDER),
                IpAddress.parse("203.0.113.80"),
                80,
                51,
                BEGIN_NS,
                BEGIN_NS + 2_500_000_000L,
                3,
                77,
                Evidence.of("seen", text));
    }

    private static Detection detection(long number, Action action) {
        return detection(number, action, BanScope.SYN, "51");
    }

    @Test
    void saysOfAStrangerThatNothingIsKnown() {
        assertEquals(
                List.of(
                        "198.51.100.7: not banned; no threshold was reached, or so long ago that it"
                                + " is forgotten"),
                lines(OFFENDER));
    }

    @ParameterizedTest
    @CsvSource({
        "NEVER_BAN, must never be banned",
        "ALLOWLIST, on the allowlist",
        "BUDGET, the ban budget of that minute was used up",
        "SPOOFED, its address may be forged"
    })
    void saysWhyNoBanFollowed(SpareReason reason, String why) {
        history.spared(detection(1, Action.BAN), reason);

        assertTrue(lines(OFFENDER).get(0).startsWith(OFFENDER + ": not banned: "));
        assertTrue(lines(OFFENDER).get(0).contains(why), () -> lines(OFFENDER).toString());
    }

    @Test
    void judgesByTheLastCampaign() {
        history.spared(detection(1, Action.BAN), SpareReason.BUDGET);
        history.detected(detection(2, Action.ALERT));
        assertTrue(lines(OFFENDER).get(0).contains("what it did is alerted only"));

        history.detected(detection(3, Action.BAN));
        assertEquals(OFFENDER + ": not banned any more", lines(OFFENDER).get(0));
        assertEquals(4, lines(OFFENDER).size());
    }

    @Test
    void tellsOfEachCampaignItsCountsEvidenceAndProof() {
        history.detected(detection(1, Action.BAN, BanScope.SYN, "a\n\u001b[2J"));
        history.ended(detection(1, Action.BAN, BanScope.SYN, "a\n\u001b[2J"));
        history.detected(detection(2, Action.BAN, BanScope.ALL, "51"));

        assertEquals(
                List.of(
                        "  SYN flood: 51 between 2026-01-01T00:00:00.000000Z (frame 3) and"
                                + " 2026-01-01T00:00:02.500000Z (frame 77); seen=a\\n\\u001b[2J;"
                                + " not proven, the address may be forged; ended",
                        "  SYN flood: 51 between 2026-01-01T00:00:00.000000Z (frame 3) and"
                                + " 2026-01-01T00:00:02.500000Z (frame 77); seen=51; a proven"
                                + " source"),
                lines(OFFENDER).subList(1, 3));
    }

    @Test
    void tellsWhatWasDoneInTheOrderOfItsTimes() {
        Ban ban =
                new Ban(
                        Cidr.parse("198.51.100.0/24"),
                        BanScope.ALL,
                        null,
                        "by hand",
                        BEGIN_NS,
                        BEGIN_NS + 60_000_000_000L,
                        0);
        history.released(ban, ReleaseReason.EXPIRED);
        history.banned(ban, null, false);

        assertEquals(
                List.of(
                        "  2026-01-01T00:00:00.000000Z banned by hand: scope all: by hand",
                        "  2026-01-01T00:01:00.000000Z released: expired, scope all"),
                lines(OFFENDER).subList(1, 3));
        assertEquals(1, lines("198.51.101.7").size());
    }

    @Test
    void namesEveryBanThatStands() throws Exception {
        ban("198.51.100.0/24", 3000);
        ban(OFFENDER, 9000);
        ban("198.51.100.8", 9000);

        String told = lines(OFFENDER).get(0);

        String time = "\\S+Z, in \\d+ s";
        String each = "\\(all\\) until " + time;
        assertTrue(told.matches(OFFENDER + ": banned " + each + "; " + each), told);
        assertTrue(lines("198.51.0.0/16").get(0).contains("not banned"));
    }

    private Ban ban(String address, int seconds) throws Exception {
        CompletableFuture<Ban> ban =
                engine.blockManager().ban(Cidr.parse(address), Duration.ofSeconds(seconds), "test");
        for (int i = 0; i < 1000 && !ban.isDone(); i++) {
            engine.frames().idle(System.currentTimeMillis() * 1_000_000);
            Thread.sleep(10);
        }
        return ban.get(1, TimeUnit.SECONDS);
    }

    @Test
    void namesWhatProtectsAnAddress() {
        assertTrue(
                lines("127.0.0.1").get(0).startsWith("127.0.0.1: never banned, for it is "),
                () -> lines("127.0.0.1").toString());
    }

    @Test
    void tellsProgramsTheSame() throws Exception {
        history.spared(detection(1, Action.BAN, BanScope.ALL, "51"), SpareReason.NEVER_BAN);
        history.detected(detection(2, Action.BAN, BanScope.SYN, "\u001b"));
        history.ended(detection(2, Action.BAN, BanScope.SYN, "\u001b"));
        history.banned(ban(OFFENDER, 3000), null, false);

        Explanation explanation =
                new Explanation(Cidr.parse(OFFENDER), history, engine.blockManager());
        JsonNode json = new ObjectMapper().readTree(Json.of(explanation::write));

        assertEquals(OFFENDER, json.get("address").asText());
        assertTrue(json.get("conclusion").asText().startsWith("banned (all) until "));
        assertEquals("", json.get("never_ban").asText());
        assertEquals(OFFENDER, json.get("bans").get(0).get("address").asText());
        JsonNode first = json.get("campaigns").get(0);
        assertEquals("never-ban", first.get("spared").asText());
        assertTrue(first.get("proven").asBoolean());
        assertFalse(first.get("ended").asBoolean());
        JsonNode second = json.get("campaigns").get(1);
        assertEquals("", second.get("spared").asText());
        assertFalse(second.get("proven").asBoolean());
        assertTrue(second.get("ended").asBoolean());
        assertEquals("seen=\\u001b", second.get("evidence").asText());
        assertEquals(77, second.get("last_frame").asInt());
        assertEquals("banned by hand", json.get("events").get(0).get("event").asText());
    }
}
