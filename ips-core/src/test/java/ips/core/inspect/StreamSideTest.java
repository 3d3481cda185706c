package ips.core.inspect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import org.junit.jupiter.api.Test;

class StreamSideTest {
    private static final FrameBuffer BYTE = new FrameBuffer(new byte[] {'a'});

    /** Inserts bytes with holes between them. */
    private static StreamSide scattered(BufferPool pool, int bytes) {
        StreamSide side = new StreamSide(pool);
        side.start(1000);
        for (int i = 0; i < bytes; i++) {
            side.insert(1001 + 2 * i, BYTE, 0, 1);
        }
        return side;
    }

    @Test
    void countsLongListsAsBytesHeldAndLetsThemGo() {
        BufferPool pool = new BufferPool(1 << 20);
        StreamSide side = scattered(pool, 1000);
        long held = pool.held();

        side.letGo();

        assertTrue(held - pool.held() >= 1000 * 16 - 16 * 16, held + " to " + pool.held());
    }

    @Test
    void keepsListsAndBytesOfAllWithinTheLimit() {
        BufferPool pool = new BufferPool(64 << 10);
        for (int i = 0; i < 20; i++) {
            scattered(pool, 1000);
        }

        assertTrue(pool.held() <= 64 << 10, "held " + pool.held());
        assertTrue(pool.refusals() > 0);
    }
}
