package ips.core.detect;

import ips.core.SharedCaptures;
import ips.core.block.DestinationFloods;
import ips.core.counter.Counters;
import ips.core.detect.Detector.PacketClass;
import ips.core.flow.ConnectionTable;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import ips.core.verdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Acts as the one worker that owns every address, with real parts: decode, source record, tracker,
 * detectors, and a tick each 100 ms of frame time; then adds up counts per destination as the block
 * manager does. Time is moved by hand.
 *
 * <pre>{@code
 * DetectorHarness harness = new DetectorHarness(SynFloodDetector.Config.DEFAULTS);
 * harness.pause(millis(10)).send(FrameBuilder.tcp(...).flags(TcpFlags.SYN));
 * List<Verdict> verdicts = harness.end();
 * }</pre>
 */
final class DetectorHarness {
    static final long SECOND = 1_000_000_000L;

    /** An ordinary time of day, so that nothing relies on small numbers. */
    private static final long BEGIN_NS = 1_700_000_000L * SECOND;

    private final Counters counters = new Counters();
    private final SourceTable sources;
    private final DestinationTable destinations = new DestinationTable(4096, 1, counters);
    private final ConnectionTable connections;
    private final ConnectionTracker tracker;
    private final DestinationFloods floods;
    private final Detector[] all;
    private final Map<PacketClass, Detector[]> byClass = new EnumMap<>(PacketClass.class);
    private final PacketDecoder decoder = new PacketDecoder(false, counters);
    private final Packet packet = new Packet();
    private final List<Verdict> verdicts = new ArrayList<>();
    private long nowNs = BEGIN_NS;
    private long frame;
    private long nextTickNs = BEGIN_NS + Detector.TICK_NS;

    DetectorHarness(DetectorConfig... configs) {
        this(1 << 14, configs);
    }

    /**
     * @param capacity sources with a record, and connections, at most
     */
    DetectorHarness(int capacity, DetectorConfig... configs) {
        sources = new SourceTable(capacity, counters);
        ConnectionTracker.Config limits = ConnectionTracker.Config.DEFAULTS;
        connections = new ConnectionTable(4 * capacity, counters);
        DetectorContext context =
                new DetectorContext(sources, connections, destinations, this::raise, counters, 1);
        all = Arrays.stream(configs).map(config -> config.create(context)).toArray(Detector[]::new);
        sources.seal();
        tracker = new ConnectionTracker(connections, sources, counters, limits, all);
        List<DestinationThreshold> thresholds =
                Arrays.stream(configs)
                        .flatMap(config -> config.destinationThresholds().stream())
                        .toList();
        floods = new DestinationFloods(thresholds, 1024, counters);
        for (PacketClass packetClass : PacketClass.values()) {
            byClass.put(
                    packetClass,
                    Arrays.stream(all)
                            .filter(detector -> detector.packetClasses().contains(packetClass))
                            .toArray(Detector[]::new));
        }
    }

    private void raise(Report report) {
        if (report instanceof Verdict verdict) {
            verdicts.add(verdict);
        } else {
            floods.add((DestinationCount) report);
        }
    }

    long nowNs() {
        return nowNs;
    }

    long frame() {
        return frame;
    }

    Counters counters() {
        return counters;
    }

    static long millis(long count) {
        return count * 1_000_000;
    }

    static long seconds(long count) {
        return count * SECOND;
    }

    /** Moves time on; ticks come with the next frame, as they do in the pipeline. */
    DetectorHarness pause(long ns) {
        nowNs += ns;
        return this;
    }

    DetectorHarness send(FrameBuilder builder) {
        byte[] bytes = builder.build();
        return send(new FrameBuffer(bytes), bytes.length, builder.linkType());
    }

    /** An Ethernet frame. */
    DetectorHarness send(byte[] bytes) {
        return send(new FrameBuffer(bytes), bytes.length, LinkType.ETHERNET);
    }

    DetectorHarness send(FrameBuffer buffer, int length, int linkType) {
        tickIfDue();
        frame++;
        if (!decoder.decode(buffer, 0, length, length, linkType, 0, 0, nowNs, frame, packet)) {
            return this;
        }
        int source = sources.findOrAdd(packet.sourceHigh(), packet.sourceLow(), nowNs);
        tracker.packet(packet, source, true, true);
        int connection = connections.current();
        if (packet.isTcp() && connection != ConnectionTable.NONE) {
            for (Detector detector : byClass.get(PacketClass.SEGMENT)) {
                detector.segment(packet, connection, connections.currentFromClient());
            }
        }
        for (Detector detector : byClass.get(classOf(packet))) {
            detector.packet(packet, source);
        }
        return this;
    }

    /** Sends the frames of a shared capture, as far apart in time as they were. */
    DetectorHarness replay(String capture) throws IOException {
        long lastNs = -1;
        for (SharedCaptures.Frame each : SharedCaptures.frames(capture)) {
            pause(lastNs < 0 ? 0 : Math.max(0, each.timeNs() - lastNs));
            send(new FrameBuffer(each.bytes()), each.bytes().length, each.linkType());
            lastNs = Math.max(lastNs, each.timeNs());
        }
        return this;
    }

    private static PacketClass classOf(Packet packet) {
        if (packet.fragment()) {
            return PacketClass.FRAGMENT;
        } else if (packet.isTcp()) {
            return PacketClass.TCP;
        } else if (packet.isUdp()) {
            return PacketClass.UDP;
        }
        return packet.isIcmp() ? PacketClass.ICMP : PacketClass.OTHER;
    }

    /** Ticks that time has passed; one for all of them, as in the pipeline. */
    DetectorHarness tickIfDue() {
        if (nowNs >= nextTickNs) {
            long tickNs = nowNs - (nowNs - BEGIN_NS) % Detector.TICK_NS;
            nextTickNs = tickNs + Detector.TICK_NS;
            tracker.tick(tickNs, frame);
            for (Detector detector : all) {
                detector.tick(tickNs, frame);
            }
            destinations.tick(tickNs, frame, this::raise);
            floods.tick(tickNs, verdicts::add);
        }
        return this;
    }

    /** Lets time pass in which nothing but ticks comes. */
    DetectorHarness idle(long ns) {
        for (long end = nowNs + ns; nowNs < end; ) {
            nowNs = Math.min(end, nowNs + Detector.TICK_NS);
            tickIfDue();
        }
        return this;
    }

    /** The last tick; all verdicts of the run, in the order of their raising. */
    List<Verdict> end() {
        nowNs += SECOND;
        tickIfDue();
        tracker.end(nowNs, frame);
        for (Detector detector : all) {
            detector.end(nowNs, frame);
        }
        destinations.end(nowNs, frame, this::raise);
        floods.end(nowNs, verdicts::add);
        return verdicts;
    }

    /** The verdicts so far. */
    List<Verdict> verdicts() {
        return verdicts;
    }

    List<Verdict> verdicts(Kind kind) {
        return verdicts.stream().filter(verdict -> verdict.kind().equals(kind)).toList();
    }

    // Conversations, each a few frames long.

    DetectorHarness syn(String client, int clientPort, String server, int port) {
        return send(
                FrameBuilder.tcp(client, clientPort, server, port).flags(TcpFlags.SYN).seq(1000));
    }

    DetectorHarness synAck(String client, int clientPort, String server, int port) {
        return send(
                FrameBuilder.tcp(server, port, client, clientPort)
                        .flags(TcpFlags.SYN | TcpFlags.ACK)
                        .seq(5000)
                        .ack(1001));
    }

    /** The handshake's third segment. */
    DetectorHarness ack(String client, int clientPort, String server, int port) {
        return send(
                FrameBuilder.tcp(client, clientPort, server, port)
                        .flags(TcpFlags.ACK)
                        .seq(1001)
                        .ack(5001));
    }

    /** What a closed port answers to a SYN. */
    DetectorHarness refuse(String client, int clientPort, String server, int port) {
        return send(
                FrameBuilder.tcp(server, port, client, clientPort)
                        .flags(TcpFlags.RST | TcpFlags.ACK)
                        .seq(0)
                        .ack(1001));
    }

    /** A whole handshake. */
    DetectorHarness connect(String client, int clientPort, String server, int port) {
        return syn(client, clientPort, server, port)
                .synAck(client, clientPort, server, port)
                .ack(client, clientPort, server, port);
    }
}
