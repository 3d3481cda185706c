package ips.cli.eval;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.TcpFlags;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The frames of one request's TCP connection: handshake, the request in the form asked for,
 * acknowledgments, an answer, the end of both sides.
 */
final class Conversation {
    private static final int SERVER_PORT = 80;
    private static final int OUTSIDE = 0x1000_0000;

    private final WireForm form;
    private final IpAddress client;
    private final IpAddress server;
    private final int clientPort;
    private final Random random;
    private final List<byte[]> frames = new ArrayList<>();
    private int identification;
    private int clientNext;
    private int serverNext;

    private Conversation(WireForm form, int number) {
        this.form = form;
        client = client(form, number);
        server = IpAddress.parse(form.ipv6() ? "2001:db8:ffff::80" : "192.0.2.80");
        clientPort = 20_000 + (number & 0x7fff);
        random = new Random(number);
        clientNext = random.nextInt();
        serverNext = random.nextInt();
        identification = random.nextInt(1 << 16);
    }

    /** The address that the request of that number comes from. */
    static IpAddress client(WireForm form, int number) {
        return form.ipv6()
                ? new IpAddress(0x2001_0db8_0001_0000L, number + 1L)
                : IpAddress.ofIpv4(0x0a01_0000 + number + 1);
    }

    /** The frames, in the order they are seen. */
    static List<byte[]> frames(CorpusRequest request, WireForm form, int number) {
        Conversation conversation = new Conversation(form, number);
        conversation.run(request);
        return conversation.frames;
    }

    private void run(CorpusRequest request) {
        if (!form.midstream()) {
            send(segment(true, clientNext, 0, TcpFlags.SYN).synOptions(1460, 0));
            send(
                    segment(false, serverNext, clientNext + 1, TcpFlags.SYN | TcpFlags.ACK)
                            .synOptions(1460, 0));
            send(segment(true, clientNext + 1, serverNext + 1, TcpFlags.ACK));
        }
        clientNext++;
        serverNext++;
        data(bytes(request));
        byte[] answer =
                ("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\n"
                                + "Content-Length: 2\r\n\r\nok")
                        .repeat(form.pipelined() ? 2 : 1)
                        .getBytes(StandardCharsets.ISO_8859_1);
        int data = TcpFlags.ACK | TcpFlags.PSH;
        int fin = TcpFlags.FIN | TcpFlags.ACK;
        send(segment(false, serverNext, clientNext, data).payload(answer));
        serverNext += answer.length;
        send(segment(true, clientNext, serverNext, TcpFlags.ACK));
        send(segment(true, clientNext, serverNext, fin));
        send(segment(false, serverNext, clientNext + 1, fin));
        send(segment(true, clientNext + 1, serverNext + 1, TcpFlags.ACK));
    }

    private record Piece(int from, int to) {}

    private void data(byte[] bytes) {
        List<Piece> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += form.segment()) {
            int to = Math.min(bytes.length, at + form.segment());
            pieces.add(new Piece(Math.max(0, at - form.overlap()), to));
        }
        switch (form.order()) {
            case REVERSED -> Collections.reverse(pieces);
            case SHUFFLED -> Collections.shuffle(pieces, random);
            case SWAPPED -> {
                for (int i = 0; i + 1 < pieces.size(); i += 2) {
                    Collections.swap(pieces, i, i + 1);
                }
            }
            case SENT -> {}
        }
        boolean[] arrived = new boolean[bytes.length];
        int complete = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            send(bytes, piece);
            for (int at = piece.from(); at < piece.to(); at++) {
                arrived[at] = true;
            }
            while (complete < bytes.length && arrived[complete]) {
                complete++;
            }
            if (form.conflicting()) {
                send(request(piece, junk(piece)));
            }
            if (i % 2 == 1 || i == pieces.size() - 1) {
                send(segment(false, serverNext, clientNext + complete, TcpFlags.ACK));
            }
        }
        clientNext += bytes.length;
    }

    private void send(byte[] bytes, Piece piece) {
        switch (form.decoy()) {
            case WRONG_CHECKSUM -> send(request(piece, junk(piece)).wrongChecksum());
            case LOW_TTL -> send(request(piece, junk(piece)).ttl(1));
            case OUTSIDE_WINDOW -> {
                int sequence = clientNext + piece.from() + OUTSIDE;
                send(request(piece, junk(piece)).seq(sequence));
            }
            case NO_ACK -> send(request(piece, junk(piece)).ack(0).flags(TcpFlags.PSH));
            case NONE -> {}
        }
        byte[] data = Arrays.copyOfRange(bytes, piece.from(), piece.to());
        send(request(piece, data));
        if (form.retransmitted()) {
            send(request(piece, data));
        }
    }

    private FrameBuilder request(Piece piece, byte[] data) {
        int flags = TcpFlags.ACK | TcpFlags.PSH;
        return segment(true, clientNext + piece.from(), serverNext, flags).payload(data);
    }

    private byte[] junk(Piece piece) {
        byte[] bytes = new byte[piece.to() - piece.from()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        return bytes;
    }

    private FrameBuilder segment(boolean fromClient, int sequence, int acknowledgment, int flags) {
        FrameBuilder frame =
                fromClient
                        ? FrameBuilder.tcp(client, clientPort, server, SERVER_PORT)
                        : FrameBuilder.tcp(server, SERVER_PORT, client, clientPort);
        frame.seq(sequence).ack(acknowledgment).flags(flags).window(64_240).ttl(64);
        frame.id(identification++ & 0xffff);
        if (form.qinq() != 0) {
            frame.qinq(form.qinq(), form.vlan());
        } else if (form.vlan() != 0) {
            frame.vlan(form.vlan());
        }
        return frame;
    }

    private void send(FrameBuilder frame) {
        byte[] whole = frame.build();
        if (form.fragment() == 0 || whole.length < 100 + form.fragment()) {
            frames.add(whole);
            return;
        }
        List<byte[]> fragments = frame.fragments(form.fragment());
        if (form.fragmentsReversed()) {
            Collections.reverse(fragments);
        }
        frames.addAll(fragments);
    }

    /** The request as it is sent. */
    private byte[] bytes(CorpusRequest request) {
        boolean chunked = form.chunk() > 0 && request.body().length > 0;
        StringBuilder head = new StringBuilder();
        if (form.pipelined()) {
            head.append("GET /healthz HTTP/1.1\r\nHost: www.example.org\r\n");
            head.append("User-Agent: monitor/1.0\r\n\r\n");
        }
        head.append(request.method()).append(' ').append(request.uri()).append(" HTTP/1.1\r\n");
        for (CorpusRequest.Header header : request.headers()) {
            if (!chunked || !header.name().equalsIgnoreCase("content-length")) {
                head.append(header.name()).append(": ").append(header.value()).append("\r\n");
            }
        }
        head.append(chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!chunked) {
            bytes.writeBytes(request.body());
            return bytes.toByteArray();
        }
        for (int at = 0; at < request.body().length; at += form.chunk()) {
            int length = Math.min(form.chunk(), request.body().length - at);
            bytes.writeBytes(
                    (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.write(request.body(), at, length);
            bytes.writeBytes(new byte[] {'\r', '\n'});
        }
        bytes.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
