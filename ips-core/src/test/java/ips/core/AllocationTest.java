package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleInspector;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.SignatureSet;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole frames' ways, measured: capture thread and workers allocate nothing in steady state. */
class AllocationTest {
    private static final int ROUND = 100_000;

    /** At this pace each client pings once a second. */
    private static final long FRAME_GAP_NS = 1_500_000;

    private static final int WARM_UP_ROUNDS = 8;
    private static final int ROUNDS = 10;

    /** What a frame may cost: class loading and compilation now and then, a hundredth of a byte. */
    private static final double MOST_BYTES_A_FRAME = 0.01;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long timeNs = Traffic.START_NS;

    @Test
    void allocatesNothingOverAMillionMixedFrames() throws InterruptedException {
        assertAllocatesNothing(mixedFrames());
    }

    @Test
    void allocatesNothingForRequestsOfEveryForm() throws InterruptedException {
        List<byte[]> frames = HttpFrames.ofClients(100);
        long requests = HttpFrames.REQUESTS * 100L * (ROUND / frames.size());

        Map<Counter, Long> counted = assertAllocatesNothing(frames);

        long read = counted.get(Counter.HTTP_REQUESTS);
        assertTrue(read >= requests * (WARM_UP_ROUNDS + ROUNDS), read + " requests");
        assertEquals(0, counted.get(Counter.HTTP_LINES_BROKEN));
        assertEquals(0, counted.get(Counter.HTTP_CHUNKS_BROKEN));
        assertEquals(0, counted.get(Counter.HTTP_BODIES_BROKEN));
        assertEquals(0, counted.get(Counter.HTTP_BODIES_CUT));
        assertEquals(0, counted.get(Counter.HTTP_SMUGGLING));
    }

    @Test
    void allocatesNothingWithRulesThatNoLongerAlert() throws InterruptedException {
        List<byte[]> frames = mixedFrames();
        frames.addAll(HttpFrames.ofClients(20));

        Map<Counter, Long> counted = assertAllocatesNothing(frames, rules());

        assertEquals(20, counted.get(Counter.RULE_ALERTS), "one for each client, at its start");
        assertEquals(0, counted.get(Counter.RULE_BUFFERS_REFUSED));
    }

    /**
     * Of every kind of buffer; many of their contents are there, but never all of a rule's but the
     * last.
     */
    private static SignatureSet rules() {
        String rules =
                """
                alert tcp any any -> any 80 (msg:"stream"; content:"GET "; content:"|00 01 02|"; distance:4; sid:1;)
                alert tcp any any -> any any (msg:"flags"; flags:SF; flow:stateless; sid:2;)
                alert http any any -> any any (msg:"uri"; http.uri; content:"/"; startswith; content:"/../../etc/shadow"; sid:3;)
                alert http any any -> any any (msg:"header"; http.header; content:"Host"; nocase; content:"evil.example"; sid:4;)
                alert http any any -> any any (msg:"agent"; http.user_agent; content:"Mozilla"; pcre:"/^Mozilla.{3,9}zz+$/"; sid:5;)
                alert http any any -> any any (msg:"body"; http.request_body; content:"="; content:"<?php eval"; sid:6;)
                alert http any any -> any any (msg:"file"; file.data; content:"<"; content:"unescape(%u9090"; sid:7;)
                alert http any any -> any any (msg:"bit"; http.method; content:"GET"; flowbits:set,seen; noalert; sid:8;)
                alert http any any -> any any (msg:"bits"; http.stat_code; content:"200"; flowbits:isset,seen; flowbits:isset,never; sid:9;)
                alert tcp any any -> any any (msg:"count"; content:"HTTP/1."; flowint:seen,+,1; noalert; sid:10;)
                alert udp any any -> any 53 (msg:"bytes"; content:"|00 00|"; byte_test:1,>,200,0,relative; content:"zz"; sid:11;)
                alert dns any any -> any any (msg:"name"; dns.query; content:"evil"; sid:12;)
                alert icmp any any -> any any (msg:"ping"; itype:8; content:"|00|"; content:"covert"; sid:13;)
                alert ip any any -> any any (msg:"ttl"; ttl:<2; sid:14;)
                alert tcp any any -> any any (msg:"many"; flags:S; content:"never"; threshold:type both,track by_src,count 5,seconds 60; sid:15;)
                alert http any any -> any any (msg:"once"; http.method; content:"GET"; threshold:type limit,track by_src,count 1,seconds 86400; sid:16;)
                """;
        RuleParser parser = new RuleParser();
        parser.text("test.rules", rules);
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        assertEquals(List.of(), parser.errors());
        assertEquals(List.of(), compiler.errors());
        return new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
    }

    private Map<Counter, Long> assertAllocatesNothing(List<byte[]> frames)
            throws InterruptedException {
        return assertAllocatesNothing(frames, SignatureSet.EMPTY);
    }

    private Map<Counter, Long> assertAllocatesNothing(List<byte[]> frames, SignatureSet rules)
            throws InterruptedException {
        List<FrameBuffer> mix = frames.stream().map(FrameBuffer::new).toList();
        try (Engine engine =
                Engine.builder()
                        .config(EngineConfig.DEFAULTS.withWorkers(2))
                        .rules(rules, RuleInspector.Options.DEFAULTS)
                        .keepFrames(true)
                        .build()) {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(engine, mix);
                Thread.sleep(20); // long enough for workers to go to sleep, which they do once
            }
            List<Long> workers = workerThreads();
            assertEquals(2, workers.size());

            List<Long> perRound = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                long before = allocated(workers);
                long sending = round(engine, mix);
                perRound.add(sending + allocated(workers) - before);
            }

            assertEquals(List.of(), engine.report().detections(), "the mix is to raise nothing");
            long bytes = perRound.stream().mapToLong(Long::longValue).sum();
            assertTrue(
                    bytes <= MOST_BYTES_A_FRAME * ROUND * ROUNDS,
                    "bytes per round of " + ROUND + " frames: " + perRound);
            return engine.counters();
        }
    }

    /**
     * Returns what this thread allocated, as the capture thread: not while it waits for the rest.
     */
    private long round(Engine engine, List<FrameBuffer> mix) throws InterruptedException {
        FrameSink frames = engine.frames();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUND; i++) {
            FrameBuffer buffer = mix.get(i % mix.size());
            int length = buffer.capacity();
            timeNs += FRAME_GAP_NS;
            frames.frame(timeNs, buffer, 0, length, length, LinkType.ETHERNET, 0, 0);
        }
        frames.idle(0);
        long sending = THREADS.getCurrentThreadAllocatedBytes() - before;
        while (engine.backlog() > 0) {
            Thread.sleep(1);
        }
        return sending;
    }

    /** Honest traffic of every protocol, and broken frames: everything but what is an attack. */
    private static List<byte[]> mixedFrames() {
        List<byte[]> frames = new ArrayList<>();
        int ack = TcpFlags.ACK;
        for (int host = 1; host <= 50; host++) {
            String client = "192.0.2." + host;
            String server = "198.51.100." + (1 + host);
            int port = 20_000 + host;
            frames.add(tcp(client, port, server, 80).flags(TcpFlags.SYN).seq(9).build());
            frames.add(
                    tcp(server, 80, client, port)
                            .flags(TcpFlags.SYN | ack)
                            .seq(99)
                            .ack(10)
                            .build());
            frames.add(tcp(client, port, server, 80).flags(ack).seq(10).ack(100).build());
            frames.add(
                    tcp(client, port, server, 80)
                            .flags(ack)
                            .seq(10)
                            .ack(100)
                            .payload(new byte[400])
                            .build());
            frames.add(
                    tcp(server, 80, client, port)
                            .flags(ack)
                            .seq(100)
                            .ack(410)
                            .payload(new byte[1400])
                            .build());
            frames.add(
                    tcp(client, port, server, 80)
                            .flags(ack | TcpFlags.FIN)
                            .seq(410)
                            .ack(1500)
                            .build());
            frames.add(
                    tcp(server, 80, client, port)
                            .flags(ack | TcpFlags.FIN)
                            .seq(1500)
                            .ack(411)
                            .build());
            frames.add(FrameBuilder.udp(client, port, server, 53).payload(new byte[30]).build());
            frames.add(FrameBuilder.udp(server, 53, client, port).payload(new byte[200]).build());
            frames.add(FrameBuilder.icmp(client, server).icmpType(8, 0).icmpEcho(host, 1).build());
            frames.add(FrameBuilder.icmp(server, client).icmpType(0, 0).icmpEcho(host, 1).build());
            frames.addAll(
                    FrameBuilder.udp(server, 53, client, port)
                            .id(host)
                            .payload(new byte[3000])
                            .fragments(1400));
            frames.add(
                    tcp("2001:db8::" + host, port, "2001:db8:1::1", 80)
                            .flags(ack)
                            .payload(new byte[64])
                            .vlan(7)
                            .build());
            frames.add(new byte[] {1, 2, 3});
        }
        return frames;
    }

    private static FrameBuilder tcp(String source, int sourcePort, String destination, int port) {
        return FrameBuilder.tcp(source, sourcePort, destination, port);
    }

    private static List<Long> workerThreads() {
        List<Long> ids = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("ips-worker-")) {
                ids.add(thread.getId());
            }
        }
        return ids;
    }

    private static long allocated(List<Long> threads) {
        long sum = 0;
        for (long thread : threads) {
            sum += THREADS.getThreadAllocatedBytes(thread);
        }
        return sum;
    }
}
