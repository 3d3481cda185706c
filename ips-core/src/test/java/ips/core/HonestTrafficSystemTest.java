package ips.core;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * What looks like an attack to a sensor that counts packets, and is none: each of these must stay
 * silent, with the settings as they come.
 */
class HonestTrafficSystemTest extends HonestTraffic {
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
    void aLoadBalancerOneOfWhoseServersIsDown() throws IOException {
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 10; i++) {
                long at = round * 2 * SECOND + i * 5 * MILLI;
                String server = "10.0.0." + (10 + i);
                int port = 30_000 + round * 10 + i;
                FrameBuilder syn =
                        FrameBuilder.tcp("10.0.1.2", port, server, 8443)
                                .flags(TcpFlags.SYN)
                                .seq(port);
                traffic.at(at, syn);
                if (i == 9) {
                    traffic.at(at + SECOND, syn);
                    continue;
                }
                traffic.at(
                                at + MILLI / 5,
                                FrameBuilder.tcp(server, 8443, "10.0.1.2", port)
                                        .flags(TcpFlags.SYN | ACK)
                                        .seq(9)
                                        .ack(port + 1))
                        .at(
                                at + MILLI / 4,
                                FrameBuilder.tcp("10.0.1.2", port, server, 8443)
                                        .flags(TcpFlags.RST)
                                        .seq(port + 1));
            }
        }

        assertSilent();
    }

    /** Tried first, and given up for IPv4 after a quarter of a second. */
    @Test
    void browsersWhoseIpv6LeadsNowhere() throws IOException {
        for (int i = 0; i < 400; i++) {
            int user = i % 20;
            String client = "2001:db8:1::" + Integer.toHexString(256 + user);
            String server = "2001:db8:93::" + Integer.toHexString(1 + i / 8 % 40);
            long at = i * 60 * MILLI;
            for (long waitNs : new long[] {0, SECOND}) {
                traffic.at(
                        at + waitNs,
                        FrameBuilder.tcp(client, 20_000 + i, server, 443)
                                .flags(TcpFlags.SYN)
                                .seq(i));
            }
            exchange("10.0.1." + (10 + user), 20_000 + i, host(93, i / 8), 443, at + SECOND / 4);
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

    /** Of DNS and NTP each answer is an exchange of its own; the other two are downloads. */
    @Test
    void anOfficeWhoseQuestionsWereAskedBeforeTheSensorBegan() throws IOException {
        for (int i = 0; i < 30_000; i++) {
            long at = i * MILLI / 10;
            String user = "10.0.1." + (10 + i % 60);
            traffic.at(
                    at,
                    FrameBuilder.udp(host(93, i % 7), 443, user, 20_000 + i % 60)
                            .payload(new byte[1200]));
            if (i > 500 && i % 20 < 3) {
                traffic.at(
                        at,
                        FrameBuilder.udp(user, 20_000 + i % 60, host(93, i % 7), 443)
                                .payload(new byte[35]));
            }
            if (i % 10 == 0) {
                String resolver = "198.51.100." + (1 + i / 10 % 2);
                int port = 1024 + i;
                traffic.at(
                        at,
                        FrameBuilder.udp(resolver, i % 50 == 0 ? 123 : 53, "10.0.1.9", port)
                                .payload(new byte[120]));
                query("10.0.1.9", 1025 + i, resolver, 53, at);
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
}
