package ips.core.rule.fuzz;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.FIN;
import static ips.core.packet.TcpFlags.PSH;
import static ips.core.packet.TcpFlags.SYN;

import ips.core.packet.FrameBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A TCP connection whose data comes in random segments, some out of order and some twice. */
final class PlainConnection {
    private static final String CLIENT = "10.0.0.1";
    private static final String SERVER = "192.168.1.2";

    /** What one side sent: all of it, and as the segments had it. */
    record Sent(byte[] bytes, List<byte[]> segments) {
        Sent() {
            this(new byte[0], new ArrayList<>());
        }
    }

    private final int port;
    private final int serverPort;
    private final Random random;
    private final List<byte[]> frames = new ArrayList<>();
    private int clientNext;
    private int serverNext;
    private Sent up = new Sent();
    private Sent down = new Sent();

    PlainConnection(int port, int serverPort, Random random) {
        this.port = port;
        this.serverPort = serverPort;
        this.random = random;
        clientNext = random.nextInt();
        serverNext = random.nextInt();
    }

    int port() {
        return port;
    }

    List<byte[]> frames() {
        return frames;
    }

    Sent sent(boolean byClient) {
        return byClient ? up : down;
    }

    void open() {
        segment(true, SYN, 0, new byte[0]);
        clientNext++;
        segment(false, SYN | ACK, 0, new byte[0]);
        serverNext++;
        segment(true, ACK, 0, new byte[0]);
    }

    void close() {
        segment(true, FIN | ACK, 0, new byte[0]);
        clientNext++;
        segment(false, FIN | ACK, 0, new byte[0]);
        serverNext++;
        segment(true, ACK, 0, new byte[0]);
    }

    /** Data of one side in segments, each acknowledged as far as everything before it has come. */
    void send(boolean byClient, byte[] data) {
        List<int[]> cuts = cuts(data.length);
        boolean[] come = new boolean[data.length + 1];
        int acknowledged = 0;
        Sent sent = sent(byClient);
        int before = byClient ? clientNext : serverNext;
        for (int[] cut : cuts) {
            byte[] part = Arrays.copyOfRange(data, cut[0], cut[1]);
            setNext(byClient, before);
            segment(byClient, PSH | ACK, cut[0], part);
            sent.segments.add(part);
            Arrays.fill(come, cut[0], cut[1], true);
            while (come[acknowledged]) {
                acknowledged++;
            }
            setNext(byClient, before + acknowledged);
            segment(!byClient, ACK, 0, new byte[0]);
        }
        byte[] all = Arrays.copyOf(sent.bytes, sent.bytes.length + data.length);
        System.arraycopy(data, 0, all, sent.bytes.length, data.length);
        Sent now = new Sent(all, sent.segments);
        if (byClient) {
            up = now;
        } else {
            down = now;
        }
    }

    private void setNext(boolean ofClient, int number) {
        if (ofClient) {
            clientNext = number;
        } else {
            serverNext = number;
        }
    }

    /** From where to where each segment reaches, in the order in which they come. */
    private List<int[]> cuts(int length) {
        List<int[]> cuts = new ArrayList<>();
        int most = List.of(1, 5, 15, length).get(random.nextInt(4));
        for (int from = 0; from < length; ) {
            int to = Math.min(length, from + 1 + random.nextInt(most));
            cuts.add(new int[] {from, to});
            from = to;
        }
        for (int i = cuts.size() - 1; i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> cuts.add(i, cuts.remove(i - 1));
                case 1 -> {
                    int[] before = cuts.get(i - 1);
                    if (before[1] - before[0] > 1) { // one byte again would be a keep-alive
                        cuts.add(i, before);
                    }
                }
                default -> {}
            }
        }
        return cuts;
    }

    private void segment(boolean byClient, int flags, int ahead, byte[] data) {
        FrameBuilder frame =
                byClient
                        ? FrameBuilder.tcp(CLIENT, port, SERVER, serverPort)
                                .seq(clientNext + ahead)
                                .ack((flags & ACK) == 0 ? 0 : serverNext)
                        : FrameBuilder.tcp(SERVER, serverPort, CLIENT, port)
                                .seq(serverNext + ahead)
                                .ack((flags & ACK) == 0 ? 0 : clientNext);
        frames.add(frame.flags(flags).window(8192).payload(data).build());
    }
}
