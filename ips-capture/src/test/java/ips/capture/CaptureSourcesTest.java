package ips.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureSourcesTest {
    @TempDir Path directory;

    @Test
    void opensAFileByName() throws IOException {
        Path path = directory.resolve("with:colon.pcap");
        try (CaptureFileWriter writer = CaptureFileWriter.create(path, 1)) {
            writer.write(1, new byte[60]);
        }

        RecordingSink sink = new RecordingSink();
        try (CaptureSource source = CaptureSources.open("file:" + path)) {
            sink.drain(source);
        }
        assertEquals(1, sink.frames.size());
    }

    @Test
    void namesTheKindsThereAreForAnUnknownOne() {
        CaptureException e =
                assertThrows(CaptureException.class, () -> CaptureSources.open("eth0"));

        assertTrue(e.getMessage().contains("file:, afpacket:, pcap:"), e.getMessage());
    }

    @Test
    void wantsAnInterfaceForALiveCapture() {
        CaptureException e =
                assertThrows(
                        CaptureException.class,
                        () -> CaptureSources.live(List.of(), CaptureSources.Mode.AUTO, ""));

        assertTrue(e.getMessage().contains("name an interface"), e.getMessage());
    }

    @Test
    void checksTheRingsMeasures() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new AfPacketSource.Config(100_000, 8, 8, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AfPacketSource.Config(1 << 20, 1 << 20, 8, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AfPacketSource.Config(1 << 20, 8, 0, true));
    }

    @ThroughRingAndLibpcap
    void saysWhatToDoWithoutTheRightToCapture(CaptureSources.Mode mode) throws Exception {
        assumeTrue(Platform.isLinux(), "skipped: capabilities are of Linux");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            CaptureException refused =
                    thread.submit(
                                    () -> {
                                        Namespace.dropCapabilities();
                                        return assertThrows(
                                                CaptureException.class,
                                                () -> CaptureSources.live(List.of("lo"), mode, ""));
                                    })
                            .get();

            assertTrue(
                    refused.getMessage().contains("AmbientCapabilities=CAP_NET_RAW"),
                    refused.getMessage());
        } finally {
            thread.shutdownNow();
        }
    }
}
