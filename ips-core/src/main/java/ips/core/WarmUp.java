package ips.core;

import ips.core.detect.Detectors;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.TableConfig;
import ips.core.http.HttpConfig;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.RingConfig;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import ips.core.stream.StreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs made-up traffic, floods and honest HTTP, through a small engine of its own, so that the JVM
 * has compiled the way of a frame before the first one comes: a flood that meets the interpreter
 * loses frames. Nothing of it is reported, logged or banned. Takes a second or two; its memory is
 * free afterwards.
 */
public final class WarmUp {
    private static final int FRAMES = 120_000;

    /** Between two frames, of frame time: fast enough for a flood. */
    private static final long FRAME_NS = 10_000;

    private static final String SERVER = "203.0.113.1";
    private static final int SOURCES = 200;
    private static final int CONVERSATIONS = 40;

    private static final int SYN = TcpFlags.SYN;
    private static final int ACK = TcpFlags.ACK;
    private static final int PUSH = TcpFlags.PSH | ACK;
    private static final int END = TcpFlags.FIN | ACK;

    private static final int[] SCANS = {0, TcpFlags.FIN, TcpFlags.RST, TcpFlags.ACK};

    private WarmUp() {}

    /**
     * @param like what the engine to come is set to; sizes of tables and of HTTP are not taken over
     * @param rules those that it will ask
     * @return what became of the frames
     */
    public static EngineReport run(
            EngineConfig like, SignatureSet rules, RuleInspector.Options options) {
        EngineConfig config =
                new EngineConfig(
                        1,
                        1,
                        like.verifyChecksums(),
                        new RingConfig(
                                8, 65_536, like.ring().waitMode(), like.ring().skipDuplicates()),
                        new TableConfig(
                                1024,
                                64,
                                new ConnectionTracker.Config(
                                        4096,
                                        like.tables().connections().grace(),
                                        like.tables().connections().midstream(),
                                        4096,
                                        false)),
                        small(like.detectors()),
                        like.bans());
        List<FrameBuffer> frames = frames();
        Engine engine =
                Engine.builder()
                        .config(config)
                        .lossless(true)
                        .rules(rules, small(options))
                        .errorHandler(e -> {})
                        .build();
        try (engine) {
            FrameSink sink = engine.frames();
            long timeNs = Duration.ofDays(1).toNanos();
            for (int i = 0; i < FRAMES; i++) {
                FrameBuffer frame = frames.get(i % frames.size());
                timeNs += FRAME_NS;
                sink.frame(
                        timeNs,
                        frame,
                        0,
                        frame.capacity(),
                        frame.capacity(),
                        LinkType.ETHERNET,
                        0,
                        0);
            }
        }
        return engine.report();
    }

    private static Detectors small(Detectors like) {
        return like.with(
                like.payload()
                        .withBounds(
                                new StreamConfig(1024, 1 << 20, 64 << 10), new HttpConfig(8, 8)));
    }

    private static RuleInspector.Options small(RuleInspector.Options like) {
        return new RuleInspector.Options(
                like.inline(), like.midstream(), like.verifyChecksums(), 1024, like.payload());
    }

    /**
     * Floods and scans of one source and of many, with conversations between them; twice, because a
     * SYN with the sequence number of the one before begins nothing.
     */
    private static List<FrameBuffer> frames() {
        List<FrameBuffer> frames = new ArrayList<>();
        round(frames, 1000);
        round(frames, 1_000_000);
        return frames;
    }

    private static void round(List<FrameBuffer> frames, int start) {
        for (int i = 0; i < SOURCES; i++) {
            String forged = "198.51.100." + i;
            add(frames, FrameBuilder.tcp("192.0.2.1", 1024 + i, SERVER, 80).flags(SYN));
            add(frames, FrameBuilder.tcp(forged, 1024 + i, SERVER, 80).flags(SYN));
            add(frames, FrameBuilder.icmp("192.0.2.2", SERVER).icmpEcho(1, i));
            add(frames, FrameBuilder.udp(forged, 1024 + i, SERVER, 53).payload("warm up"));
            add(
                    frames,
                    FrameBuilder.tcp("192.0.2.3", 1024, SERVER, i).flags(SCANS[i % SCANS.length]));
            if (i < CONVERSATIONS) {
                conversation(frames, "192.0.2." + (100 + i), 5000 + i, start);
            }
        }
    }

    private static void conversation(List<FrameBuffer> frames, String client, int port, int start) {
        String request =
                "GET /a/page%20of/many.html?q=warm+up&n="
                        + port
                        + " HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11)\r\n"
                        + "Accept: text/html,*/*;q=0.8\r\nCookie: session=8f14e45f; theme=dark\r\n"
                        + "\r\n";
        String body = "<p>It's only \"text\" of no account.</p>\n".repeat(30);
        String response =
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        int first = start + 1;
        int asked = first + request.length();
        int answered = 9001 + response.length();
        add(frames, asking(client, port).flags(SYN).seq(start));
        add(frames, answering(client, port).flags(SYN | ACK).seq(9000).ack(first));
        add(frames, asking(client, port).flags(ACK).seq(first).ack(9001));
        add(frames, asking(client, port).flags(PUSH).seq(first).ack(9001).payload(request));
        add(frames, answering(client, port).flags(PUSH).seq(9001).ack(asked).payload(response));
        add(frames, asking(client, port).flags(END).seq(asked).ack(answered));
        add(frames, answering(client, port).flags(END).seq(answered).ack(asked + 1));
        add(frames, asking(client, port).flags(ACK).seq(asked + 1).ack(answered + 1));
    }

    private static FrameBuilder asking(String client, int port) {
        return FrameBuilder.tcp(client, port, SERVER, 80);
    }

    private static FrameBuilder answering(String client, int port) {
        return FrameBuilder.tcp(SERVER, 80, client, port);
    }

    private static void add(List<FrameBuffer> frames, FrameBuilder frame) {
        frames.add(frame.buildBuffer());
    }
}
