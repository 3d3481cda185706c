package ips.bench.detect;

import ips.bench.flood.Flood;
import ips.core.counter.Counters;
import ips.core.detect.Detector;
import ips.core.detect.Detector.PacketClass;
import ips.core.detect.DetectorConfig;
import ips.core.detect.DetectorContext;
import ips.core.flow.ConnectionTable;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A worker's own work, without threads, ring and block manager: decode, source, connection, the
 * detectors given. Plays the frames of a flood again and again, on one time line.
 */
final class OneWorker {
    private static final int SOURCES = 1 << 17;
    private static final int DESTINATIONS = 4096;

    private final int framesPerRound;
    private final long stepNs;
    private final Counters counters = new Counters();
    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(false, counters);
    private final SourceTable sources = new SourceTable(SOURCES, counters);
    private final DestinationTable destinations = new DestinationTable(DESTINATIONS, counters);
    private final ByteBuffer data;
    private final FrameBuffer buffer;
    private final ConnectionTracker tracker;
    private final Detector[] detectors;
    private final Detector[] tcp;
    private final Detector[] udp;
    private final Detector[] icmp;
    private long nowNs = 1_700_000_000_000_000_000L;
    private long nextTickNs;
    private long number;
    private long rounds;
    private long unread;
    private long raised;

    OneWorker(Flood flood, int frames, int framesPerSecond, List<DetectorConfig> configs) {
        framesPerRound = frames;
        stepNs = 1_000_000_000L / framesPerSecond;
        data = flood.toBuffer(frames, Flood.SEED);
        buffer = new FrameBuffer(data);
        ConnectionTracker.Config limits = ConnectionTracker.Config.DEFAULTS;
        ConnectionTable connections = new ConnectionTable(limits.capacity(), counters);
        DetectorContext context =
                new DetectorContext(
                        sources, connections, destinations, report -> raised++, counters, 1);
        detectors = configs.stream().map(config -> config.create(context)).toArray(Detector[]::new);
        tcp = detectorsOf(PacketClass.TCP);
        udp = detectorsOf(PacketClass.UDP);
        icmp = detectorsOf(PacketClass.ICMP);
        sources.seal();
        tracker = new ConnectionTracker(connections, sources, counters, limits, detectors);
    }

    private Detector[] detectorsOf(PacketClass packetClass) {
        return List.of(detectors).stream()
                .filter(detector -> detector.packetClasses().contains(packetClass))
                .toArray(Detector[]::new);
    }

    /** Takes all frames once; returns how many reports there were so far. */
    long inspect() {
        for (int at = 0; at < data.limit(); ) {
            int length = data.getInt(at);
            nowNs += stepNs;
            if (nowNs >= nextTickNs) {
                tick();
            }
            frame(at + 4, length);
            at += 4 + length;
        }
        rounds++;
        return raised;
    }

    private void frame(int at, int length) {
        int link = LinkType.ETHERNET;
        if (!decoder.decode(buffer, at, length, length, link, 0, 0, nowNs, ++number, packet)) {
            unread++;
            return;
        }
        int source = sources.findOrAdd(packet.sourceHigh(), packet.sourceLow(), nowNs);
        tracker.packet(packet, source, true, true);
        Detector[] wanted = packet.isTcp() ? tcp : packet.isUdp() ? udp : icmp;
        for (Detector detector : wanted) {
            detector.packet(packet, source);
        }
    }

    private void tick() {
        nextTickNs = nowNs + Detector.TICK_NS;
        tracker.tick(nowNs, number);
        for (Detector detector : detectors) {
            detector.tick(nowNs, number);
        }
        destinations.tick(nowNs, number, report -> raised++);
    }

    /** Fails where frames were skipped or not understood. */
    void check() {
        if (number != rounds * framesPerRound || unread > 0) {
            throw new IllegalStateException(
                    number + " frames in " + rounds + " rounds, " + unread + " not understood");
        }
    }

    /** Fails where no detector said anything. */
    void checkRaised() {
        if (raised == 0) {
            throw new IllegalStateException("no reports after " + number + " frames");
        }
    }
}
