package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AllocationFreeFlowTest {
    private static final int FRAMES = 4096;

    private final Counters counters = new Counters();
    private final SourceTable sources = new SourceTable(1024, counters);
    private final ConnectionTable connections = new ConnectionTable(1024, counters);
    private final DestinationTable destinations = new DestinationTable(256, 1 << 20, counters);
    private final int kind = destinations.register(Kind.UDP_FLOOD);
    private final PacketDecoder decoder = new PacketDecoder(true, counters);
    private final Packet packet = new Packet();
    private long nowNs = 1_700_000_000_000_000_000L;
    private long frameNumber;
    private long heard;

    private final class Listener implements ConnectionListener {
        @Override
        public void attempted(int connection, int client, Packet packet) {
            heard++;
        }

        @Override
        public void unanswered(int connection, int client, long nowNs, long frame) {
            heard++;
        }
    }

    @Test
    void aMillionMixedFramesAllocateNothing() {
        sources.claim(3);
        sources.seal();
        ConnectionListener[] listeners = {new Listener()};
        ConnectionTracker tracker =
                new ConnectionTracker(
                        connections,
                        sources,
                        counters,
                        ConnectionTracker.Config.DEFAULTS,
                        listeners);
        FrameBuffer[] frames = frames();
        run(tracker, frames, 200_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        run(tracker, frames, 1_000_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // A tick's or two's worth of slack for the measuring itself; a frame's would be megabytes.
        assertTrue(allocated < 20_000, "bytes allocated: " + allocated);
        assertTrue(heard > 100_000, "events heard: " + heard);
    }

    private void run(ConnectionTracker tracker, FrameBuffer[] frames, int count) {
        for (int i = 0; i < count; i++) {
            nowNs += 20_000;
            FrameBuffer frame = frames[i & FRAMES - 1];
            decoder.decode(
                    frame,
                    0,
                    frame.capacity(),
                    frame.capacity(),
                    LinkType.ETHERNET,
                    0,
                    0,
                    nowNs,
                    ++frameNumber,
                    packet);
            int source = sources.findOrAdd(packet.sourceHigh(), packet.sourceLow(), nowNs);
            tracker.packet(packet, source, true, true);
            destinations.count(kind, packet);
            if (i % 5000 == 0) {
                tracker.tick(nowNs, frameNumber);
                destinations.tick(nowNs, frameNumber, AllocationFreeFlowTest::unexpected);
            }
        }
    }

    private static void unexpected(Report report) {
        throw new AssertionError(report);
    }

    private static FrameBuffer[] frames() {
        Random random = new Random(1);
        int[] flags = {TcpFlags.SYN, TcpFlags.SYN | TcpFlags.ACK, TcpFlags.ACK, TcpFlags.RST, 0};
        FrameBuffer[] frames = new FrameBuffer[FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            IpAddress client = IpAddress.ofIpv4(random.nextInt(3000));
            IpAddress server = IpAddress.ofIpv4(0x0a00_0001 + random.nextInt(500));
            FrameBuilder frame =
                    switch (random.nextInt(4)) {
                        case 0 -> FrameBuilder.udp(client, 1 + random.nextInt(9999), server, 53);
                        case 1 -> FrameBuilder.icmp(client, server);
                        default ->
                                FrameBuilder.tcp(client, 1 + random.nextInt(9999), server, 80)
                                        .flags(flags[random.nextInt(flags.length)]);
                    };
            frames[i] = frame.buildBuffer();
        }
        return frames;
    }
}
