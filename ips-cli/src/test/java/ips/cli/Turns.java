package ips.cli;

import ips.capture.CaptureFileSource;
import ips.capture.CaptureSource;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * What the two sides of a TCP connection in a capture said, turn by turn, so that it can be said
 * again in other segments. Connections whose segments are lost, early or beginningless are left
 * out.
 */
final class Turns {
    /** One side's bytes until the other speaks. */
    record Turn(boolean fromClient, byte[] bytes) {}

    private static final int MOST_BYTES = 1 << 16;

    private final List<Turn> turns = new ArrayList<>();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final String client;
    private final int serverPort;
    private boolean clientSpeaks = true;
    private boolean odd;
    private int clientNext;
    private int serverNext;
    private boolean answered;
    private int bytes;

    private Turns(String client, int serverPort, int clientNext) {
        this.client = client;
        this.serverPort = serverPort;
        this.clientNext = clientNext;
    }

    int serverPort() {
        return serverPort;
    }

    List<Turn> turns() {
        return turns;
    }

    /** The connections of a capture that can be said again. */
    static List<Turns> of(Path capture) throws IOException {
        Map<String, Turns> flows = new LinkedHashMap<>();
        PacketDecoder decoder = new PacketDecoder(false, new Counters());
        Packet packet = new Packet();
        FrameSink sink =
                new FrameSink() {
                    @Override
                    public void frame(
                            long ns,
                            DirectBuffer buffer,
                            int offset,
                            int captured,
                            int wire,
                            int link,
                            int index,
                            int flags) {
                        boolean whole =
                                decoder.decode(
                                        buffer, offset, captured, wire, link, index, flags, ns, 0,
                                        packet);
                        if (whole && packet.isTcp()) {
                            take(flows, packet);
                        }
                    }

                    @Override
                    public void lost(long frames, boolean byKernel) {}

                    @Override
                    public void idle(long nowNs) {}
                };
        try (CaptureSource source = CaptureFileSource.open(capture)) {
            while (source.poll(sink, 256) != FrameSource.ENDED) {
                // A file has no end but its end.
            }
        }
        List<Turns> whole = new ArrayList<>();
        for (Turns each : flows.values()) {
            each.turn(!each.clientSpeaks);
            if (!each.odd && each.answered && !each.turns.isEmpty() && each.bytes < MOST_BYTES) {
                whole.add(each);
            }
        }
        return whole;
    }

    private static void take(Map<String, Turns> flows, Packet packet) {
        String from = new IpAddress(packet.sourceHigh(), packet.sourceLow()) + " ";
        String to = new IpAddress(packet.destinationHigh(), packet.destinationLow()) + " ";
        String source = from + packet.sourcePort();
        String destination = to + packet.destinationPort();
        boolean ordered = source.compareTo(destination) < 0;
        String key = ordered ? source + destination : destination + source;
        if (TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            int next = packet.tcpSequence() + 1;
            Turns before = flows.put(key, new Turns(source, packet.destinationPort(), next));
            if (before != null) {
                flows.get(key).odd = true;
            }
            return;
        }
        Turns flow = flows.get(key);
        if (flow != null) {
            flow.segment(packet, source.equals(flow.client));
        }
    }

    private void segment(Packet packet, boolean fromClient) {
        if ((packet.tcpFlags() & TcpFlags.SYN) != 0) {
            odd |= fromClient || answered;
            answered = true;
            serverNext = packet.tcpSequence() + 1;
            return;
        }
        int length = packet.payloadLength();
        if (length == 0) {
            return;
        }
        int ahead = packet.tcpSequence() - (fromClient ? clientNext : serverNext);
        if (ahead < 0 && ahead + length <= 0) {
            return;
        }
        odd |= ahead != 0 || packet.fragment();
        byte[] data = new byte[length];
        packet.buffer().getBytes(packet.payloadOffset(), data);
        if (fromClient != clientSpeaks) {
            turn(fromClient);
        }
        pending.writeBytes(data);
        bytes += length;
        if (fromClient) {
            clientNext += length;
        } else {
            serverNext += length;
        }
    }

    private void turn(boolean next) {
        if (pending.size() > 0) {
            turns.add(new Turn(clientSpeaks, pending.toByteArray()));
            pending.reset();
        }
        clientSpeaks = next;
    }
}
