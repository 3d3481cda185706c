package ips.core.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.flow.ConnectionTable;
import ips.core.http.HttpConfig;
import ips.core.http.HttpParser;
import ips.core.http.PartListener;
import ips.core.http.RequestReader;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import ips.core.payload.PartKind;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/** Streams and HTTP together, as a worker runs them. */
class AllocationFreeStreamTest implements StreamListener, PartListener {
    private static final int CONNECTIONS = 1024;

    private static final String REQUEST =
            "POST /shop/cart?item=17&colour=dark+blue HTTP/1.1\r\nHost: shop.example\r\n"
                    + "User-Agent: Mozilla/5.0\r\nCookie: session=abc; theme=d\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 34\r\n\r\n"
                    + "{\"name\": \"O\\u0027Brien\", \"count\": 2}";

    private static final StreamConfig TIGHT = new StreamConfig(256, 64 << 10, 16_384);

    private final Counters counters = new Counters();
    private final ConnectionTable connections = new ConnectionTable(CONNECTIONS, counters);
    private final StreamReassembler streams =
            new StreamReassembler(connections, TIGHT, this, counters);
    private final RequestReader reader =
            new RequestReader(TIGHT.streams(), new HttpConfig(8, 8), this, counters);
    private final HttpParser parser =
            new HttpParser(TIGHT.streams(), new HttpConfig(8, 8), reader, counters);
    private final PacketDecoder decoder = new PacketDecoder(true, counters);
    private final Packet packet = new Packet();
    private long frames;
    private long parts;

    @Test
    void requestsInAndOutOfOrderAllocateNothing() {
        List<FrameBuffer> inOrder = conversation(false);
        List<FrameBuffer> disorder = conversation(true);
        run(inOrder, disorder, 3000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        run(inOrder, disorder, 20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(allocated < 20_000, "bytes allocated: " + allocated);
        assertEquals(23_000 * 2, counters.get(Counter.HTTP_REQUESTS));
        assertEquals(23_000 * 2 * 8, parts);
    }

    private void run(List<FrameBuffer> inOrder, List<FrameBuffer> disorder, int count) {
        for (int i = 0; i < count; i++) {
            play(i % CONNECTIONS, inOrder);
            play((i + 7) % CONNECTIONS, disorder);
            if (i % 100 == 0) {
                streams.tick();
            }
        }
    }

    private void play(int connection, List<FrameBuffer> conversation) {
        for (int i = 0; i < conversation.size(); i++) {
            FrameBuffer frame = conversation.get(i);
            int length = frame.capacity();
            decoder.decode(
                    frame, 0, length, length, LinkType.ETHERNET, 0, 0, frames, ++frames, packet);
            streams.segment(connection, packet.destinationPort() == 80, packet);
        }
        streams.forgotten(connection);
        connections.attachStream(connection, 0);
    }

    private static List<FrameBuffer> conversation(boolean disorder) {
        List<FrameBuffer> frames = new ArrayList<>();
        frames.add(client(999, 0, TcpFlags.SYN, ""));
        frames.add(server(8999, 1000, TcpFlags.SYN | TcpFlags.ACK, ""));
        if (disorder) {
            for (int at = (REQUEST.length() - 1) / 40 * 40; at >= 0; at -= 40) {
                String piece = REQUEST.substring(at, Math.min(at + 40, REQUEST.length()));
                frames.add(client(1000 + at, 9000, TcpFlags.ACK, piece));
            }
        } else {
            frames.add(client(1000, 9000, TcpFlags.ACK, REQUEST));
        }
        frames.add(server(9000, 1000 + REQUEST.length(), TcpFlags.ACK, "HTTP/1.1 204 No\r\n\r\n"));
        return frames;
    }

    private static FrameBuffer client(int seq, int ack, int flags, String data) {
        return FrameBuilder.tcp("10.0.0.1", 4000, "10.0.0.2", 80)
                .seq(seq)
                .ack(ack)
                .flags(flags)
                .payload(data)
                .buildBuffer();
    }

    private static FrameBuffer server(int seq, int ack, int flags, String data) {
        return FrameBuilder.tcp("10.0.0.2", 80, "10.0.0.1", 4000)
                .seq(seq)
                .ack(ack)
                .flags(flags)
                .payload(data)
                .buildBuffer();
    }

    /** Half-open streams make way for those that speak, however many there are. */
    @Test
    void tenThousandHalfDeadConnectionsDisplaceEachOther() {
        List<FrameBuffer> whole = conversation(false);
        FrameBuffer syn = client(999, 0, TcpFlags.SYN, "");
        FrameBuffer synAck = server(8999, 1000, TcpFlags.SYN | TcpFlags.ACK, "");
        FrameBuffer hole = client(3000, 9000, TcpFlags.ACK, "x".repeat(1000));
        decodeAndTake(0, whole.get(0));
        decodeAndTake(0, whole.get(1));
        decodeAndTake(0, client(1000, 9000, TcpFlags.ACK, REQUEST.substring(0, 50)));

        for (int i = 0; i < 10_000; i++) {
            int connection = 1 + i % (CONNECTIONS - 1);
            streams.forgotten(connection);
            connections.attachStream(connection, 0);
            decodeAndTake(connection, syn);
            decodeAndTake(connection, synAck);
            decodeAndTake(connection, hole);
        }
        decodeAndTake(0, client(1050, 9000, TcpFlags.ACK, REQUEST.substring(50)));

        assertEquals(1, counters.get(Counter.HTTP_REQUESTS));
        assertTrue(counters.get(Counter.STREAMS_EVICTED) > 5000);
        assertTrue(counters.get(Counter.STREAMS_FLUSHED) > 100);
    }

    private void decodeAndTake(int connection, FrameBuffer frame) {
        int length = frame.capacity();
        decoder.decode(frame, 0, length, length, LinkType.ETHERNET, 0, 0, frames, ++frames, packet);
        streams.segment(connection, packet.destinationPort() == 80, packet);
    }

    @Override
    public void opened(int stream, int connection) {
        parser.opened(stream);
    }

    @Override
    public void bytes(int stream, boolean client, DirectBuffer buffer, int offset, int length) {
        parser.bytes(stream, client, buffer, offset, length);
    }

    @Override
    public void gap(int stream, boolean fromClient, int length) {
        parser.gap(stream, fromClient, length);
    }

    @Override
    public void closed(int stream) {
        parser.closed(stream);
    }

    @Override
    public void part(
            PartKind kind,
            DirectBuffer name,
            int nameOffset,
            int nameLength,
            DirectBuffer value,
            int valueOffset,
            int valueLength) {
        parts++;
    }
}
