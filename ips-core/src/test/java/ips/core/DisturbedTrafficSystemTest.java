package ips.core;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Honest traffic over a network that fails, of hosts that forgot, or before a sensor that sees only
 * a part of it or sees it twice: each of these must stay silent.
 */
class DisturbedTrafficSystemTest extends HonestTraffic {
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

    @Test
    void anOutageThatEndsWithAllClientsComingBackAtOnce() throws IOException {
        for (int i = 0; i < 4000; i++) {
            String client = host(60, random.nextInt(800));
            exchange(client, 1024 + i, "198.51.100.80", 443, i * MILLI / 4);
        }

        assertSilent();
    }
}
