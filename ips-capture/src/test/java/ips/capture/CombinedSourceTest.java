package ips.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinedSourceTest {
    private final RecordingSink sink = new RecordingSink();

    /** Has so many frames and waits for nothing. */
    private static final class FakeSource implements LiveSource {
        private final FrameBuffer frame = new FrameBuffer(new byte[60]);
        private final int index;
        private int left;
        private int waits;
        private boolean closed;

        FakeSource(int index, int left) {
            this.index = index;
            this.left = left;
        }

        @Override
        public int take(FrameSink sink, int limit) {
            if (closed) {
                return ENDED;
            }
            int taken = Math.min(limit, left);
            for (int i = 0; i < taken; i++) {
                sink.frame(1, frame, 0, 60, 60, 1, index, 0);
            }
            left -= taken;
            return taken;
        }

        @Override
        public void await(int timeoutMs) {
            waits++;
        }

        @Override
        public long idleTimeNs() {
            return 1_000 + index;
        }

        @Override
        public List<String> interfaces() {
            return List.of("fake" + index);
        }

        @Override
        public List<String> warnings() {
            return List.of("warning " + index);
        }

        @Override
        public String status() {
            return index == 0 ? "" : "fake" + index + " is down";
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void takesEveryFrameOfEachAndKeepsToTheLimit() throws IOException {
        CombinedSource source =
                new CombinedSource(List.of(new FakeSource(0, 1_000), new FakeSource(1, 10)));

        int polled;
        do {
            polled = source.poll(sink, 7);
            assertTrue(polled <= 7);
        } while (polled > 0);

        assertEquals(1_010, sink.frames.size());
        assertEquals(10, sink.frames.stream().filter(f -> f.interfaceIndex() == 1).count());
    }

    @Test
    void letsNoFloodStarveAQuietLink() throws IOException {
        CombinedSource source =
                new CombinedSource(List.of(new FakeSource(0, 1_000_000), new FakeSource(1, 10)));

        for (int i = 0; i < 10; i++) {
            source.poll(sink, 16);
        }

        assertEquals(10, sink.frames.stream().filter(f -> f.interfaceIndex() == 1).count());
    }

    @Test
    void tellsTheEarliestTimeWhenAllAreIdle() throws IOException {
        CombinedSource source =
                new CombinedSource(List.of(new FakeSource(0, 0), new FakeSource(1, 0)));

        assertEquals(0, source.poll(sink, 16));

        assertEquals(1, sink.idles);
        assertEquals(1_000, sink.lastIdleNs);
    }

    @Test
    void speaksForAllAndEndsWhenClosed() throws IOException {
        CombinedSource source =
                new CombinedSource(List.of(new FakeSource(0, 5), new FakeSource(1, 5)));

        assertEquals(List.of("fake0", "fake1"), source.interfaces());
        assertEquals(List.of("warning 0", "warning 1"), source.warnings());
        assertEquals("fake1 is down", source.status());

        source.close();
        assertEquals(FrameSource.ENDED, source.poll(sink, 16));
        assertEquals(0, sink.frames.size());
    }
}
