package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.verdict.SignatureAlert;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of a threshold.config: which are taken, and what is said of the others. */
class AlertPolicyTest {
    private static final String RULE = "alert udp any any -> any any (content:\"a\";)";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "suppress gen_id 1, sig_id 1, track by_src, ip !10.0.0.1       | neither negated",
                "suppress gen_id 1, sig_id 1, track by_src, ip [!10.0.0.1]     | neither negated",
                "suppress gen_id 1, sig_id 1, track by_src, ip 10.0.0.1-10.0.0.2 | nor as ranges",
                "suppress gen_id 1, sig_id 1, track by_flow, ip 10.0.0.1       | unknown track",
                "suppress gen_id 1, sig_id 1, track by_src                     | ip is missing",
                "threshold gen_id 1, sig_id 1, type limit, track by_flow, count 1, seconds 9"
                        + " | which only rules have"
            })
    void saysWhatIsWrongWithALineAndLeavesItOut(String line, String why) {
        RuleTraffic traffic = RuleTraffic.inlineUnder(line, RULE).udp("a").udp("a");

        assertEquals(1, traffic.errors().size());
        assertTrue(traffic.errors().get(0).contains(why), traffic.errors().get(0));
        assertEquals(2, traffic.count(1));
    }

    /** The line that counts is the one that Suricata takes, told by how many alert and drop. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit 1; rate 1  |                           | 2 | 0",
                "rate 1; limit 1  |                           | 2 | 0",
                "rate 1           |                           | 5 | 4",
                "rate 1; rate 0   |                           | 5 | 4",
                "limit 1; rate 0  |                           | 2 | 0",
                "rate 1; limit 0  |                           | 5 | 4",
                "limit 0; rate 1  |                           | 2 | 0",
                "limit 1; once 0  |                           | 2 | 0",
                "limit 0; once 1  |                           | 1 | 0",
                "limit 1; once 1  |                           | 1 | 0",
                "rate 1           | threshold:type limit,     | 3 | 0",
                "limit 1          | threshold:type limit,     | 2 | 0",
                "limit 0          | threshold:type limit,     | 3 | 0",
                "rate 1           | detection_filter:         | 2 | 0",
                "limit 1          | detection_filter:         | 2 | 0",
                "once 1           | detection_filter:         | 1 | 0"
            })
    void asksTheLimitThatComesFirst(String lines, String own, int alerts, int blocked) {
        StringBuilder file = new StringBuilder();
        for (String line : lines.split(";")) {
            String sid = line.strip().split(" ")[1];
            String about = " gen_id 1, sig_id " + sid + ", track by_src, seconds 60, ";
            file.append(
                    switch (line.strip().split(" ")[0]) {
                        case "limit" -> "event_filter" + about + "type limit, count 2\n";
                        case "once" -> "event_filter" + about + "type limit, count 1\n";
                        default -> "rate_filter" + about + "count 1, new_action drop, timeout 9\n";
                    });
        }
        String rule =
                own == null ? RULE : RULE.replace(")", own + "track by_src,count 3,seconds 60;)");

        RuleTraffic traffic = RuleTraffic.under(false, file.toString(), rule);
        traffic.udp("a").udp("a").udp("a").udp("a").udp("a");

        assertEquals(List.of(), traffic.errors());
        assertEquals(alerts, traffic.count(1));
        assertEquals(blocked, traffic.alerts().stream().filter(SignatureAlert::blocked).count());
    }

    /** As Suricata has it, whose windows of 0 seconds end with the microsecond. */
    @ParameterizedTest
    @CsvSource({
        "limit, 0, 60, 1",
        "limit, 1, 0, 4",
        "limit, 0, 0, 4",
        "threshold, 0, 60, 3",
        "threshold, 1, 0, 4",
        "threshold, 2, 0, 0",
        "threshold, 0, 0, 0",
        "both, 0, 60, 0",
        "both, 1, 0, 4",
        "both, 2, 0, 0"
    })
    void takesLimitsOfZero(String type, int count, int seconds, int alerts) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert udp any any -> any any (content:\"a\"; threshold:type %s, track by_src, count %d, seconds %d;)"
                                .formatted(type, count, seconds));
        assertEquals(List.of(), traffic.errors());

        traffic.udp("a").udp("a").udp("a").udp("a");

        assertEquals(alerts, traffic.count(1));
    }

    @Test
    void tellsNothingOfWhatIsSuppressed() {
        RuleTraffic traffic =
                RuleTraffic.inlineUnder(
                        "suppress gen_id 1, sig_id 1, track by_either, ip [10.0.0.0/30,$HOME_NET]",
                        RULE);

        assertEquals(List.of(), traffic.udp("a").sids());
        assertEquals(List.of(), traffic.errors());
    }

    @ParameterizedTest
    @CsvSource({
        "'gen_id 1, sig_id 0', '', 1",
        "'gen_id 0, sig_id 0', '', 1",
        "'gen_id 1, sig_id 0', 'threshold:type limit,track by_src,count 2,seconds 60;', 2",
        "'gen_id 1, sig_id 0', 'detection_filter:track by_src,count 1,seconds 60;', 3",
        "'gen_id 1, sig_id 1', 'threshold:type limit,track by_src,count 2,seconds 60;', 1",
    })
    void leavesRulesAloneThatLimitTheirAlertsThemselves(String about, String own, int alerts) {
        String line =
                "threshold %s, type limit, track by_src, count 1, seconds 60".formatted(about);
        String rule = "alert udp any any -> any any (content:\"a\"; " + own + ")";

        RuleTraffic traffic = RuleTraffic.inlineUnder(line, rule);
        traffic.udp("a").udp("a").udp("a").udp("a");

        assertEquals(alerts, traffic.count(1));
    }
}
