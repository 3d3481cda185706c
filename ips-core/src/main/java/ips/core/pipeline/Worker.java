package ips.core.pipeline;

import com.lmax.disruptor.EventHandler;
import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.detect.Detector;
import ips.core.detect.Detector.PacketClass;
import ips.core.flow.ConnectionTable;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import java.util.Arrays;
import org.agrona.ErrorHandler;

/**
 * Takes the frames it owns through the stages: decode, find the source, connections, packet
 * detectors. All its state is its own; it is one thread's from the first frame on.
 *
 * <p>A frame whose source it owns is counted and judged here; one whose destination it owns only is
 * shown to the connection tracker, for the connection's other end may be this worker's.
 */
@HotPath
final class Worker implements EventHandler<FrameBatch> {
    private static final Detector[] NO_DETECTORS = {};

    private final int index;
    private final Counters counters;
    private final PacketDecoder decoder;
    private final PacketDecoder peerDecoder;
    private final Packet packet;
    private final SourceTable sources;
    private final ConnectionTracker connections;
    private final WorkerState state;
    private final Detector[] detectors;
    private final Detector[] tcp;
    private final Detector[] udp;
    private final Detector[] icmp;
    private final Detector[] other;
    private final Detector[] fragments;
    private final Detector[] segments;
    private final Detector[] inspecting;
    private final ConnectionTable connectionTable;
    private final PacketFilter filter;
    private final FrameKeeper frames;
    private final TunnelEnds tunnels;
    private final ErrorHandler errorHandler;
    private final Progress progress = new Progress();
    private boolean ended;

    // Of the batch in hand; a counter is written once a batch: PipelineBenchmark, 3 ns a frame.
    private int processed;
    private int ipv4;
    private int tcpSegments;

    Worker(int index, WorkerState state, PacketFilter filter, ErrorHandler errorHandler) {
        this.index = index;
        this.state = state;
        this.filter = filter;
        this.errorHandler = errorHandler;
        counters = state.counters();
        decoder = state.decoder();
        peerDecoder = state.peerDecoder();
        sources = state.sources();
        connections = state.connections();
        detectors = state.detectors().toArray(NO_DETECTORS);
        tcp = detectorsOf(PacketClass.TCP);
        udp = detectorsOf(PacketClass.UDP);
        icmp = detectorsOf(PacketClass.ICMP);
        other = detectorsOf(PacketClass.OTHER);
        fragments = detectorsOf(PacketClass.FRAGMENT);
        segments = detectorsOf(PacketClass.SEGMENT);
        inspecting = detectorsOf(PacketClass.INSPECTED);
        connectionTable = state.connectionTable();
        frames = state.frames();
        packet = state.packet();
        tunnels = state.tunnels();
    }

    @ColdPath
    private Detector[] detectorsOf(PacketClass packetClass) {
        int count = 0;
        Detector[] wanted = new Detector[detectors.length];
        for (Detector detector : detectors) {
            if (detector.packetClasses().contains(packetClass)) {
                wanted[count++] = detector;
            }
        }
        return Arrays.copyOf(wanted, count);
    }

    Progress progress() {
        return progress;
    }

    Counters counters() {
        return counters;
    }

    @Override
    public void onEvent(FrameBatch batch, long sequence, boolean endOfBatch) {
        int length = batch.length(index);
        long timeNs = progress.timeNs();
        for (int i = 0; i < length; i++) {
            int entry = batch.entry(index, i);
            int at = FrameBatch.headerOffset(entry);
            timeNs = batch.timestampNs(at);
            try {
                if (FrameBatch.roles(entry) == 0) {
                    tick(timeNs, batch.frameNumber(entry), batch.flags(at));
                } else {
                    frame(batch, entry, at, timeNs);
                }
            } catch (Throwable t) {
                // A bug, never input: the frame is given up, the worker goes on.
                counters.increment(Counter.WORKER_ERRORS);
                errorHandler.onError(t);
            }
        }
        flushCounts();
        progress.reached(batch.settledFrame(), timeNs);
    }

    private void flushCounts() {
        counters.add(Counter.FRAMES_PROCESSED, processed);
        counters.add(Counter.PACKETS_IPV4, ipv4);
        counters.add(Counter.PACKETS_TCP, tcpSegments);
        processed = 0;
        ipv4 = 0;
        tcpSegments = 0;
    }

    private void frame(FrameBatch batch, int entry, int at, long timeNs) {
        if ((batch.flags(at) & FrameBatch.COPY) != 0) {
            copy(batch, entry, at, timeNs);
            return;
        }
        int roles = FrameBatch.roles(entry);
        boolean ownsSource = (roles & FrameBatch.OWNS_SOURCE) != 0;
        boolean isIp = decode(batch, entry, at, timeNs, ownsSource);
        if (frames != null) {
            frames.inHand(packet);
        }
        if (ownsSource) {
            processed++;
        }
        boolean inspects = (roles & FrameBatch.INSPECTS) != 0;
        if (!isIp) {
            if (inspects) {
                inspect(false, false);
            }
            return;
        }
        int source = SourceTable.NONE;
        if (ownsSource) {
            source = sources.findOrAdd(packet.sourceHigh(), packet.sourceLow(), timeNs);
            if (filter.blocks(packet)) {
                counters.increment(Counter.FRAMES_BLOCKED);
            }
        }
        boolean ownsDestination = (roles & FrameBatch.OWNS_DESTINATION) != 0 && !isOpeningSyn();
        boolean repeat = false;
        if (!packet.fragment() && (ownsSource || ownsDestination)) {
            connections.packet(packet, source, ownsSource, ownsDestination);
            repeat = connectionTable.isRepeat();
            if (segments.length > 0 && packet.isTcp()) {
                segment(ownsSource, ownsDestination);
            }
        }
        if (inspects) {
            inspect(true, repeat);
        }
        if (ownsSource) {
            detect(source);
        }
    }

    private boolean decode(FrameBatch batch, int entry, int at, long timeNs, boolean ownsSource) {
        return (ownsSource ? decoder : peerDecoder)
                .decode(
                        batch.block(),
                        at + FrameBatch.HEADER_LENGTH,
                        batch.capturedLength(at),
                        batch.wireLength(at),
                        batch.linkType(at),
                        batch.interfaceIndex(at),
                        batch.flags(at),
                        timeNs,
                        batch.frameNumber(entry),
                        packet);
    }

    /** A packet seen before is shown to rules only, which see all that a capture holds. */
    private void copy(FrameBatch batch, int entry, int at, long timeNs) {
        int roles = FrameBatch.roles(entry);
        boolean ownsSource = (roles & FrameBatch.OWNS_SOURCE) != 0;
        if (ownsSource) {
            processed++;
            counters.increment(Counter.FRAMES_SEEN_BEFORE);
        }
        if ((roles & FrameBatch.INSPECTS) != 0) {
            boolean isIp = decode(batch, entry, at, timeNs, ownsSource);
            if (frames != null) {
                frames.inHand(packet);
            }
            inspect(isIp, false);
        }
    }

    private void inspect(boolean readable, boolean repeat) {
        for (Detector detector : inspecting) {
            detector.inspect(packet, readable, repeat);
        }
    }

    /** As {@code FrameAddresses} has it, which does not look into fragments. */
    private boolean isOpeningSyn() {
        return packet.isTcp() && TcpFlags.isOpeningSyn(packet.tcpFlags()) && !packet.reassembled();
    }

    /** Shows a segment to those who read connections; they belong to their clients' owner. */
    private void segment(boolean ownsSource, boolean ownsDestination) {
        int connection = connectionTable.current();
        boolean fromClient = connectionTable.currentFromClient();
        if (connection != ConnectionTable.NONE && (fromClient ? ownsSource : ownsDestination)) {
            for (Detector detector : segments) {
                detector.segment(packet, connection, fromClient);
            }
        }
    }

    private void detect(int source) {
        Detector[] wanted;
        boolean v4 = packet.ipVersion() == 4;
        if (v4) {
            ipv4++;
        } else {
            counters.increment(Counter.PACKETS_IPV6);
        }
        if (packet.isTcp()) {
            tcpSegments++;
            wanted = tcp;
        } else if (packet.fragment()) {
            wanted = fragments;
        } else if (packet.isUdp()) {
            counters.increment(Counter.PACKETS_UDP);
            wanted = udp;
        } else if (packet.isIcmp()) {
            counters.increment(v4 ? Counter.PACKETS_ICMP : Counter.PACKETS_ICMPV6);
            wanted = icmp;
        } else {
            wanted = other;
        }
        for (Detector detector : wanted) {
            detector.packet(packet, source);
        }
    }

    private void tick(long nowNs, long frame, int flags) {
        if (frames != null) {
            frames.inHand(null);
        }
        tunnels.atTick(true);
        connections.tick(nowNs, frame);
        for (Detector detector : detectors) {
            detector.tick(nowNs, frame);
        }
        state.destinations().tick(nowNs, frame, state.verdicts());
        if ((flags & FrameBatch.END) != 0 && !ended) {
            ended = true;
            connections.end(nowNs, frame);
            for (Detector detector : detectors) {
                detector.end(nowNs, frame);
            }
            state.destinations().end(nowNs, frame, state.verdicts());
        }
        tunnels.atTick(false);
    }
}
