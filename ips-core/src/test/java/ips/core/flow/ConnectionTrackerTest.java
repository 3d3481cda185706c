package ips.core.flow;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.FIN;
import static ips.core.packet.TcpFlags.RST;
import static ips.core.packet.TcpFlags.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import ips.core.packet.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTrackerTest {
    private static final IpAddress SERVER = IpAddress.parse("198.51.100.2");
    private static final ConnectionTracker.Config SMALL =
            new ConnectionTracker.Config(512, Duration.ofMillis(500), true, 128, false);
    private static final ConnectionTracker.Config ROOMY =
            new ConnectionTracker.Config(1 << 16, Duration.ofMillis(500), true, 1 << 17, false);

    @Test
    void aSpoofedFloodLosesNoHalfOpenHandshakeHoweverSmallTheTables() {
        Conversations talk = new Conversations(1, SMALL);

        flood(talk, 20_000);
        talk.pass(700);

        List<String> events = talk.events();
        assertEquals(20_000, count(events, "leftHalfOpen"));
        assertEquals(20_000, count(events, "attempted") + count(events, "leftHalfOpenAtOnce"));
        assertTrue(talk.count(Counter.ATTEMPTS_DECIDED_EARLY) > 19_000);
    }

    @Test
    void establishedConnectionsOutliveAFloodOfHalfOpenOnes() {
        Conversations talk = new Conversations(1, SMALL);
        for (int i = 0; i < 64; i++) {
            open(talk, client(i), 40_000);
        }

        flood(talk, 20_000);
        talk.events();
        for (int i = 0; i < 64; i++) {
            talk.send(tcp(client(i), 40_000, ACK, 101, 501).payload("GET"));
            assertTrue(talk.table().isEstablished(talk.table().current()), "connection " + i);
            assertTrue(talk.table().isProven(talk.table().current()), "connection " + i);
        }

        assertEquals(0, talk.count(Counter.CONNECTIONS_EVICTED_ESTABLISHED));
    }

    @Test
    void aProxyWithManyHandshakesUnderWayDoesNotPayForAFlood() {
        Conversations talk = new Conversations(1, SMALL);
        IpAddress proxy = client(1);
        open(talk, proxy, 30_000);
        flood(talk, 2000);
        talk.events();

        for (int i = 0; i < 200; i++) {
            talk.send(tcp(proxy, 40_000 + i, SYN, 100, 0));
        }
        flood(talk, 2000);
        for (int i = 0; i < 200; i++) {
            talk.send(answer(proxy, 40_000 + i, SYN | ACK, 500, 101));
            talk.send(tcp(proxy, 40_000 + i, ACK, 101, 501));
        }

        List<String> events = talk.events();
        assertEquals(
                0,
                count(events, "leftHalfOpen " + proxy + ":")
                        + count(events, "leftHalfOpenAtOnce " + proxy + ":"));
        assertTrue(count(events, "established proven " + proxy + ":") > 190);
    }

    @Test
    void handshakesDecidedEarlyAreTakenBackWhenTheyComplete() {
        Conversations talk = new Conversations(1, SMALL);
        flood(talk, 300);
        talk.events();

        open(talk, client(1), 40_000);

        String ends = " " + client(1) + ":40000>198.51.100.2:80";
        assertEquals(
                List.of(
                        "leftHalfOpenAtOnce" + ends,
                        "answered" + ends,
                        "established proven" + ends,
                        "completedLate" + ends),
                talk.events());
    }

    @Test
    void underAFloodHandshakesOfSourcesWithoutRecordAreNotAwaitedWhateverRoomThereIs() {
        Conversations talk = new Conversations(1, ROOMY);
        IpAddress known = client(2);
        talk.send(tcp(known, 30_000, SYN, 100, 0));
        flood(talk, 3 * HandshakeOutcomes.MANY);
        talk.pass(1100);
        talk.events();

        talk.send(tcp(client(1), 40_000, SYN, 100, 0));
        talk.send(tcp(known, 40_000, SYN, 100, 0));
        List<String> during = talk.events();
        talk.pass(2000);
        talk.events();
        talk.send(tcp(client(1), 40_001, SYN, 100, 0));

        String server = ">198.51.100.2:80";
        assertEquals(
                List.of(
                        "leftHalfOpenAtOnce " + client(1) + ":40000" + server,
                        "attempted " + known + ":40000" + server),
                during);
        assertEquals(List.of("attempted " + client(1) + ":40001" + server), talk.events());
    }

    @Test
    void aCrowdThatCompletesItsHandshakesIsNoFlood() {
        Conversations talk = new Conversations(1, ROOMY);
        for (int i = 0; i < 3 * HandshakeOutcomes.MANY; i++) {
            open(talk, IpAddress.ofIpv4(0x0b00_0000 + i), 40_000);
        }
        flood(talk, HandshakeOutcomes.MANY);
        talk.pass(1100);
        talk.events();

        talk.send(tcp(client(1), 40_000, SYN, 100, 0));

        assertEquals(List.of("attempted " + client(1) + ":40000>198.51.100.2:80"), talk.events());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHandshakeInsideATunnelProvesItsClientOnlyWhereTunnelsAreTrusted(boolean trusted) {
        Conversations talk =
                new Conversations(
                        1,
                        new ConnectionTracker.Config(
                                512, Duration.ofMillis(500), true, 128, trusted));
        String carrier = "203.0.113.66";
        String end = "198.51.100.66";

        talk.send(tcp(client(1), 40_000, SYN, 100, 0).inVxlan(carrier, end, 7));
        talk.send(answer(client(1), 40_000, SYN | ACK, 500, 101).inVxlan(carrier, end, 7));
        talk.send(tcp(client(1), 40_000, ACK, 101, 501).inVxlan(carrier, end, 7));
        talk.send(tcp(client(1), 40_000, ACK, 101, 501).payload("GET").inVxlan(carrier, end, 7));

        assertTrue(talk.table().isEstablished(talk.table().current()));
        assertEquals(trusted, talk.table().isProven(talk.table().current()));
        assertEquals(trusted, talk.isProven(client(1).toString()));
    }

    @Test
    void aSourceWithoutRecordGetsOneWhenItProvesItself() {
        Conversations talk = new Conversations(1, SMALL);
        flood(talk, 20_000);

        open(talk, client(1), 40_000);

        assertTrue(talk.isProven(client(1).toString()));
    }

    @Test
    void datagramsLeaveTheQueueOfHandshakesAlone() {
        Conversations talk = new Conversations(1, SMALL);
        for (int i = 0; i < 1000; i++) {
            talk.send(FrameBuilder.udp(client(i), 40_000, SERVER, 5000 + i));
        }
        talk.events();

        talk.send(tcp(client(1), 40_000, SYN, 100, 0));
        List<String> atOnce = talk.events();
        talk.pass(700);

        String ends = " " + client(1) + ":40000>198.51.100.2:80";
        assertEquals(List.of("attempted" + ends), atOnce);
        assertTrue(talk.events().contains("leftHalfOpen" + ends));
        assertTrue(talk.count(Counter.ATTEMPTS_UNDECIDED) > 0);
    }

    @Test
    void whatHangsOnAConnectionIsLetGoWithIt() {
        Conversations talk = new Conversations(1, SMALL);
        talk.send(tcp(client(1), 40_000, SYN, 100, 0));
        talk.table().attachStream(talk.table().current(), 42);
        talk.events();

        talk.send(answer(client(1), 40_000, RST | ACK, 0, 101));
        talk.send(answer(client(1), 40_000, SYN, 900, 0)); // the other end opens now

        assertTrue(talk.events().contains("forgotten 42"));
        assertEquals(0, talk.table().stream(talk.table().current()));
    }

    @Test
    void aSynBetweenTheSamePortsLetsNothingGo() {
        Conversations talk = new Conversations(1, SMALL);
        talk.send(tcp(client(1), 40_000, SYN, 100, 0));
        talk.table().attachStream(talk.table().current(), 42);
        talk.events();

        talk.send(tcp(client(1), 40_000, RST, 101, 0)); // which may be forged, as the SYN
        talk.send(tcp(client(1), 40_000, SYN, 900, 0));

        assertFalse(talk.events().contains("forgotten 42"));
        assertEquals(42, talk.table().stream(talk.table().current()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void theEventsDoNotDependOnTheNumberOfWorkers(int workers) {
        for (int seed = 0; seed < 10; seed++) {
            Conversations one = new Conversations();
            Conversations many = new Conversations(workers, ConnectionTracker.Config.DEFAULTS);

            chat(one, seed);
            chat(many, seed);

            Map<String, String> expected = byConnection(one.events());
            Map<String, String> found = byConnection(many.events());
            assertTrue(expected.size() > 500, "connections: " + expected.size());
            assertEquals(expected.keySet(), found.keySet());
            expected.forEach((ends, events) -> assertEquals(events, found.get(ends), ends));
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        Duration grace = Duration.ofMillis(500);
        assertThrows(
                IllegalArgumentException.class,
                () -> new ConnectionTracker.Config(1, grace, true, 1024, false));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ConnectionTracker.Config(1024, Duration.ZERO, true, 1024, false));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ConnectionTracker.Config(1024, grace, true, 0, false));
    }

    @Test
    void workersShareTheRoomInPowersOfTwo() {
        ConnectionTracker.Config third = ConnectionTracker.Config.DEFAULTS.perWorker(3);

        assertEquals(1 << 16, third.capacity());
        assertEquals((1 << 16) / 3, third.attempts());
    }

    private static Map<String, String> byConnection(List<String> events) {
        return events.stream()
                .collect(
                        Collectors.groupingBy(
                                event -> event.substring(event.lastIndexOf(' ')),
                                Collectors.joining("\n")));
    }

    /** Segments and datagrams of few hosts and ports, mostly sensible, in any order. */
    private static void chat(Conversations talk, int seed) {
        Random random = new Random(seed);
        int[] flags = {SYN, SYN, SYN | ACK, SYN | ACK, ACK, ACK, RST, RST | ACK, FIN | ACK, FIN, 0};
        for (int i = 0; i < 5000; i++) {
            int host = random.nextInt(8);
            int port = 1000 + random.nextInt(50);
            boolean fromClient = random.nextBoolean();
            int kind = random.nextInt(10);
            if (kind < 7) {
                int flag = flags[random.nextInt(flags.length)];
                int seq = random.nextInt(3);
                int ack = random.nextInt(3);
                FrameBuilder segment =
                        fromClient && flag != (SYN | ACK) || flag == SYN
                                ? tcp(client(host), port, flag, 100 + seq, 500 + ack)
                                : answer(client(host), port, flag, 500 + seq, 100 + ack);
                talk.send(random.nextInt(5) == 0 ? segment.payload("data") : segment);
            } else if (kind < 9) {
                talk.send(
                        fromClient
                                ? FrameBuilder.udp(client(host), port, SERVER, 53)
                                : FrameBuilder.udp(SERVER, 53, client(host), port));
            } else {
                FrameBuilder quoted =
                        fromClient
                                ? tcp(client(host), port, SYN, 0, 0)
                                : FrameBuilder.udp(client(host), port, SERVER, 53);
                int type =
                        random.nextBoolean()
                                ? IcmpHeader.DESTINATION_UNREACHABLE
                                : IcmpHeader.TIME_EXCEEDED;
                talk.send(
                        FrameBuilder.icmp(client(20 + host), client(host))
                                .icmpType(type, 1)
                                .quoting(quoted, 8));
            }
            talk.pass(random.nextInt(200) == 0 ? 40_000 : random.nextInt(30));
        }
        talk.end();
    }

    private static void flood(Conversations talk, int syns) {
        Random random = new Random(syns);
        for (int i = 0; i < syns; i++) {
            IpAddress source = IpAddress.ofIpv4(random.nextInt());
            talk.send(tcp(source, 1024 + random.nextInt(60_000), SYN, random.nextInt(), 0));
        }
    }

    private static void open(Conversations talk, IpAddress client, int port) {
        talk.send(tcp(client, port, SYN, 100, 0));
        talk.send(answer(client, port, SYN | ACK, 500, 101));
        talk.send(tcp(client, port, ACK, 101, 501));
    }

    private static IpAddress client(int number) {
        return IpAddress.ofIpv4(0xc000_0200 + number);
    }

    private static FrameBuilder tcp(IpAddress client, int port, int flags, int seq, int ack) {
        return FrameBuilder.tcp(client, port, SERVER, 80)
                .flags(flags)
                .seq(seq)
                .ack((flags & ACK) == 0 ? 0 : ack);
    }

    private static FrameBuilder answer(IpAddress client, int port, int flags, int seq, int ack) {
        return FrameBuilder.tcp(SERVER, 80, client, port)
                .flags(flags)
                .seq(seq)
                .ack((flags & ACK) == 0 ? 0 : ack);
    }

    private static long count(List<String> events, String prefix) {
        return events.stream().filter(event -> event.startsWith(prefix)).count();
    }
}
