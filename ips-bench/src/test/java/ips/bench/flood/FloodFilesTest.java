package ips.bench.flood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.capture.CaptureFileSource;
import ips.capture.CaptureSource;
import ips.core.Engine;
import ips.core.EngineReport;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FloodFilesTest {
    private static final int FRAMES = 100_000;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(Flood.class)
    void theSensorReadsEveryFrameAndSeesAnAttack(Flood flood) throws Exception {
        Path file = folder.resolve("flood.pcap");
        FloodFiles.write(flood, FRAMES, 10, file);

        try (CaptureSource source = CaptureFileSource.open(file);
                Engine engine = Engine.builder().build()) {
            engine.run(source);
            engine.close();
            EngineReport report = engine.report();

            assertEquals(FRAMES, report.frames());
            assertEquals(0, report.counters().get(Counter.IPV4_CHECKSUM_WRONG));
            assertEquals(0, report.counters().get(Counter.TCP_CHECKSUM_WRONG));
            assertEquals(0, report.counters().get(Counter.ICMP_CHECKSUM_WRONG));
            assertEquals((FRAMES - 1) * 10_000L, report.lastNs() - report.firstNs());
            assertTrue(report.detections().size() > 0);
            for (Detection detection : report.detections()) {
                assertTrue(detection.count() <= FRAMES, detection.toString());
            }
        }
    }
}
