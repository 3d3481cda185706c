package ips.bench.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.bench.flood.Flood;
import ips.capture.CaptureFileSource;
import ips.capture.CaptureSource;
import ips.core.Engine;
import ips.core.EngineReport;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTrafficTest {
    private static final HttpTraffic HONEST = new HttpTraffic(500, 0, Flood.SEED);
    private static final HttpTraffic SOME_ATTACKS = new HttpTraffic(500, 10, Flood.SEED);

    @TempDir private Path folder;

    /** As docs/benchmarks.md has them: published figures name their frames by these. */
    @Test
    void itsFramesAreTheSameOnEveryMachine() {
        assertEquals("f3eba035d21a3e62", HONEST.hash());
        assertEquals("a2a53ab924730be6", SOME_ATTACKS.hash());
    }

    @Test
    void theSensorReadsEveryMessageAndAccusesNobody() throws Exception {
        EngineReport report = analyze(HONEST);

        assertEquals(0, report.detections().size(), report.detections().toString());
    }

    @Test
    void theSensorFindsTheAttackersAndNobodyElse() throws Exception {
        EngineReport report = analyze(SOME_ATTACKS);

        assertTrue(report.detections().size() > 0);
        for (Detection detection : report.detections()) {
            assertTrue(detection.toString().contains("203.0.113."), detection.toString());
        }
    }

    private EngineReport analyze(HttpTraffic traffic) throws Exception {
        Path file = folder.resolve("http.pcap");
        HttpTraffic.Totals totals = HttpTrafficFiles.write(traffic, 5, file);
        try (CaptureSource source = CaptureFileSource.open(file);
                Engine engine = Engine.builder().build()) {
            engine.run(source);
            engine.close();
            EngineReport report = engine.report();

            assertEquals(totals.frames(), report.frames());
            assertEquals(totals.requests(), report.counters().get(Counter.HTTP_REQUESTS));
            assertEquals(totals.requests(), report.counters().get(Counter.HTTP_RESPONSES));
            assertEquals(traffic.connections(), report.counters().get(Counter.STREAMS_OPENED));
            assertEquals(0, report.counters().get(Counter.IPV4_CHECKSUM_WRONG));
            assertEquals(0, report.counters().get(Counter.TCP_CHECKSUM_WRONG));
            assertEquals(0, report.counters().get(Counter.STREAM_GAPS));
            assertEquals(0, report.counters().get(Counter.STREAM_SEGMENTS_HELD));
            assertEquals(0, report.counters().get(Counter.HTTP_LINES_BROKEN));
            assertEquals(0, report.counters().get(Counter.HTTP_CHUNKS_BROKEN));
            return report;
        }
    }
}
