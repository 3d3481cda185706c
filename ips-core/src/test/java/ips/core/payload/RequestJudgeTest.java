package ips.core.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import ips.core.verdict.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestJudgeTest {
    private final RequestJudge judge = new RequestJudge(RequestJudge.Config.DEFAULTS);

    private static FrameBuffer bytes(String text) {
        return new FrameBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RequestVerdict judge(RequestJudge judge, PartKind part, String value) {
        judge.begin();
        add(judge, part, "q", value);
        return judge.verdict();
    }

    private static void add(RequestJudge judge, PartKind part, String name, String value) {
        FrameBuffer named = bytes(name);
        FrameBuffer valued = bytes(value);
        judge.part(part, named, 0, named.capacity(), valued, 0, valued.capacity());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "attacks.csv", delimiter = '\t', quoteCharacter = '\0')
    void findsEachAttackAndNamesItsKind(String kind, PartKind part, String value) {
        RequestVerdict verdict = judge(judge, part, value);

        assertTrue(verdict.attack(), () -> "score " + verdict.score() + " for " + value);
        assertEquals(kind, verdict.kind().word(), value);
    }

    /** What browsers report of a script that a page's policy kept from running. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "document.cookie = \"a=1\"; alert(1)",
                "javascript:void(0)",
                "<script>alert(1)</script>",
                "window.dataLayer=window.dataLayer||[];function gtag(){",
                "(function(){var s=document.createElement('script');s",
                "eval(atob('YWxlcnQoMSk='))",
                "onclick=\"location.href='/x'\"",
                "javascript:alert(document.domain)",
                "(function(w,d){w.open();d.write('<script src=",
                "setTimeout(\"alert(1)\", 9)",
                "document.write('<img src=x onerror=alert(1)>')"
            })
    void leavesSamplesOfScriptsAlone(String sample) {
        judge.begin();
        add(judge, PartKind.JSON, "script-sample", sample);
        add(judge, PartKind.JSON, "csp-report.script-sample", sample);
        assertFalse(judge.verdict().attack(), sample);
    }

    @Test
    void judgesWhatElseStandsBesideSamples() {
        judge.begin();
        add(judge, PartKind.JSON, "script-sample", "' union select password from users -- ");
        assertTrue(judge.verdict().attack());
        for (String name : new String[] {"xscript-sample", "script-samples", "sample"}) {
            judge.begin();
            add(judge, PartKind.JSON, name, "<script>alert(1)</script>");
            assertTrue(judge.verdict().attack(), name);
        }
        judge.begin();
        add(judge, PartKind.FORM, "script-sample", "<script>alert(1)</script>");
        assertTrue(judge.verdict().attack());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "honest.csv", delimiter = '\t', quoteCharacter = '\0')
    void leavesHonestValuesAlone(PartKind part, String value) {
        RequestVerdict verdict = judge(judge, part, value);

        assertFalse(
                verdict.attack(),
                () ->
                        verdict.kind()
                                + " "
                                + verdict.reason()
                                + " "
                                + verdict.score()
                                + ": "
                                + value);
    }

    /** The same injection, written in every way a decoder behind the sensor may undo. */
    @ParameterizedTest
    @CsvFileSource(resources = "evasions.csv", delimiter = '\t', quoteCharacter = '\0')
    void seesThroughDisguises(String evasion, PartKind part, String value) {
        RequestVerdict verdict = judge(judge, part, value);

        assertTrue(verdict.attack(), () -> evasion + ": score " + verdict.score());
    }

    @Test
    void tellsWhereAndWhy() {
        judge.begin();
        add(judge, PartKind.QUERY, "page", "2");
        add(judge, PartKind.FORM, "user", "x' UNION SELECT null,version()--");

        RequestVerdict verdict = judge.verdict();

        assertEquals(Kind.SQLI, verdict.kind());
        assertEquals(PartKind.FORM, verdict.part());
        assertEquals("user", verdict.partName());
        assertEquals("union-select", verdict.reason());
        assertTrue(verdict.excerpt().contains("union select null,version()"), verdict.excerpt());
        assertTrue(verdict.certain());
    }

    @Test
    void forgetsTheRequestBefore() {
        judge(judge, PartKind.QUERY, "1 union select 1,2");

        RequestVerdict verdict = judge(judge, PartKind.QUERY, "blue shoes");

        assertFalse(verdict.attack());
        assertEquals(0, verdict.score());
        assertNull(verdict.kind());
    }

    @Test
    void judgesNamesLikeValues() {
        judge.begin();
        add(judge, PartKind.QUERY, "user[$ne]", "1");

        assertEquals(Kind.NOSQLI, judge.verdict().kind());
    }

    @Test
    void rememberedHeadersDoNotHideAnAttackInTheSamePlace() {
        String agent = "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0";
        assertFalse(judge(judge, PartKind.USER_AGENT, agent).attack());
        assertFalse(judge(judge, PartKind.USER_AGENT, agent).attack());

        assertTrue(judge(judge, PartKind.USER_AGENT, "sqlmap/1.8").attack());
        assertTrue(judge(judge, PartKind.USER_AGENT, "sqlmap/1.8").attack());
    }

    @ParameterizedTest
    @CsvSource({"CAUTIOUS,false", "BALANCED,false", "STRICT,true"})
    void aGreyValueIsAccusedByTheStrictPresetOnly(JudgePreset preset, boolean accused) {
        RequestJudge.Config config = new RequestJudge.Config(preset, Set.of(), List.of(), 1 << 20);

        RequestVerdict verdict =
                judge(new RequestJudge(config), PartKind.FORM, "select name, price from shoes");

        assertEquals(accused, verdict.attack(), () -> "score " + verdict.score());
    }

    /** One break-out without proof of anything behind it is enough, but not for certainty. */
    @ParameterizedTest
    @CsvSource({"CAUTIOUS,false", "BALANCED,true", "STRICT,true"})
    void aLikelyAttackIsLeftToDoubtByTheCautiousPresetOnly(JudgePreset preset, boolean accused) {
        RequestJudge.Config config = new RequestJudge.Config(preset, Set.of(), List.of(), 1 << 20);

        RequestVerdict verdict = judge(new RequestJudge(config), PartKind.QUERY, "../x/y");

        assertEquals(accused, verdict.attack(), () -> "score " + verdict.score());
        assertFalse(verdict.certain());
    }

    @Test
    void aKindSwitchedOffIsNotAccused() {
        RequestJudge.Config config =
                new RequestJudge.Config(
                        JudgePreset.BALANCED, Set.of(Kind.SQLI), List.of(), 1 << 20);

        assertFalse(judge(new RequestJudge(config), PartKind.QUERY, "1' or '1'='1").attack());
    }

    @Test
    void anExemptionSilencesItsPathParameterAndKindOnly() {
        Exemption exemption = new Exemption("/admin/*", "sql", Set.of(Kind.SQLI));
        RequestJudge exempting =
                new RequestJudge(
                        new RequestJudge.Config(
                                JudgePreset.BALANCED, Set.of(), List.of(exemption), 1 << 20));
        String sql = "1 union select 1,2,3";

        assertFalse(at(exempting, "/admin/query", "sql", sql));
        assertTrue(at(exempting, "/shop", "sql", sql));
        assertTrue(at(exempting, "/admin/query", "name", sql));
        assertTrue(at(exempting, "/admin/query", "sql", "<script>alert(1)</script>"));
    }

    private static boolean at(RequestJudge judge, String path, String name, String value) {
        judge.begin(bytes(path), 0, path.length());
        add(judge, PartKind.FORM, name, value);
        return judge.verdict().attack();
    }

    @Test
    void findsAnAttackAtTheEndOfALongValue() {
        String padding = "lorem ipsum dolor sit amet, ".repeat(2_000);

        assertTrue(judge(judge, PartKind.FORM, padding + "' UNION SELECT 1,2,3--").attack());
    }

    @Test
    void looksAtNoMoreOfARequestThanItMay() {
        RequestJudge bounded =
                new RequestJudge(
                        new RequestJudge.Config(JudgePreset.BALANCED, Set.of(), List.of(), 4096));
        String value = "a".repeat(10_000);

        judge(bounded, PartKind.BODY, value);

        assertTrue(bounded.skippedBytes() > 5_000, () -> "skipped " + bounded.skippedBytes());
    }
}
