package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import ips.core.pipeline.RingConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole engines over scripted traffic, from frames to bans. */
class EngineSystemTest {
    private static final String VICTIM = "198.51.100.80";

    @Test
    void namesEachAttackAndItsSourceAndNobodyElse() throws IOException {
        EngineReport report = play(everything(), 1);

        Set<String> found = new TreeSet<>();
        for (Detection detection : report.detections()) {
            found.add(detection.kind() + " " + detection.source());
        }
        assertEquals(
                new TreeSet<>(
                        Set.of(
                                "syn_flood 192.0.2.1",
                                "icmp_flood 192.0.2.2",
                                "scan_null 192.0.2.3",
                                "scan_fin 192.0.2.4",
                                "scan_xmas 192.0.2.5",
                                "scan_syn 192.0.2.6",
                                "scan_udp 192.0.2.7",
                                "scan_ack 192.0.2.8",
                                "scan_maimon 192.0.2.9",
                                "scan_syn_fin 192.0.2.10",
                                "syn_flood null")),
                found);
    }

    /**
     * Nobody for the spoofed flood, nor .8 and .9: their probes look like connections' segments.
     */
    @Test
    void bansEachOffenderWhosePacketsCanBeTold() throws IOException {
        EngineReport report = play(everything(), 1);

        Set<String> banned = new TreeSet<>();
        report.bans().forEach(ban -> banned.add(ban.address().toString()));
        Set<String> expected = new TreeSet<>();
        for (int host : new int[] {1, 2, 3, 4, 5, 6, 7, 10}) {
            expected.add("192.0.2." + host);
        }
        assertEquals(expected, banned);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void verdictsDoNotDependOnTheNumberOfWorkers(int workers) throws IOException {
        List<String> one = outcome(play(everything(), 1));

        List<String> many = outcome(play(everything(), workers));

        assertEquals(one, many);
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "2, 4", "5, 10"})
    void verdictsDoNotDependOnTheNumberOfPipelines(int pipelines, int workers) throws IOException {
        Traffic traffic = everything();
        EngineReport one = play(traffic, 1);

        EngineReport many = play(traffic, pipelines, workers, true);

        assertEquals(outcome(one), outcome(many));
        assertEquals(traffic.size(), many.frames());
        assertEquals(one.bytes(), many.bytes());
        assertEquals(traffic.size(), many.counters().get(Counter.FRAMES_PROCESSED));
    }

    /** As on a link: each numbers its frames for itself, and their reports come as they come. */
    @Test
    void pipelinesThatNumberTheirFramesForThemselvesAccuseTheSame() throws IOException {
        EngineReport one = play(everything(), 1);

        EngineReport many = play(everything(), 3, 3, false);

        assertEquals(accused(one), accused(many));
        assertEquals(one.frames(), many.frames());
    }

    private static Set<String> accused(EngineReport report) {
        Set<String> lines = new TreeSet<>();
        for (Detection detection : report.detections()) {
            lines.add(
                    detection.kind()
                            + " "
                            + detection.source()
                            + " "
                            + detection.destination()
                            + " "
                            + detection.count());
        }
        report.bans().forEach(ban -> lines.add("ban " + ban.address() + " " + ban.scope()));
        return lines;
    }

    @Test
    void refusesASourceWithFewerPartsThanPipelines() throws IOException {
        try (Engine engine =
                Engine.builder().config(EngineConfig.DEFAULTS.withPipelines(2)).build()) {
            FrameSource source = new Traffic().source();

            assertThrows(IllegalArgumentException.class, () -> engine.run(source));
        }
    }

    @Test
    void tellsOfASourceThatFailsInOneOfSeveralPipelines() throws IOException {
        FrameSource endless =
                new Parts(List.of()) {
                    @Override
                    public int poll(FrameSink sink, int limit) {
                        return 0;
                    }
                };
        FrameSource failing =
                new Parts(List.of()) {
                    @Override
                    public int poll(FrameSink sink, int limit) throws IOException {
                        throw new IOException("the link is gone");
                    }
                };
        try (Engine engine =
                Engine.builder().config(EngineConfig.DEFAULTS.withPipelines(2)).build()) {
            FrameSource source = new Parts(List.of(endless, failing));

            IOException thrown = assertThrows(IOException.class, () -> engine.run(source));
            assertEquals("the link is gone", thrown.getMessage());
        }
    }

    /** Copies are evidence of nothing, and take none of the first packets' away. */
    @Test
    void tellsTheSameWhereEveryPacketIsSeenTwiceAndDuplicatesAreSkipped() throws IOException {
        Traffic traffic = everything();
        RingConfig ring = RingConfig.DEFAULTS;
        RingConfig skipping = new RingConfig(ring.slots(), ring.slotBytes(), ring.waitMode(), true);
        EngineConfig config = EngineConfig.DEFAULTS.withWorkers(2);

        EngineReport once = play(traffic, 2);
        EngineReport twice = play(traffic.forwarded(20_000, 1), config.withRing(skipping), true);

        assertEquals(accused(once), accused(twice));
        assertEquals(traffic.size(), twice.counters().get(Counter.FRAMES_SEEN_BEFORE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 64})
    void aFloodJustAboveItsThresholdIsSeenHoweverManyWorkersShareIt(int workers)
            throws IOException {
        Traffic traffic = new Traffic();
        for (int i = 0; i < 6000; i++) {
            String source = "11.0." + i / 250 + "." + i % 250;
            traffic.pings(source, VICTIM, 1, i * Traffic.SECOND / 1200, 0);
        }

        EngineReport report = play(traffic, workers);

        assertEquals(1, report.detections().size(), report.detections().toString());
        Detection detection = report.detections().get(0);
        assertEquals("icmp_flood", detection.kind().word());
        assertEquals(6000, detection.count());
        assertEquals(List.of(), report.bans());
    }

    /** Each forged source costs one segment, so not all are told, and the same with any number. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void tellsTheSameFewOfManySourcesWithOddFlags(int workers) throws IOException {
        Traffic traffic = new Traffic();
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            String source = "11.0." + random.nextInt(4) + "." + (1 + random.nextInt(250));
            int port = 80 + random.nextInt(2);
            traffic.at(
                    i * Traffic.MILLI,
                    FrameBuilder.tcp(source, 45_000, VICTIM, port).flags(i % 3 == 0 ? 0 : 1));
        }

        EngineReport one = play(traffic, 1);
        EngineReport many = play(traffic, workers);

        assertEquals(outcome(one), outcome(many));
        assertTrue(one.counters().get(Counter.FLAG_ALERTS_WITHHELD) > 100);
        assertEquals(
                one.counters().get(Counter.FLAG_ALERTS_WITHHELD),
                many.counters().get(Counter.FLAG_ALERTS_WITHHELD));
    }

    @Test
    void staysSilentOnBusyHonestTraffic() throws IOException {
        Traffic traffic =
                new Traffic()
                        .browsing(
                                "192.0.2.20",
                                VICTIM,
                                20_000,
                                0,
                                Traffic.MILLI / 10,
                                40 * Traffic.MILLI)
                        .pings("192.0.2.21", VICTIM, 20, 0, Traffic.SECOND);

        EngineReport report = play(traffic, 2);

        assertEquals(List.of(), report.detections());
        assertEquals(List.of(), report.bans());
    }

    @Test
    void everyFrameReceivedIsProcessed() throws IOException {
        Traffic traffic = everything();

        EngineReport report = play(traffic, 4);

        assertEquals(traffic.size(), report.frames());
        assertEquals(0, report.lost());
        assertEquals(traffic.size(), report.counters().get(Counter.FRAMES_PROCESSED));
        assertEquals(0, report.counters().get(Counter.WORKER_ERRORS));
    }

    /** Several sources as one, for as many pipelines. */
    private static class Parts implements FrameSource {
        private final List<FrameSource> parts;

        Parts(List<FrameSource> parts) {
            this.parts = parts;
        }

        @Override
        public List<FrameSource> parts() {
            return parts;
        }

        @Override
        public int poll(FrameSink sink, int limit) throws IOException {
            throw new AssertionError("its parts are polled");
        }

        @Override
        public List<String> interfaces() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private static EngineReport play(Traffic traffic, int workers) throws IOException {
        return play(traffic, 1, workers, true);
    }

    private static EngineReport play(
            Traffic traffic, int pipelines, int workers, boolean shownToAll) throws IOException {
        EngineConfig config = EngineConfig.DEFAULTS.withWorkers(workers).withPipelines(pipelines);
        return play(traffic, config, shownToAll);
    }

    private static EngineReport play(Traffic traffic, EngineConfig config, boolean shownToAll)
            throws IOException {
        int pipelines = config.pipelines();
        List<FrameSource> sources = new ArrayList<>();
        for (int i = 0; i < pipelines; i++) {
            sources.add(traffic.source());
        }
        try (Engine engine =
                Engine.builder()
                        .config(config)
                        .framesShownToAll(shownToAll)
                        .errorHandler(
                                error -> {
                                    throw new AssertionError(error);
                                })
                        .build()) {
            engine.run(pipelines == 1 ? sources.get(0) : new Parts(sources));
            engine.close();
            return engine.report();
        }
    }

    /** Everything that was decided, as text, in the order it was told. */
    private static List<String> outcome(EngineReport report) {
        List<String> lines = new ArrayList<>();
        for (Detection detection : report.detections()) {
            lines.add(detection.toString());
        }
        for (Ban ban : report.bans()) {
            lines.add(ban.toString());
        }
        return lines;
    }

    static Traffic everything() {
        long second = Traffic.SECOND;
        long milli = Traffic.MILLI;
        int ack = TcpFlags.ACK;
        int xmas = TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG;
        return new Traffic()
                .synFlood("192.0.2.1", VICTIM, 3000, second, milli)
                .pings("192.0.2.2", VICTIM, 3000, second, milli)
                .scan("192.0.2.3", VICTIM, 0, 100, true, second, 5 * milli)
                .scan("192.0.2.4", VICTIM, TcpFlags.FIN, 100, true, second, 5 * milli)
                .scan("192.0.2.5", VICTIM, xmas, 100, true, second, 5 * milli)
                .scan("192.0.2.6", VICTIM, TcpFlags.SYN, 100, true, second, 5 * milli)
                .udpScan("192.0.2.7", VICTIM, 100, second, 20 * milli)
                .scan("192.0.2.8", VICTIM, ack, 100, true, second, 5 * milli)
                .scan("192.0.2.9", VICTIM, ack | TcpFlags.FIN, 100, true, second, 5 * milli)
                .scan(
                        "192.0.2.10",
                        VICTIM,
                        TcpFlags.SYN | TcpFlags.FIN,
                        100,
                        true,
                        second,
                        5 * milli)
                .spoofedSynFlood("198.51.100.81", 20_000, second, milli / 4, new Random(1))
                .browsing("192.0.2.20", VICTIM, 2000, 0, 3 * milli, 40 * milli)
                .pings("192.0.2.21", VICTIM, 10, 0, second);
    }
}
