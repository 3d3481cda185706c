package ips.capture;

import static ips.capture.LiveCaptureTest.udp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Interfaces that go down, are removed or were never there; skipped without root. */
@Timeout(60)
class LiveLinkChangesTest {
    @RegisterExtension private final InNamespace link = new InNamespace();

    private final RecordingSink sink = new RecordingSink();

    @ThroughRingAndLibpcap
    void saysWhyAFilterDoesNotCompileAndThatAnInterfaceIsMissing(CaptureSources.Mode mode)
            throws Exception {
        assumeTrue(BpfFilter.isAvailable(), "skipped: no libpcap");
        CaptureException filter =
                assertThrows(
                        CaptureException.class,
                        () -> CaptureSources.live(List.of("vb"), mode, "prot tcp"));
        assertTrue(
                filter.getMessage().contains("'prot tcp' does not compile"), filter.getMessage());
        assertTrue(filter.getMessage().contains("syntax"), filter.getMessage());

        CaptureException missing =
                assertThrows(
                        CaptureException.class, () -> CaptureSources.live(List.of("vx"), mode, ""));
        assertTrue(missing.getMessage().contains("vx"), missing.getMessage());
        if (mode == CaptureSources.Mode.AFPACKET) {
            assertTrue(missing.getMessage().contains("va, "), missing.getMessage());
        }
    }

    @ThroughRingAndLibpcap
    void survivesTheLinksGoingDownAndComingBack(CaptureSources.Mode mode) throws Exception {
        try (CaptureSource source = CaptureSources.live(List.of("vb"), mode, "udp port 53")) {
            try (Namespace.Sender sender = new Namespace.Sender("va")) {
                sender.send(udp(1, 60));
                sink.takeUntil(source, () -> sink.frames.size() == 1);
                link.run("ip", "link", "set", "vb", "down");
                if (mode == CaptureSources.Mode.AFPACKET) {
                    sink.takeUntil(source, () -> !source.status().isEmpty());
                    assertTrue(source.status().contains("vb"), source.status());
                } else {
                    sink.takeFor(source, 200); // libpcap keeps silent about it
                }

                link.run("ip", "link", "set", "vb", "up");
                sink.takeUntil(source, () -> source.status().isEmpty());
                sink.takeOneOf(source, sender, udp(2, 60));
            }

            assertTrue(sink.frames.size() >= 2);
            assertArrayEquals(udp(2, 60), sink.frames.get(1).bytes());
            int told = mode == CaptureSources.Mode.AFPACKET ? 2 : 0;
            assertEquals(told, source.warnings().size(), source.warnings().toString());
        }
    }

    @ThroughRingAndLibpcap
    void survivesTheInterfacesBeingRemovedAndMadeAgain(CaptureSources.Mode mode) throws Exception {
        try (CaptureSource source = CaptureSources.live(List.of("vb"), mode, "udp port 53")) {
            link.run("ip", "link", "del", "va");
            sink.takeUntil(source, () -> !source.status().isEmpty());
            sink.takeFor(source, 250);
            assertTrue(source.status().contains("vb"), source.status());

            link.addPair();
            sink.takeUntil(source, () -> source.status().isEmpty());
            try (Namespace.Sender sender = new Namespace.Sender("va")) {
                sink.takeOneOf(source, sender, udp(2, 60));
            }
        }
        assertTrue(sink.frames.size() >= 1);
        assertArrayEquals(udp(2, 60), sink.frames.get(0).bytes());
    }

    @Test
    void waitsForAnInterfaceThatIsDownWhenItBegins() throws Exception {
        link.run("ip", "link", "set", "vb", "down");
        try (AfPacketSource source =
                AfPacketSource.open("vb", "udp", AfPacketSource.Config.DEFAULTS)) {
            sink.takeUntil(source, () -> !source.status().isEmpty());
            assertTrue(source.status().contains("vb is down"), source.status());

            link.run("ip", "link", "set", "vb", "up");
            sink.takeUntil(source, () -> source.status().isEmpty());
            try (Namespace.Sender sender = new Namespace.Sender("va")) {
                sink.takeOneOf(source, sender, udp(1, 60));
            }
        }
        assertTrue(sink.frames.size() >= 1);
    }
}
