package ips.core.inspect;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Messages of DNS that are made to be hard to read. */
class DnsTransactionsTest {
    private final BufferPool buffers = new BufferPool(4 << 20);

    private static ByteRange range(byte[] bytes) {
        FrameBuffer buffer = new FrameBuffer();
        buffer.wrap(bytes);
        return new ByteRange().set(buffer, 0, bytes.length);
    }

    @Test
    void readsNoMoreOfAStreamBehindAMessageThatIsTooShort() {
        byte[] stream = new byte[80_000];
        stream[1] = 5;
        InspectedFlow flow = new InspectedFlow(buffers);
        DnsTransactions dns = new DnsTransactions(buffers);

        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> dns.stream(flow, true, range(stream)));

        assertTrue(flow.unreadable);
        assertNull(flow.other, "nothing is kept");
    }
}
