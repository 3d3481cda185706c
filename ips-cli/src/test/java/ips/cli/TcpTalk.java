package ips.cli;

import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.TcpFlags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One TCP connection, from its handshake to its end, in segments as they are told to be: what one
 * side says is acknowledged before the other speaks.
 */
final class TcpTalk {
    /**
     * How data travels.
     *
     * @param segment bytes of a segment at most
     * @param shuffled whether the segments of a turn arrive in another order
     * @param twice whether each is sent again
     * @param vlan the tag, or 0
     */
    record Form(String name, int segment, boolean shuffled, boolean twice, int vlan) {
        static final Form PLAIN = new Form("plain", 1460, false, false, 0);

        /** All that must make no difference. */
        static final List<Form> ALL =
                List.of(
                        PLAIN,
                        new Form("segments of 8 bytes", 8, false, false, 0),
                        new Form("segments of a byte", 1, false, false, 0),
                        new Form("out of order", 8, true, false, 0),
                        new Form("retransmitted", 100, false, true, 0),
                        new Form("retransmitted out of order", 8, true, true, 0),
                        new Form("VLAN", 1460, false, false, 7));

        @Override
        public String toString() {
            return name;
        }
    }

    private final Form form;
    private final IpAddress client;
    private final int clientPort;
    private final IpAddress server;
    private final int serverPort;
    private final Random random;
    private final List<byte[]> frames = new ArrayList<>();
    private int clientNext;
    private int serverNext;
    private int identification;

    TcpTalk(Form form, IpAddress client, int clientPort, IpAddress server, int serverPort) {
        this.form = form;
        this.client = client;
        this.clientPort = clientPort;
        this.server = server;
        this.serverPort = serverPort;
        random = new Random(clientPort);
        clientNext = random.nextInt();
        serverNext = random.nextInt();
        add(segment(true, TcpFlags.SYN, clientNext++, 0).synOptions(1460, 0));
        int synAck = TcpFlags.SYN | TcpFlags.ACK;
        add(segment(false, synAck, serverNext++, clientNext).synOptions(1460, 0));
        add(segment(true, TcpFlags.ACK, clientNext, serverNext));
    }

    TcpTalk client(String text) {
        return client(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    TcpTalk client(byte[] data) {
        clientNext = turn(true, data, clientNext, serverNext);
        add(segment(false, TcpFlags.ACK, serverNext, clientNext));
        return this;
    }

    TcpTalk server(String text) {
        return server(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    TcpTalk server(byte[] data) {
        serverNext = turn(false, data, serverNext, clientNext);
        add(segment(true, TcpFlags.ACK, clientNext, serverNext));
        return this;
    }

    private int turn(boolean fromClient, byte[] data, int sequence, int acknowledged) {
        List<FrameBuilder> segments = new ArrayList<>();
        for (int at = 0; at < data.length; at += form.segment) {
            int to = Math.min(data.length, at + form.segment);
            int push = TcpFlags.PSH | TcpFlags.ACK;
            segments.add(
                    segment(fromClient, push, sequence + at, acknowledged)
                            .payload(Arrays.copyOfRange(data, at, to)));
        }
        if (form.shuffled) {
            Collections.shuffle(segments, random);
        }
        for (FrameBuilder each : segments) {
            add(each);
            if (form.twice) {
                add(each);
            }
        }
        return sequence + data.length;
    }

    /** A segment of the client's that is none of {@link Form}'s: where and what it says. */
    TcpTalk clientAt(int back, String data) {
        add(
                segment(true, TcpFlags.ACK, clientNext - back, serverNext)
                        .payload(data.getBytes(StandardCharsets.ISO_8859_1)));
        return this;
    }

    /** Both sides close; then these are all frames. */
    List<byte[]> close() {
        int fin = TcpFlags.FIN | TcpFlags.ACK;
        add(segment(true, fin, clientNext++, serverNext));
        add(segment(false, fin, serverNext++, clientNext));
        add(segment(true, TcpFlags.ACK, clientNext, serverNext));
        return frames;
    }

    private FrameBuilder segment(boolean fromClient, int flags, int sequence, int acknowledged) {
        FrameBuilder frame =
                fromClient
                        ? FrameBuilder.tcp(client, clientPort, server, serverPort)
                        : FrameBuilder.tcp(server, serverPort, client, clientPort);
        frame.flags(flags).seq(sequence).ack(acknowledged).window(64_240);
        return frame.id(identification++ & 0xffff);
    }

    private void add(FrameBuilder frame) {
        if (form.vlan != 0) {
            frame.vlan(form.vlan);
        }
        frames.add(frame.build());
    }
}
