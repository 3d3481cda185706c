package ips.cli;

import ips.capture.CaptureFileWriter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Traffic as hosts and tools make it, frame by frame at given times, to be written to a file. */
final class Traffic {
    /** 2026-01-01T00:00:00Z. */
    static final long BEGIN_NS = 1_767_225_600_000_000_000L;

    static final long MS = 1_000_000L;

    private record Timed(long ns, byte[] frame) {}

    private final List<Timed> frames = new ArrayList<>();
    private final Random random = new Random(42);

    /** Adds a frame, {@code ms} after the beginning. */
    Traffic frame(double ms, FrameBuilder frame) {
        return frame(ms, frame.build());
    }

    Traffic frame(double ms, byte[] frame) {
        frames.add(new Timed(BEGIN_NS + (long) (ms * MS), frame));
        return this;
    }

    /** Web requests on connections of their own, opened, answered and closed in good order. */
    Traffic web(double ms, String client, String server, int connections, double everyMs) {
        for (int i = 0; i < connections; i++) {
            int port = 40_000 + i % 20_000;
            double at = ms + i * everyMs;
            int seq = random.nextInt();
            int ack = random.nextInt();
            frame(at, tcp(client, port, server, 80, TcpFlags.SYN, seq, 0));
            frame(at + 1, tcp(server, 80, client, port, TcpFlags.SYN | TcpFlags.ACK, ack, seq + 1));
            frame(at + 2, tcp(client, port, server, 80, TcpFlags.ACK, seq + 1, ack + 1));
            String request = "GET / HTTP/1.1\r\nHost: www.example\r\n\r\n";
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            int push = TcpFlags.PSH | TcpFlags.ACK;
            frame(at + 3, tcp(client, port, server, 80, push, seq + 1, ack + 1).payload(request));
            int requested = seq + 1 + request.length();
            frame(at + 4, tcp(server, 80, client, port, push, ack + 1, requested).payload(answer));
            int answered = ack + 1 + answer.length();
            int fin = TcpFlags.FIN | TcpFlags.ACK;
            frame(at + 5, tcp(client, port, server, 80, fin, requested, answered));
            frame(at + 6, tcp(server, 80, client, port, fin, answered, requested + 1));
            frame(at + 7, tcp(client, port, server, 80, TcpFlags.ACK, requested + 1, answered + 1));
        }
        return this;
    }

    /** Pings and their answers. */
    Traffic pings(double ms, String client, String server, int count, double everyMs) {
        for (int i = 0; i < count; i++) {
            double at = ms + i * everyMs;
            frame(at, FrameBuilder.icmp(client, server).icmpType(8, 0).icmpEcho(7, i));
            frame(at + 1, FrameBuilder.icmp(server, client).icmpType(0, 0).icmpEcho(7, i));
        }
        return this;
    }

    /** Echo requests that nobody waits for. */
    Traffic pingFlood(double ms, String source, String destination, int count, double everyMs) {
        for (int i = 0; i < count; i++) {
            frame(
                    ms + i * everyMs,
                    FrameBuilder.icmp(source, destination).icmpType(8, 0).icmpEcho(1, i));
        }
        return this;
    }

    /** Opening SYNs of one source that lead to nothing. */
    Traffic synFlood(double ms, String source, String server, int count, double everyMs) {
        for (int i = 0; i < count; i++) {
            int port = 1024 + i % 60_000;
            frame(
                    ms + i * everyMs,
                    tcp(source, port, server, 80, TcpFlags.SYN, random.nextInt(), 0));
        }
        return this;
    }

    /** Opening SYNs of as many sources as there are frames. */
    Traffic spoofedSynFlood(double ms, String server, int count, double everyMs) {
        for (int i = 0; i < count; i++) {
            String source =
                    "%d.%d.%d.%d".formatted(11 + i % 80, i >> 16 & 255, i >> 8 & 255, i & 255);
            synFlood(ms + i * everyMs, source, server, 1, 0);
        }
        return this;
    }

    /** Probes of ports 1 to {@code ports}, all closed: each is answered by RST. */
    Traffic scan(double ms, String source, String server, int flags, int ports, double everyMs) {
        for (int port = 1; port <= ports; port++) {
            double at = ms + port * everyMs;
            int seq = random.nextInt();
            frame(at, tcp(source, 54_321, server, port, flags, seq, 0));
            frame(
                    at + 0.2,
                    tcp(server, port, source, 54_321, TcpFlags.RST | TcpFlags.ACK, 0, seq + 1));
        }
        return this;
    }

    private static FrameBuilder tcp(
            String source, int port, String destination, int to, int flags, int seq, int ack) {
        return FrameBuilder.tcp(source, port, destination, to).flags(flags).seq(seq).ack(ack);
    }

    /** Writes the frames in the order of their times, as Ethernet. */
    Path write(Path file) throws IOException {
        frames.sort(Comparator.comparingLong(Timed::ns));
        try (CaptureFileWriter writer = CaptureFileWriter.create(file, LinkType.ETHERNET)) {
            for (Timed timed : frames) {
                writer.write(timed.ns(), timed.frame());
            }
        }
        return file;
    }
}
