package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSource;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What looks like an attack to a sensor that counts packets, and is none: each of these must stay
 * silent, with the settings as they come.
 */
class HonestTrafficSystemTest {
    private static final long SECOND = Traffic.SECOND;
    private static final long MILLI = Traffic.MILLI;
    private static final int ACK = TcpFlags.ACK;

    private final Random random = new Random(20);
    private final Traffic traffic = new Traffic();

    private void assertSilent() throws IOException {
        assertSilent(traffic.source());
    }

    private static void assertSilent(FrameSource frames) throws IOException {
        try (frames;
                Engine engine =
                        Engine.builder().config(EngineConfig.DEFAULTS.withWorkers(2)).build()) {
            engine.run(frames);
            engine.close();

            EngineReport report = engine.report();
            assertEquals("[]", report.detections().toString());
            assertEquals("[]", report.bans().toString());
        }
    }

    private String host(int network, int number) {
        return "%d.%d.%d.%d"
                .formatted(network, 1 + number / 62_500, 1 + number / 250 % 250, 1 + number % 250);
    }

    /** A SYN that nobody answers, with the retransmits of Linux. */
    private void deadSyn(String client, int port, String server, int serverPort, long fromNs) {
        for (long waitNs : new long[] {0, SECOND, 3 * SECOND, 7 * SECOND}) {
            traffic.at(
                    fromNs + waitNs,
                    FrameBuilder.tcp(client, port, server, serverPort)
                            .flags(TcpFlags.SYN)
                            .seq(port));
        }
    }

    private void refusedSyn(String client, int port, String server, int serverPort, long fromNs) {
        traffic.at(
                fromNs,
                FrameBuilder.tcp(client, port, server, serverPort).flags(TcpFlags.SYN).seq(port));
        traffic.at(
                fromNs + 20 * MILLI,
                FrameBuilder.tcp(server, serverPort, client, port)
                        .flags(TcpFlags.RST | ACK)
                        .ack(port + 1));
    }

    private void query(String client, int port, String server, int serverPort, long fromNs) {
        traffic.at(
                fromNs, FrameBuilder.udp(client, port, server, serverPort).payload(new byte[48]));
        traffic.at(
                fromNs + 30 * MILLI,
                FrameBuilder.udp(server, serverPort, client, port).payload(new byte[200]));
    }

    private void unansweredQuery(
            String client, int port, String server, int serverPort, long fromNs) {
        traffic.at(
                fromNs, FrameBuilder.udp(client, port, server, serverPort).payload(new byte[48]));
    }

    private void exchange(String client, int port, String server, int serverPort, long fromNs) {
        long rtt = 30 * MILLI;
        int c = 1000;
        int s = 7000;
        traffic.at(
                        fromNs,
                        FrameBuilder.tcp(client, port, server, serverPort)
                                .flags(TcpFlags.SYN)
                                .seq(c))
                .at(
                        fromNs + rtt,
                        FrameBuilder.tcp(server, serverPort, client, port)
                                .flags(TcpFlags.SYN | ACK)
                                .seq(s)
                                .ack(c + 1))
                .at(
                        fromNs + rtt + 1000,
                        FrameBuilder.tcp(client, port, server, serverPort)
                                .flags(ACK)
                                .seq(c + 1)
                                .ack(s + 1))
                .at(
                        fromNs + rtt + 2000,
                        FrameBuilder.tcp(client, port, server, serverPort)
                                .flags(ACK | TcpFlags.PSH)
                                .seq(c + 1)
                                .ack(s + 1)
                                .payload(new byte[100]))
                .at(
                        fromNs + 2 * rtt,
                        FrameBuilder.tcp(server, serverPort, client, port)
                                .flags(ACK | TcpFlags.PSH)
                                .seq(s + 1)
                                .ack(c + 101)
                                .payload(new byte[1000]))
                .at(
                        fromNs + 2 * rtt + 1000,
                        FrameBuilder.tcp(client, port, server, serverPort)
                                .flags(ACK | TcpFlags.FIN)
                                .seq(c + 101)
                                .ack(s + 1001))
                .at(
                        fromNs + 3 * rtt,
                        FrameBuilder.tcp(server, serverPort, client, port)
                                .flags(ACK | TcpFlags.FIN)
                                .seq(s + 1001)
                                .ack(c + 102))
                .at(
                        fromNs + 3 * rtt + 1000,
                        FrameBuilder.tcp(client, port, server, serverPort)
                                .flags(ACK)
                                .seq(c + 102)
                                .ack(s + 1002));
    }

    @Test
    void aBrowserWithHundredsOfConnectionsSomeToDeadServers() throws IOException {
        for (int i = 0; i < 400; i++) {
            String server = host(93, i);
            long at = i * 40 * MILLI;
            if (i % 4 == 0) {
                for (int k = 0; k < 6; k++) {
                    deadSyn("192.0.2.7", 20_000 + 10 * i + k, server, 443, at + k * 5 * MILLI);
                }
            } else {
                for (int k = 0; k < 6; k++) {
                    exchange("192.0.2.7", 20_000 + 10 * i + k, server, 443, at);
                }
            }
        }

        assertSilent();
    }

    @Test
    void aPageWithThirtyDeadServersAndNoOther() throws IOException {
        for (int i = 0; i < 30; i++) {
            for (int k = 0; k < 6; k++) {
                deadSyn("192.0.2.7", 20_000 + 10 * i + k, host(93, i), 443, i * 10 * MILLI);
            }
        }

        assertSilent();
    }

    @Test
    void aFileSharingClientWithMostPeersDead() throws IOException {
        String client = "192.0.2.8";
        for (int i = 0; i < 3000; i++) {
            long at = i * 20 * MILLI;
            String peer = host(81, i);
            int port = i % 3 == 0 ? 6881 : 1024 + random.nextInt(60_000);
            switch (random.nextInt(10)) {
                case 0, 1 -> exchange(client, 10_000 + i, peer, port, at);
                case 2, 3 -> refusedSyn(client, 10_000 + i, peer, port, at);
                case 4, 5 -> deadSyn(client, 10_000 + i, peer, port, at);
                case 6 -> query(client, 6881, peer, port, at);
                default -> unansweredQuery(client, 6881, peer, port, at);
            }
        }

        assertSilent();
    }

    @Test
    void aThousandUsersBehindOneAddress() throws IOException {
        String nat = "192.0.2.1";
        for (int i = 0; i < 20_000; i++) {
            long at = i * MILLI;
            String server = host(93, random.nextInt(2000));
            int port = 1024 + i * 3 % 60_000;
            int what = random.nextInt(100);
            if (what < 85) {
                exchange(nat, port, server, random.nextInt(5) == 0 ? 80 : 443, at);
            } else if (what < 90) {
                deadSyn(nat, port, host(94, random.nextInt(300)), 443, at);
            } else if (what < 92) {
                refusedSyn(nat, port, host(95, random.nextInt(50)), 443, at);
            } else {
                query(nat, port, "9.9.9.9", 53, at);
            }
        }

        assertSilent();
    }

    @Test
    void aNameResolverWithManyServersThatDoNotAnswer() throws IOException {
        for (int i = 0; i < 20_000; i++) {
            String server = host(77, random.nextInt(3000));
            if (random.nextInt(5) == 0) {
                unansweredQuery(
                        "192.0.2.53",
                        1024 + i * 7 % 60_000,
                        host(78, random.nextInt(500)),
                        53,
                        i * MILLI);
            } else {
                query("192.0.2.53", 1024 + i * 7 % 60_000, server, 53, i * MILLI);
            }
        }

        assertSilent();
    }

    @Test
    void aTimeServerOfAPoolThatLimitsItsAnswers() throws IOException {
        for (int i = 0; i < 30_000; i++) {
            String client = host(60 + random.nextInt(40), random.nextInt(100_000));
            int port = random.nextInt(3) == 0 ? 123 : 1024 + random.nextInt(60_000);
            if (random.nextInt(4) == 0) {
                unansweredQuery(client, port, "192.0.2.123", 123, i * MILLI / 3);
            } else {
                query(client, port, "192.0.2.123", 123, i * MILLI / 3);
            }
        }

        assertSilent();
    }

    @Test
    void aMonitoringSystemThatPollsAThousandHostsOfWhichSomeAreDown() throws IOException {
        String monitor = "192.0.2.10";
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 1000; i++) {
                long at = round * 60 * SECOND + i * 20 * MILLI;
                String host = host(10, i);
                boolean up = i % 8 != 0;
                traffic.at(at, FrameBuilder.icmp(monitor, host).icmpType(8, 0).icmpEcho(i, round));
                if (up) {
                    traffic.at(
                            at + MILLI,
                            FrameBuilder.icmp(host, monitor).icmpType(0, 0).icmpEcho(i, round));
                    exchange(monitor, 20_000 + i, host, 22, at + 2 * MILLI);
                    query(monitor, 30_000 + i, host, 161, at + 3 * MILLI);
                } else {
                    deadSyn(monitor, 20_000 + i, host, 22, at + 2 * MILLI);
                    unansweredQuery(monitor, 30_000 + i, host, 161, at + 3 * MILLI);
                }
            }
        }

        assertSilent();
    }

    @Test
    void aLoadBalancerThatChecksItsServersByHalfAHandshake() throws IOException {
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 20; i++) {
                long at = round * 2 * SECOND + i * 5 * MILLI;
                String server = "10.0.0." + (10 + i);
                int port = 30_000 + round * 20 + i;
                traffic.at(
                                at,
                                FrameBuilder.tcp("10.0.0.2", port, server, 8443)
                                        .flags(TcpFlags.SYN)
                                        .seq(1))
                        .at(
                                at + MILLI,
                                FrameBuilder.tcp(server, 8443, "10.0.0.2", port)
                                        .flags(TcpFlags.SYN | ACK)
                                        .seq(9)
                                        .ack(2))
                        .at(
                                at + 2 * MILLI,
                                FrameBuilder.tcp("10.0.0.2", port, server, 8443)
                                        .flags(TcpFlags.RST | ACK)
                                        .seq(2)
                                        .ack(10));
            }
        }

        assertSilent();
    }

    @Test
    void aMailServerWithListsOfDeadExchangers() throws IOException {
        for (int i = 0; i < 3000; i++) {
            long at = i * 100 * MILLI;
            if (i % 5 < 2) {
                deadSyn("192.0.2.25", 10_000 + i, host(71, i), 25, at);
            } else {
                exchange("192.0.2.25", 10_000 + i, host(72, i), 25, at);
            }
        }

        assertSilent();
    }

    @Test
    void aHostThatWakesUpWithConnectionsLongGone() throws IOException {
        for (int i = 0; i < 200; i++) {
            String server = host(93, i / 4);
            int port = 49_152 + i;
            long at = i * MILLI;
            int flags = i % 3 == 0 ? ACK : i % 3 == 1 ? ACK | TcpFlags.FIN : ACK | TcpFlags.PSH;
            for (int k = 0; k < 3; k++) {
                traffic.at(
                        at + k * 300 * MILLI,
                        FrameBuilder.tcp("192.0.2.9", port, server, 443)
                                .flags(flags)
                                .seq(77)
                                .ack(99)
                                .payload(new byte[i % 3 == 2 ? 30 : 0]));
                if (i % 2 == 0) {
                    traffic.at(
                            at + k * 300 * MILLI + 20 * MILLI,
                            FrameBuilder.tcp(server, 443, "192.0.2.9", port)
                                    .flags(TcpFlags.RST)
                                    .seq(99));
                }
            }
        }

        assertSilent();
    }

    /** Also how a proxy looks whose state a reboot of the sensor has lost. */
    @Test
    void keepAlivesOfConnectionsThatWereIdleSinceBefore() throws IOException {
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 500; i++) {
                long at = round * 75 * SECOND + i * 10 * MILLI;
                String server = host(10, i / 100);
                traffic.at(
                                at,
                                FrameBuilder.tcp("192.0.2.9", 10_000 + i, server, 5432)
                                        .flags(ACK)
                                        .seq(76)
                                        .ack(99))
                        .at(
                                at + MILLI,
                                FrameBuilder.tcp(server, 5432, "192.0.2.9", 10_000 + i)
                                        .flags(ACK)
                                        .seq(99)
                                        .ack(77));
            }
        }

        assertSilent();
    }

    /** A server closes a network's idle connections; the network's router has forgotten them. */
    @Test
    void aServerThatClosesConnectionsForgottenByARouter() throws IOException {
        for (int i = 0; i < 300; i++) {
            long at = i * 20 * MILLI;
            for (int k = 0; k < 3; k++) {
                traffic.at(
                        at + k * 400 * MILLI,
                        FrameBuilder.tcp("198.51.100.80", 443, "192.0.2.1", 1024 + 7 * i)
                                .flags(ACK | TcpFlags.FIN)
                                .seq(5)
                                .ack(9));
            }
        }

        assertSilent();
    }

    @Test
    void callsOverAnInternetTelephoneServer() throws IOException {
        String server = "192.0.2.60";
        for (int call = 0; call < 60; call++) {
            String phone = host(10, call);
            int port = 16_384 + 2 * call;
            query(phone, 5060, server, 5060, call * 10 * MILLI);
            for (int i = 0; i < 250; i++) {
                long at = SECOND + i * 20 * MILLI + call * 100_000;
                traffic.at(at, FrameBuilder.udp(phone, 7000, server, port).payload(new byte[172]));
                traffic.at(
                        at + MILLI,
                        FrameBuilder.udp(server, port, phone, 7000).payload(new byte[172]));
            }
        }

        assertSilent();
    }

    @Test
    void aMirrorPortThatShowsEveryFrameTwice() throws IOException {
        Traffic once = traffic;
        for (int i = 0; i < 6000; i++) {
            exchange("192.0.2.20", 1024 + i, "198.51.100.80", 80, i * MILLI);
        }
        once.pings("192.0.2.21", "198.51.100.80", 20, 0, SECOND / 40);
        for (int i = 0; i < 1000; i++) {
            query("192.0.2.22", 20_000 + i, "198.51.100.53", 53, i * 4 * MILLI);
        }

        assertSilent(traffic.eachTwice(3_000).source());
    }

    @Test
    void aCrawlerWatchedByASensorThatLosesAThirdOfTheFrames() throws IOException {
        for (int i = 0; i < 15_000; i++) {
            exchange(
                    "192.0.2.20",
                    1024 + i % 60_000,
                    host(93, random.nextInt(300)),
                    random.nextBoolean() ? 80 : 443,
                    i * 2 * MILLI);
        }

        assertSilent(traffic.without(random, 0.3).source());
    }

    @Test
    void aServerOfManyClientsWatchedByASensorThatLosesAThirdOfTheFrames() throws IOException {
        for (int i = 0; i < 15_000; i++) {
            exchange(
                    host(60, random.nextInt(500)),
                    1024 + i % 60_000,
                    "198.51.100.80",
                    443,
                    i * MILLI);
        }

        assertSilent(traffic.without(random, 0.3).source());
    }

    @Test
    void onlyTheClientsSideOfConnections() throws IOException {
        for (int i = 0; i < 6000; i++) {
            exchange("192.0.2.20", 1024 + i, host(93, random.nextInt(300)), 443, i * 3 * MILLI);
        }

        assertSilent(traffic.without("192.0.2.20", false).source());
    }

    @Test
    void onlyTheServersSideOfConnections() throws IOException {
        for (int i = 0; i < 6000; i++) {
            exchange("192.0.2.20", 1024 + i, host(93, random.nextInt(300)), 443, i * 3 * MILLI);
        }

        assertSilent(traffic.without("192.0.2.20", true).source());
    }

    @Test
    void anUplinkThatGoesDownUnderAnOfficeAtWork() throws IOException {
        for (int user = 0; user < 40; user++) {
            String client = "192.0.2." + (100 + user);
            for (int i = 0; i < 150; i++) {
                long at = i * 200 * MILLI + user * 3 * MILLI;
                String server = host(93, random.nextInt(40));
                exchange(client, 20_000 + i, server, 443, at);
            }
            // And now nothing comes back: what they had open, what they know, and what they do not.
            for (int i = 0; i < 60; i++) {
                long at = 35 * SECOND + i * 500 * MILLI + user * 3 * MILLI;
                boolean known = random.nextInt(10) < 7;
                String server =
                        known ? host(93, random.nextInt(40)) : host(96, random.nextInt(200));
                deadSyn(client, 30_000 + i, server, 443, at);
                unansweredQuery(client, 40_000 + i, "9.9.9.9", 53, at);
            }
        }

        assertSilent();
    }

    /** 800 datagrams a second that nobody answers: eight megabits of video. */
    @Test
    void aCameraThatStreamsToARecorder() throws IOException {
        exchange("10.0.0.9", 40_000, "10.0.0.100", 554, 0);
        for (int i = 0; i < 8000; i++) {
            traffic.at(
                    SECOND + i * SECOND / 800,
                    FrameBuilder.udp("10.0.0.100", 50_000, "10.0.0.9", 40_002)
                            .payload(new byte[1200]));
        }

        assertSilent();
    }

    @Test
    void anOutageThatEndsWithAllClientsComingBackAtOnce() throws IOException {
        for (int i = 0; i < 4000; i++) {
            String client = host(60, random.nextInt(800));
            exchange(client, 1024 + i, "198.51.100.80", 443, i * MILLI / 4);
        }

        assertSilent();
    }
}
