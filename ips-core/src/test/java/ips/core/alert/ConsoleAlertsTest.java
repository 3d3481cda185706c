package ips.core.alert;

import static ips.core.alert.AlertFixture.ban;
import static ips.core.alert.AlertFixture.detection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.block.BlockListener.ReleaseReason;
import ips.core.block.BlockListener.SpareReason;
import ips.core.block.Detection;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleAlertsTest {
    private static final String OFFENDER = "198.51.100.7";
    private final StringBuilder out = new StringBuilder();
    private final Detection flood = detection(Kind.SYN_FLOOD, OFFENDER, "203.0.113.80", 80);

    @Test
    void saysALineForEachThingThatHappens() {
        ConsoleAlerts console = new ConsoleAlerts(out, false);
        console.detected(flood);
        console.banned(ban(OFFENDER, "SYN flood: 51 in 2.0 s", 0), flood, false);
        console.banned(ban(OFFENDER, "SYN flood: 52 in 2.0 s", 0), flood, true);
        console.released(ban(OFFENDER, "SYN flood", 0), ReleaseReason.EXPIRED);
        console.spared(flood, SpareReason.ALLOWLIST);
        console.tick(flood.lastNs() + 60_000_000_000L);
        console.ended(flood);

        assertEquals(
                List.of(
                        "2026-11-23T06:46:25.123Z DETECTED SYN flood from 198.51.100.7 to"
                                + " 203.0.113.80 port 80: 51 in 2s (half_open=51 ok=true)",
                        "2026-11-23T06:46:25.123Z BANNED   198.51.100.7 (syn) for 1m: SYN flood:"
                                + " 51 in 2.0 s",
                        "2026-11-23T06:47:25.123Z RELEASED 198.51.100.7 (syn): expired",
                        "2026-11-23T06:46:25.123Z SPARED   SYN flood from 198.51.100.7 to"
                                + " 203.0.113.80 port 80: the address is on the allowlist",
                        "2026-11-23T06:47:25.123Z ENDED    SYN flood from 198.51.100.7 to"
                                + " 203.0.113.80 port 80: 51 in 2s (half_open=51 ok=true),"
                                + " last seen 2026-11-23T06:46:25.123Z"),
                out.toString().lines().toList());
    }

    @Test
    void datesAReleaseBeforeItsTimeWhenItHappened() {
        ConsoleAlerts console = new ConsoleAlerts(out, false);
        console.tick(flood.lastNs() + 20_000_000_000L);
        console.released(ban(OFFENDER, "SYN flood", 0), ReleaseReason.BY_HAND);

        assertTrue(out.toString().startsWith("2026-11-23T06:46:45.123Z RELEASED"), out.toString());
    }

    @Test
    void namesTheDestinationOfAFloodOfManySources() {
        new ConsoleAlerts(out, false).detected(detection(Kind.UDP_FLOOD, null, "2001:db8::1", 0));

        assertTrue(out.toString().contains("UDP flood from many sources to 2001:db8::1: 51"));
    }

    @Test
    void coloursTheWordOnlyWhenToldTo() {
        new ConsoleAlerts(out, true).detected(flood);

        assertTrue(out.toString().contains("\u001b[31mDETECTED\u001b[0m"), out.toString());
    }

    @Test
    void letsNoControlCharactersThrough() {
        Evidence hostile = Evidence.of("path", "/\u001b[2J\r\nRELEASED 198.51.100.7");
        new ConsoleAlerts(out, false)
                .detected(detection(Kind.SYN_FLOOD, OFFENDER, "203.0.113.80", 80, hostile));

        assertEquals(1, out.toString().lines().count());
        assertTrue(out.indexOf("\u001b") < 0);
    }
}
