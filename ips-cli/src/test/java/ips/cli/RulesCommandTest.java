package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCommandTest {
    private static final String RULES =
            """
            # Made for this test.
            alert http any any -> any any (msg:"web shell"; flow:established,to_server; \\
                http.uri; content:"/shell.php"; nocase; content:"cmd="; distance:0; fast_pattern; \\
                http.method; content:"POST"; classtype:web-application-attack; sid:10; rev:3;)
            alert tcp any any -> any 80 (msg:"half"; content:"half; sid:11;)
            # alert icmp any any -> any any (msg:"switched off"; itype:8; sid:12;)
            # alerts in words are no rules
            alert udp any any -> any any (msg:"name"; dns.queri; content:"x"; sid:13;)
            alert tcp any any -> any any (msg:"slow"; pcre:"/a+b/"; sid:14;)
            drop tcp any any -> any any (flags:S; threshold:type limit,track by_src,count 1,\
            seconds 60; sid:10;)
            """;

    @TempDir private Path folder;
    private String file;

    @BeforeEach
    void writeRules() throws IOException {
        file = Files.writeString(folder.resolve("own.rules"), RULES).toString();
    }

    @Test
    void checkSaysWhereWhatAndHowToMendItOfEachBadRule() {
        Sensor.Outcome outcome = Sensor.run("rules", "check", file);

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        String out = outcome.out();
        assertTrue(out.contains(file + ":5:42: content: unclosed quote"), out);
        assertTrue(out.contains(file + ":8:43: dns.queri: unknown keyword; "), out);
        assertTrue(out.contains(file + ":9:1: warning: slow: it has no content"), out);
        assertTrue(out.contains(file + ":10:1: sid: 10 is also the sid of"), out);
        assertTrue(
                out.endsWith(
                        "understood 2 rules, 3 refused: content 1, dns.queri 1, sid 1; warnings: 1\n"),
                out);
    }

    @Test
    void checkIsContentWithRulesThatAreAllRight() throws IOException {
        Files.writeString(Path.of(file), "alert icmp any any -> any any (itype:8; sid:1;)\n");

        Sensor.Outcome outcome = Sensor.run("rules", "check", file);

        assertEquals(ExitCode.OK, outcome.exitCode());
        assertEquals("understood 1 rule, none refused\n", outcome.out());
    }

    @Test
    void checkTellsProgramsTheSame() throws IOException {
        Sensor.Outcome outcome = Sensor.run("rules", "check", "--json", file);

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertEquals(2, json.get("understood").asInt());
        assertEquals(1, json.get("refused_by_keyword").get("dns.queri").asInt());
        assertEquals(5, json.get("errors").get(0).get("line").asInt());
        assertEquals("slow", json.get("warnings").get(0).get("keyword").asText());
    }

    @Test
    void tellsWhichRuleANewerOneOfItsSidReplaces() throws IOException {
        String rule = "alert udp any any -> any any (content:\"abcd\"; sid:1; rev:%d;)\n";
        Files.writeString(Path.of(file), rule.formatted(1) + rule.formatted(2));

        assertEquals(
                file
                        + ":2:1: warning: sid: of rev 2, replaces that of "
                        + file
                        + ":1, of rev 1\nunderstood 1 rule, none refused; warnings: 1\n",
                Sensor.run("rules", "check", file).out());
        String list = Sensor.run("rules", "list", file).out();
        assertTrue(list.matches("(?s).*  replaced .*  enabled .*"), list);
    }

    @Test
    void suggestsTheKeywordThatWasMeant() throws IOException {
        Files.writeString(
                Path.of(file), "alert tcp any any -> any any (contnet:\"abc\"; sid:1;)\n");

        assertTrue(Sensor.run("rules", "check", file).out().contains("did you mean content?"));
    }

    /** Files of rules are others' work. */
    @Test
    void showsMessagesThatSteerNoTerminal() throws IOException {
        Files.writeString(
                Path.of(file),
                "alert icmp any any -> any any (msg:\"a\u001b[2J\"; itype:8; sid:1;)\n");

        String list = Sensor.run("rules", "list", file).out();
        String explained = Sensor.run("rules", "explain", file + ":1").out();

        assertTrue(list.contains("  a\\u001b[2J\n"), list);
        assertTrue(explained.startsWith("1:1:0 a\\u001b[2J\n"), explained);
    }

    /** Its lines are no rules, and there is nothing to write them without. */
    @Test
    void checkAddsNoRemedyForRulesToALineOfAThresholdFile() throws IOException {
        Files.writeString(Path.of(file), "alert icmp any any -> any any (itype:8; sid:1;)\n");
        Path thresholds = Files.writeString(folder.resolve("t.config"), "supress gen_id 1\n");
        Path config =
                Files.writeString(
                        folder.resolve("ips.yaml"),
                        "rules:\n  threshold-file: " + thresholds + "\n");

        Sensor.Outcome outcome = Sensor.run("rules", "check", "--config", config.toString(), file);

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode(), outcome.err());
        assertEquals(
                thresholds
                        + ":1:1: supress: expected suppress, threshold, event_filter or rate_filter",
                outcome.out().lines().findFirst().orElse(""));
    }

    @Test
    void explainSaysThatARuleIsCommentedOut() {
        Sensor.Outcome outcome = Sensor.run("rules", "explain", file + ":12");

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertEquals("ips: rule 12: it is commented out at " + file + ":6\n", outcome.err());
    }

    @Test
    void listShowsRefusedAndCommentedOutRulesToo() throws IOException {
        Sensor.Outcome outcome = Sensor.run("rules", "list", "--json", file);

        assertEquals(ExitCode.OK, outcome.exitCode());
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        StringBuilder states = new StringBuilder();
        for (JsonNode each : json) {
            states.append(each.get("sid").asText() + each.get("state").asText() + " ");
        }
        assertEquals("10enabled 11refused 12disabled 13refused 14enabled 10refused ", states + "");
        assertEquals("web-application-attack", json.get(0).get("classtype").asText());
        assertEquals(2, json.get(0).get("line").asInt());
        assertTrue(Sensor.run("rules", "list", file).out().contains("  web shell\n"));
    }

    @Test
    void explainSaysWhatIsAskedWhenAndWhichBytesAreSoughtFirst() {
        String out = Sensor.run("rules", "explain", file + ":10").out();

        assertTrue(out.contains("1:10:3 web shell"), out);
        assertTrue(out.contains("Web Application Attack"), out);
        assertTrue(out.contains("http from any port any to any port any"), out);
        assertTrue(out.contains("once per request and response of HTTP, from client to"), out);
        assertTrue(out.contains("the bytes \"cmd=\" in http.uri"), out);
        assertTrue(out.contains("content: \"/shell.php\", nocase"), out);
        assertTrue(out.contains("in http.method"), out);
    }

    @Test
    void explainTellsProgramsTheSame() throws IOException {
        String out = Sensor.run("rules", "explain", "--rules", file, "14", "--json").out();

        JsonNode json = new ObjectMapper().readTree(out);
        assertEquals(14, json.get("sid").asInt());
        assertTrue(json.get("aspects").toString().contains("no fast pattern"), out);
    }

    @Test
    void explainSaysWhyThereIsNothingToExplain() {
        Sensor.Outcome refused = Sensor.run("rules", "explain", file + ":13");
        Sensor.Outcome unknown = Sensor.run("rules", "explain", file + ":99");

        assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
        assertTrue(refused.err().contains("it is refused: " + file + ":8:43"), refused.err());
        assertTrue(unknown.err().contains("there is no rule of that sid"), unknown.err());
    }
}
