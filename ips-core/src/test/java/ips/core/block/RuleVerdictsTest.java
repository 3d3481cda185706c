package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.IpAddress;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.SignatureId;
import ips.core.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleVerdictsTest {
    /** A forged GRE or ESP packet must not cut off whose address it bears. */
    @ParameterizedTest
    @CsvSource({
        "6, false, BAN, SYN",
        "17, false, BAN, UDP",
        "132, false, BAN, SCTP",
        "1, false, BAN, ICMP",
        "58, false, BAN, ICMP",
        "47, false, ALERT, ALL",
        "50, false, ALERT, ALL",
        "47, true, BAN, ALL",
        "6, true, BAN, ALL"
    })
    void bansNoWiderThanTheSourceIsProven(
            int protocol, boolean proven, String action, String scope) {
        Verdict verdict = RuleVerdicts.of(alert(protocol, proven));

        assertEquals(action, verdict.action().name());
        assertEquals(scope, verdict.scope().name());
    }

    private static SignatureAlert alert(int protocol, boolean proven) {
        RuleInfo rule = new RuleInfo(new SignatureId(1, 7, 1), "seven", "", 1, List.of(), Map.of());
        return new SignatureAlert(
                1,
                BlockFixture.START,
                0,
                rule,
                true,
                "drop",
                true,
                IpAddress.parse("198.51.100.7"),
                0,
                IpAddress.parse("203.0.113.80"),
                0,
                protocol,
                -1,
                -1,
                0,
                true,
                false,
                null,
                -1,
                proven,
                null,
                null);
    }
}
