package ips.core.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import java.nio.ByteBuffer;
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

    @Test
    void followsOnlySoManyLabelsAndPointers() {
        int questions = 156;
        ByteBuffer message = ByteBuffer.allocate(12 + 253 * 2 + 1 + 4 + 155 * 6);
        message.putInt(0x00070100).putShort((short) questions).putShort((short) 0).putInt(0);
        for (int i = 0; i < 253; i++) {
            message.putShort((short) 0x0161);
        }
        message.put((byte) 0).putInt(0x10001);
        while (message.hasRemaining()) {
            message.putShort((short) 0xc00c).putInt(0x10001);
        }
        DnsTransaction dns = new DnsTransaction(buffers);
        dns.begin(0);

        assertTrue(dns.read(range(message.array()), 0, message.capacity()));

        assertTrue(dns.steps() <= 4 * message.capacity() + 1025, dns.steps() + " steps");
        assertTrue((dns.events() & DnsEvent.NAME_TOO_LONG.bit()) != 0);
        ByteRange name = new ByteRange();
        assertNotNull(dns.buffer("dns_query", true, 20, name));
        assertEquals(505, name.length);
        assertNull(dns.buffer("dns_query", true, 30, name), "not looked at");
    }
}
