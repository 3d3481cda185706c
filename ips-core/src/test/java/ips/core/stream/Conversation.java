package ips.core.stream;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.flow.ConnectionTable;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** One TCP connection's segments, sent by hand, and what the reassembler tells of it. */
final class Conversation implements StreamListener {
    static final int CONNECTION = 5;
    static final int DATA = TcpFlags.ACK | TcpFlags.PSH;

    final Counters counters = new Counters();
    final ConnectionTable connections = new ConnectionTable(64, counters);
    final StreamReassembler reassembler;
    final int clientStart;
    final int serverStart;
    int opened;
    int closed;
    int lastStream = -1;
    int copied;

    private final PacketDecoder decoder = new PacketDecoder(true, counters);
    private final Packet packet = new Packet();
    private final ByteArrayOutputStream fromClient = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fromServer = new ByteArrayOutputStream();
    private long frames;

    Conversation() {
        this(1000, 9000, StreamConfig.DEFAULTS.perWorker(16));
    }

    Conversation(int clientStart, int serverStart, StreamConfig config) {
        this.clientStart = clientStart;
        this.serverStart = serverStart;
        reassembler = new StreamReassembler(connections, config, this, counters);
    }

    Conversation handshake() {
        client(clientStart - 1, 0, TcpFlags.SYN, "", f -> {});
        server(serverStart - 1, clientStart, TcpFlags.SYN | TcpFlags.ACK, "", f -> {});
        return client(clientStart, serverStart, TcpFlags.ACK, "", f -> {});
    }

    /** Data of the client's, {@code at} bytes into its stream. */
    Conversation sends(int at, String data) {
        return sends(at, data, f -> {});
    }

    Conversation sends(int at, String data, Consumer<FrameBuilder> change) {
        return client(clientStart + at, serverStart, DATA, data, change);
    }

    /** Data of the server's, {@code at} bytes into its stream. */
    Conversation answers(int at, String data) {
        return server(serverStart + at, clientStart, DATA, data, f -> {});
    }

    /** The server acknowledges the client's first {@code bytes}. */
    Conversation acknowledges(int bytes) {
        return server(serverStart, clientStart + bytes, TcpFlags.ACK, "", f -> {});
    }

    Conversation client(int seq, int ack, int flags, String data, Consumer<FrameBuilder> change) {
        FrameBuilder frame = FrameBuilder.tcp("10.0.0.1", 4000, "10.0.0.2", 80);
        return segment(true, frame, seq, ack, flags, data, change);
    }

    Conversation server(int seq, int ack, int flags, String data, Consumer<FrameBuilder> change) {
        FrameBuilder frame = FrameBuilder.tcp("10.0.0.2", 80, "10.0.0.1", 4000);
        return segment(false, frame, seq, ack, flags, data, change);
    }

    private Conversation segment(
            boolean client,
            FrameBuilder frame,
            int seq,
            int ack,
            int flags,
            String data,
            Consumer<FrameBuilder> change) {
        frame.seq(seq).ack(ack).flags(flags).window(65_535);
        frame.payload(data.getBytes(StandardCharsets.ISO_8859_1));
        change.accept(frame);
        FrameBuffer buffer = frame.buildBuffer();
        decoder.decode(
                buffer,
                0,
                buffer.capacity(),
                buffer.capacity(),
                LinkType.ETHERNET,
                0,
                0,
                frames * 1000,
                ++frames,
                packet);
        reassembler.segment(CONNECTION, client, packet);
        return this;
    }

    Conversation ticks(int count) {
        for (int i = 0; i < count; i++) {
            reassembler.tick();
        }
        return this;
    }

    /** What was told of the client; {@code <3>} for a gap of three bytes. */
    String heard() {
        return fromClient.toString(StandardCharsets.ISO_8859_1);
    }

    String heardFromServer() {
        return fromServer.toString(StandardCharsets.ISO_8859_1);
    }

    long count(Counter counter) {
        return counters.get(counter);
    }

    @Override
    public void opened(int stream, int connection) {
        opened++;
        lastStream = stream;
    }

    @Override
    public void bytes(int stream, boolean client, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes, 0, length);
        (client ? fromClient : fromServer).writeBytes(bytes);
        copied += buffer == packet.buffer() ? 0 : length;
    }

    @Override
    public void gap(int stream, boolean client, int length) {
        byte[] text = ("<" + length + ">").getBytes(StandardCharsets.ISO_8859_1);
        (client ? fromClient : fromServer).writeBytes(text);
    }

    @Override
    public void closed(int stream) {
        closed++;
    }
}
