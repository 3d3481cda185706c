package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSource;
import java.io.IOException;
import java.util.Random;

/** Traffic that must stay silent, with the settings as they come. */
abstract class HonestTraffic {
    static final long SECOND = Traffic.SECOND;
    static final long MILLI = Traffic.MILLI;
    static final int ACK = TcpFlags.ACK;

    final Random random = new Random(20);
    final Traffic traffic = new Traffic();

    void assertSilent() throws IOException {
        assertSilent(seen(traffic), config());
    }

    EngineConfig config() {
        return EngineConfig.DEFAULTS;
    }

    /** How the sensor sees it. */
    FrameSource seen(Traffic traffic) {
        return traffic.source();
    }

    static void assertSilent(FrameSource frames) throws IOException {
        assertSilent(frames, EngineConfig.DEFAULTS);
    }

    private static void assertSilent(FrameSource frames, EngineConfig config) throws IOException {
        try (frames;
                Engine engine = Engine.builder().config(config.withWorkers(2)).build()) {
            engine.run(frames);
            engine.close();

            EngineReport report = engine.report();
            assertEquals("[]", report.detections().toString());
            assertEquals("[]", report.bans().toString());
        }
    }

    String host(int network, int number) {
        return "%d.%d.%d.%d"
                .formatted(network, 1 + number / 62_500, 1 + number / 250 % 250, 1 + number % 250);
    }

    /** A SYN that nobody answers, with the retransmits of Linux. */
    void deadSyn(String client, int port, String server, int serverPort, long fromNs) {
        for (long waitNs : new long[] {0, SECOND, 3 * SECOND, 7 * SECOND}) {
            traffic.at(
                    fromNs + waitNs,
                    FrameBuilder.tcp(client, port, server, serverPort)
                            .flags(TcpFlags.SYN)
                            .seq(port));
        }
    }

    void refusedSyn(String client, int port, String server, int serverPort, long fromNs) {
        traffic.at(
                fromNs,
                FrameBuilder.tcp(client, port, server, serverPort).flags(TcpFlags.SYN).seq(port));
        traffic.at(
                fromNs + 20 * MILLI,
                FrameBuilder.tcp(server, serverPort, client, port)
                        .flags(TcpFlags.RST | ACK)
                        .ack(port + 1));
    }

    void query(String client, int port, String server, int serverPort, long fromNs) {
        traffic.at(
                fromNs, FrameBuilder.udp(client, port, server, serverPort).payload(new byte[48]));
        traffic.at(
                fromNs + 30 * MILLI,
                FrameBuilder.udp(server, serverPort, client, port).payload(new byte[200]));
    }

    void unansweredQuery(String client, int port, String server, int serverPort, long fromNs) {
        traffic.at(
                fromNs, FrameBuilder.udp(client, port, server, serverPort).payload(new byte[48]));
    }

    void exchange(String client, int port, String server, int serverPort, long fromNs) {
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
}
