package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scanners that try each port from another address of their IPv6 /64. */
class SubnetScansTest {
    private static final String HOST = "2001:db8:80::10";
    private static final long MS = 1_000_000;

    private final DetectorHarness harness = new DetectorHarness(PortScanDetector.Config.DEFAULTS);
    private final Random random = new Random(64);

    private String scanner() {
        return "2001:db8:9:1:" + Integer.toHexString(1 + random.nextInt(0xffff)) + "::7";
    }

    @Test
    void accusesTheSubnetOfWhatItsAddressesTryBetweenThem() {
        for (int port = 1; port <= 200; port++) {
            String scanner = scanner();
            harness.pause(20 * MS).syn(scanner, 40_000, HOST, port);
            harness.refuse(scanner, 40_000, HOST, port);
        }
        List<Verdict> verdicts = harness.end();

        Verdict first = verdicts.get(0);
        assertEquals("2001:db8:9:1::", first.source().toString());
        assertEquals(HOST, first.destination().toString());
        assertEquals(Kind.SCAN_SUBNET, first.kind());
        assertEquals(Action.BAN, first.action());
        assertEquals(BanScope.SYN, first.scope());
        assertEquals(40, first.count());
        assertEquals(40L, first.evidence().values().get("distinct_ports"));
        assertEquals(40L, first.evidence().values().get("threshold"));
        assertTrue(verdicts.size() <= 5, "once a second: " + verdicts.size());
    }

    @Test
    void countsPortsThatStaySilent() {
        for (int port = 1; port <= 100; port++) {
            harness.pause(20 * MS).syn(scanner(), 40_000, HOST, port);
        }

        assertEquals("2001:db8:9:1::", harness.end().get(0).source().toString());
    }

    @Test
    void countsAFewPortsOfEachAddress() {
        for (int port = 1; port <= 200; port += 4) {
            String scanner = scanner();
            for (int i = 0; i < 4; i++) {
                harness.pause(20 * MS).syn(scanner, 40_000, HOST, port + i);
                harness.refuse(scanner, 40_000, HOST, port + i);
            }
        }

        assertEquals("2001:db8:9:1::", harness.end().get(0).source().toString());
    }

    @Test
    void accusesASingleScannerByItself() {
        for (int port = 1; port <= 200; port++) {
            harness.pause(20 * MS).syn("2001:db8:9:1::7", 40_000, HOST, port);
            harness.refuse("2001:db8:9:1::7", 40_000, HOST, port);
        }

        for (Verdict verdict : harness.end()) {
            assertEquals("2001:db8:9:1::7", verdict.source().toString());
        }
    }

    /** Each from a /64 of its own, more than there are records. */
    @Test
    void givesForgedSourcesNoRecord() {
        for (int i = 0; i < 60_000; i++) {
            String forged = "2001:%x:%x:1::7".formatted(i / 1000, i % 1000);
            harness.syn(forged, 40_000, HOST, 80);
            harness.refuse(forged, 40_000, HOST, 80);
        }
        harness.end();

        assertEquals(0, harness.counters().get(Counter.PROBE_RECORDS_EVICTED));
    }

    @Test
    void countsNoMoreThanFivePortsOfEachAddress() {
        for (int port = 1; port <= 70; port++) {
            String scanner = "2001:db8:9:1::" + port / 10;
            harness.pause(20 * MS).syn(scanner, 40_000, HOST, port);
            harness.refuse(scanner, 40_000, HOST, port);
        }

        assertEquals(List.of(), harness.end());
    }

    /** Browsers drop the slower of two handshakes, and load balancers check by half of one. */
    @Test
    void toleratesHandshakesLeftHalfOpen() {
        for (int port = 1; port <= 200; port++) {
            String client = scanner();
            harness.pause(20 * MS)
                    .syn(client, 40_000, HOST, port)
                    .synAck(client, 40_000, HOST, port);
        }
        harness.idle(100 * DetectorHarness.SECOND);

        assertEquals(List.of(), harness.end());
    }

    @Test
    void toleratesClientsOfAHostThatWentDown() {
        for (int port = 1; port <= 100; port++) {
            harness.connect("2001:db8:9:1::" + port, 40_000, HOST, port);
        }
        harness.idle(2 * 3600 * DetectorHarness.SECOND);
        for (int port = 1; port <= 100; port++) {
            harness.pause(20 * MS).syn("2001:db8:9:1::" + port, 40_001, HOST, port);
        }

        assertEquals(List.of(), harness.end());
    }

    /** A university's network, of whose machines many try a host with some services down. */
    @Test
    void toleratesManyClientsOfOneSubnet() {
        for (int i = 0; i < 2000; i++) {
            String client = scanner();
            harness.pause(20 * MS).connect(client, 40_000 + i % 100, HOST, 1000 + i % 60);
            int down = 2000 + i % 30;
            harness.syn(client, 50_000 + i % 100, HOST, down);
            if (i % 2 == 0) {
                harness.refuse(client, 50_000 + i % 100, HOST, down);
            }
        }

        assertEquals(List.of(), harness.end());
    }

    /** Media servers have a port for each client, and firewalls let none of them through. */
    @Test
    void toleratesDatagramsAndOtherSubnetsAndIpv4() {
        for (int i = 1; i <= 400; i++) {
            harness.pause(20 * MS).send(FrameBuilder.udp(scanner(), 40_000, HOST, 20_000 + i));
            harness.syn("2001:db8:9:" + Integer.toHexString(i) + "::7", 40_000, HOST, i);
            harness.syn("198.51." + i / 200 + "." + (1 + i % 200), 40_000, "192.0.2.1", i);
        }

        assertEquals(List.of(), harness.end());
    }
}
