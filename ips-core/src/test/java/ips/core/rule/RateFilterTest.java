package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.verdict.SignatureAlert;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateFilterTest {
    private static final String RULE = "alert udp any any -> any any (content:\"a\";)";
    private static final String FILTER =
            "rate_filter gen_id 1, sig_id 1, track by_src, count 2, seconds 3, new_action drop,"
                    + " timeout 5";

    private final RuleTraffic traffic = RuleTraffic.inlineUnder(FILTER, RULE);

    @Test
    void dropsOnceThereAreMoreThanItsCountAndUntilItsTimeIsOver() {
        traffic.udp("a").udp("a").udp("a").later(4).udp("a");

        assertEquals(List.of(false, false, true, true), dropped());
    }

    /** As Suricata 7 has it: the packet that ends the time is not one of the next count. */
    @Test
    void countsAnewBehindThePacketThatEndsItsTime() {
        traffic.udp("a").udp("a").udp("a").later(6);

        traffic.udp("a").udp("a").udp("a").udp("a");

        assertEquals(List.of(false, false, true, false, false, false, true), dropped());
    }

    @Test
    void saysThatItBlocksThoughNothingIsBlocked() {
        RuleTraffic watched = RuleTraffic.under(false, FILTER, RULE).udp("a").udp("a").udp("a");

        assertEquals(List.of(false, false, true), dropped(watched));
    }

    private List<Boolean> dropped() {
        return dropped(traffic);
    }

    private static List<Boolean> dropped(RuleTraffic traffic) {
        assertEquals(List.of(), traffic.errors());
        return traffic.alerts().stream().map(SignatureAlert::blocked).toList();
    }
}
