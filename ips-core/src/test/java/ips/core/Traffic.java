package ips.core;

import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Scripted traffic for system tests: scenes laid over one another on one time line, then played in
 * the order of their times.
 */
final class Traffic {
    static final long START_NS = 1_700_000_000_000_000_000L;
    static final long SECOND = 1_000_000_000L;
    static final long MILLI = 1_000_000L;

    private record Frame(long timeNs, byte[] bytes, int interfaceIndex) {
        Frame(long timeNs, byte[] bytes) {
            this(timeNs, bytes, 0);
        }
    }

    private final List<Frame> frames = new ArrayList<>();

    /** Adds one frame, {@code atNs} after the start. */
    Traffic at(long atNs, FrameBuilder frame) {
        frames.add(new Frame(START_NS + atNs, frame.build()));
        return this;
    }

    /** {@code count} bare SYNs of one source to one port, nobody answers. */
    Traffic synFlood(String source, String victim, int count, long fromNs, long gapNs) {
        for (int i = 0; i < count; i++) {
            at(
                    fromNs + i * gapNs,
                    FrameBuilder.tcp(source, 1024 + i % 60_000, victim, 80)
                            .flags(TcpFlags.SYN)
                            .seq(i));
        }
        return this;
    }

    /** {@code count} bare SYNs, each from a source of its own. */
    Traffic spoofedSynFlood(String victim, int count, long fromNs, long gapNs, Random random) {
        for (int i = 0; i < count; i++) {
            String source =
                    "11."
                            + random.nextInt(256)
                            + "."
                            + random.nextInt(256)
                            + "."
                            + (1 + random.nextInt(254));
            at(
                    fromNs + i * gapNs,
                    FrameBuilder.tcp(source, 1024 + i % 60_000, victim, 80)
                            .flags(TcpFlags.SYN)
                            .seq(i));
        }
        return this;
    }

    /** Echo requests, each answered. */
    Traffic pings(String source, String host, int count, long fromNs, long gapNs) {
        for (int i = 0; i < count; i++) {
            at(fromNs + i * gapNs, FrameBuilder.icmp(source, host).icmpType(8, 0).icmpEcho(7, i));
            at(
                    fromNs + i * gapNs + MILLI / 4,
                    FrameBuilder.icmp(host, source).icmpType(0, 0).icmpEcho(7, i));
        }
        return this;
    }

    /**
     * One probe with the given flags to each of the ports; closed ports answer where {@code
     * answered}.
     */
    Traffic scan(
            String source,
            String host,
            int flags,
            int ports,
            boolean answered,
            long fromNs,
            long gapNs) {
        for (int i = 0; i < ports; i++) {
            int port = 1 + i;
            long at = fromNs + i * gapNs;
            at(at, FrameBuilder.tcp(source, 45_000, host, port).flags(flags).seq(1000));
            if (answered) {
                at(
                        at + MILLI / 4,
                        FrameBuilder.tcp(host, port, source, 45_000)
                                .flags(TcpFlags.RST | TcpFlags.ACK)
                                .ack(1001));
            }
        }
        return this;
    }

    /** Datagrams to each of the ports, each answered by port unreachable. */
    Traffic udpScan(String source, String host, int ports, long fromNs, long gapNs) {
        for (int i = 0; i < ports; i++) {
            FrameBuilder probe = FrameBuilder.udp(source, 45_000, host, 1 + i).payload(new byte[8]);
            at(fromNs + i * gapNs, probe);
            at(
                    fromNs + i * gapNs + MILLI / 4,
                    FrameBuilder.icmp(host, source).icmpType(3, 3).quoting(probe, 36));
        }
        return this;
    }

    /** A whole HTTP exchange: handshake, request, response, both FINs. */
    Traffic httpExchange(
            String client, int port, String server, String request, long fromNs, long rttNs) {
        int c = 1000;
        int s = 500_000;
        byte[] sent = request.getBytes(StandardCharsets.ISO_8859_1);
        byte[] reply =
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                        .getBytes(StandardCharsets.ISO_8859_1);
        int ack = TcpFlags.ACK;
        at(fromNs, FrameBuilder.tcp(client, port, server, 80).flags(TcpFlags.SYN).seq(c));
        at(
                fromNs + rttNs,
                FrameBuilder.tcp(server, 80, client, port)
                        .flags(TcpFlags.SYN | ack)
                        .seq(s)
                        .ack(c + 1));
        at(
                fromNs + rttNs + 1,
                FrameBuilder.tcp(client, port, server, 80).flags(ack).seq(c + 1).ack(s + 1));
        at(
                fromNs + rttNs + 2,
                FrameBuilder.tcp(client, port, server, 80)
                        .flags(ack | TcpFlags.PSH)
                        .seq(c + 1)
                        .ack(s + 1)
                        .payload(sent));
        int cEnd = c + 1 + sent.length;
        int sEnd = s + 1 + reply.length;
        at(
                fromNs + 2 * rttNs,
                FrameBuilder.tcp(server, 80, client, port)
                        .flags(ack | TcpFlags.PSH)
                        .seq(s + 1)
                        .ack(cEnd)
                        .payload(reply));
        at(
                fromNs + 2 * rttNs + 1,
                FrameBuilder.tcp(client, port, server, 80)
                        .flags(ack | TcpFlags.FIN)
                        .seq(cEnd)
                        .ack(sEnd));
        at(
                fromNs + 3 * rttNs,
                FrameBuilder.tcp(server, 80, client, port)
                        .flags(ack | TcpFlags.FIN)
                        .seq(sEnd)
                        .ack(cEnd + 1));
        at(
                fromNs + 3 * rttNs + 1,
                FrameBuilder.tcp(client, port, server, 80).flags(ack).seq(cEnd + 1).ack(sEnd + 1));
        return this;
    }

    /** {@code count} exchanges of one client, {@code gapNs} apart. */
    Traffic browsing(String client, String server, int count, long fromNs, long gapNs, long rttNs) {
        for (int i = 0; i < count; i++) {
            httpExchange(
                    client,
                    20_000 + i % 40_000,
                    server,
                    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                    fromNs + i * gapNs,
                    rttNs);
        }
        return this;
    }

    /** The same traffic, each frame followed by its like. */
    Traffic eachTwice(long afterNs) {
        Traffic twice = new Traffic();
        for (Frame frame : frames) {
            twice.frames.add(frame);
            twice.frames.add(new Frame(frame.timeNs + afterNs, frame.bytes));
        }
        return twice;
    }

    /**
     * The same traffic seen on both sides of a router, on two interfaces or on one mirror port: the
     * second time in a VLAN, from other hardware addresses, with one hop less and the checksum that
     * goes with it.
     */
    Traffic forwarded(long afterNs, int interfaces) {
        Traffic both = new Traffic();
        for (Frame frame : frames) {
            both.frames.add(frame);
            byte[] copy = new byte[frame.bytes.length + 4];
            System.arraycopy(frame.bytes, 12, copy, 16, frame.bytes.length - 12);
            Arrays.fill(copy, 0, 12, (byte) 2);
            copy[12] = (byte) 0x81;
            copy[15] = 7;
            if ((copy[18] & 0xf0) == 0x60) {
                copy[18 + 7]--;
                both.frames.add(new Frame(frame.timeNs + afterNs, copy, interfaces - 1));
                continue;
            }
            copy[18 + 8]--;
            int sum = (copy[18 + 10] & 0xff) << 8 | copy[18 + 11] & 0xff;
            sum += 0x100;
            sum = (sum & 0xffff) + (sum >>> 16);
            copy[18 + 10] = (byte) (sum >>> 8);
            copy[18 + 11] = (byte) sum;
            both.frames.add(new Frame(frame.timeNs + afterNs, copy, interfaces - 1));
        }
        return both;
    }

    /** The same traffic with a part of its frames lost. */
    Traffic without(Random random, double part) {
        Traffic rest = new Traffic();
        frames.stream().filter(frame -> random.nextDouble() >= part).forEach(rest.frames::add);
        return rest;
    }

    /** The same traffic without what an IPv4 host sends, or without what it is sent. */
    Traffic without(String host, boolean sent) {
        byte[] address = IpAddress.parse(host).bytes();
        int at = sent ? 14 + 12 : 14 + 16;
        Traffic rest = new Traffic();
        frames.stream()
                .filter(frame -> !Arrays.equals(frame.bytes, at, at + 4, address, 0, 4))
                .forEach(rest.frames::add);
        return rest;
    }

    int size() {
        return frames.size();
    }

    /** The frames in the order of their times. */
    FrameSource source() {
        List<Frame> ordered = new ArrayList<>(frames);
        ordered.sort(Comparator.comparingLong(Frame::timeNs));
        return new Playback(ordered);
    }

    /**
     * The same as from the kernel, which hands over what an interface has received in {@code
     * blockNs}, one interface after another.
     */
    FrameSource sourceInBlocks(long blockNs) {
        List<Frame> ordered = new ArrayList<>(frames);
        ordered.sort(
                Comparator.comparingLong((Frame frame) -> frame.timeNs / blockNs)
                        .thenComparingInt(frame -> -frame.interfaceIndex)
                        .thenComparingLong(Frame::timeNs));
        return new Playback(ordered);
    }

    /** The same, and then once more by a clock that was set back in between. */
    FrameSource sourceAndAgain(long setBackNs) {
        List<Frame> ordered = new ArrayList<>(frames);
        ordered.sort(Comparator.comparingLong(Frame::timeNs));
        List<Frame> both = new ArrayList<>(ordered);
        ordered.forEach(frame -> both.add(new Frame(frame.timeNs - setBackNs, frame.bytes)));
        return new Playback(both);
    }

    private static final class Playback implements FrameSource {
        private final List<Frame> frames;
        private final FrameBuffer buffer = new FrameBuffer();
        private int next;

        Playback(List<Frame> frames) {
            this.frames = frames;
        }

        @Override
        public int poll(FrameSink sink, int limit) {
            if (next == frames.size()) {
                return ENDED;
            }
            int end = Math.min(frames.size(), next + limit);
            int count = end - next;
            for (; next < end; next++) {
                Frame frame = frames.get(next);
                buffer.wrap(frame.bytes);
                sink.frame(
                        frame.timeNs,
                        buffer,
                        0,
                        frame.bytes.length,
                        frame.bytes.length,
                        LinkType.ETHERNET,
                        frame.interfaceIndex,
                        0);
            }
            return count;
        }

        @Override
        public List<String> interfaces() {
            return List.of("script");
        }

        @Override
        public void close() {}
    }
}
