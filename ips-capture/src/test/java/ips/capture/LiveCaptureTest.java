package ips.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.packet.FrameAddresses;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import ips.core.pipeline.Share;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Captures what goes through veth pairs in network namespaces; skipped without root. */
@Timeout(60)
class LiveCaptureTest {
    private static final AfPacketSource.Config DEFAULTS = AfPacketSource.Config.DEFAULTS;

    @RegisterExtension private final InNamespace link = new InNamespace();

    private final RecordingSink sink = new RecordingSink();

    /** A datagram, told from others by its source port and its bytes. */
    static byte[] udp(int number, int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) number);
        return FrameBuilder.udp("192.0.2.1", 1_000 + number, "192.0.2.2", 53)
                .payload(payload)
                .build();
    }

    @ThroughRingAndLibpcap
    void takesEveryFrameWithItsBytesAndTime(CaptureSources.Mode mode) throws Exception {
        long beforeNs = System.currentTimeMillis() * 1_000_000L;
        try (CaptureSource source = CaptureSources.live(List.of("vb"), mode, "");
                Namespace.Sender sender = new Namespace.Sender("va")) {
            for (int i = 0; i < 3_000; i++) {
                sender.send(udp(i % 100, 18 + i % 1_400));
                if (i % 100 == 99) {
                    int sent = i + 1;
                    sink.takeUntil(source, () -> sink.frames.size() >= sent);
                }
            }

            assertEquals(List.of("vb"), source.interfaces());
            assertEquals("", source.status());
        }
        long afterNs = (System.currentTimeMillis() + 1) * 1_000_000L;

        assertEquals(3_000, sink.frames.size());
        for (int i = 0; i < 3_000; i++) {
            RecordingSink.Frame frame = sink.frames.get(i);
            assertArrayEquals(udp(i % 100, 18 + i % 1_400), frame.bytes());
            assertEquals(frame.bytes().length, frame.wireLength());
            assertEquals(LinkType.ETHERNET, frame.linkType());
            assertEquals(0, frame.flags() & FrameSink.OUTGOING);
            assertTrue(frame.timestampNs() >= beforeNs);
            assertTrue(frame.timestampNs() <= afterNs);
        }
        assertEquals(0, sink.lostByKernel);
    }

    @ThroughRingAndLibpcap
    void capturesOnSeveralInterfacesAtOnce(CaptureSources.Mode mode) throws Exception {
        try (CaptureSource source = CaptureSources.live(List.of("va", "vb"), mode, "");
                Namespace.Sender sender = new Namespace.Sender("va")) {
            for (int i = 0; i < 100; i++) {
                sender.send(udp(i, 50));
            }
            sink.takeUntil(source, () -> sink.frames.size() >= 200);

            assertEquals(List.of("va", "vb"), source.interfaces());
        }
        Map<Integer, Integer> count = new HashMap<>();
        for (RecordingSink.Frame frame : sink.frames) {
            count.merge(frame.interfaceIndex(), 1, Integer::sum);
            if (mode == CaptureSources.Mode.AFPACKET) {
                boolean outgoing = (frame.flags() & FrameSink.OUTGOING) != 0;
                assertEquals(frame.interfaceIndex() == 0, outgoing);
            }
        }
        assertEquals(Map.of(0, 100, 1, 100), count);
    }

    /** The kernel's program at work, behind a filter of the operator's. */
    @Test
    void handsEachPipelineTheFramesOfItsOwnAddresses() throws Exception {
        int pipelines = 3;
        FrameAddresses addresses = new FrameAddresses();
        List<String> expected = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        try (CaptureSource source =
                        CaptureSources.live(
                                List.of("vb"),
                                CaptureSources.Mode.AFPACKET,
                                "tcp port 80",
                                pipelines);
                Namespace.Sender sender = new Namespace.Sender("va")) {
            List<Share> shares = new ArrayList<>();
            for (int i = 0; i < pipelines; i++) {
                shares.add(new Share(i, pipelines, 1, pipelines, false));
                source.parts().get(i).narrow(shares.get(i));
            }
            for (int i = 0; i < 500; i++) {
                byte[] frame = tcp(i);
                sender.send(frame);
                addresses.read(
                        new FrameBuffer(frame), 0, frame.length, frame.length, LinkType.ETHERNET);
                for (Share share : shares) {
                    if (i % 5 != 4
                            && share.wants(
                                    addresses.sourceHash(),
                                    addresses.destinationHash(),
                                    addresses.openingSyn())) {
                        expected.add(share.index() + " " + Arrays.toString(frame));
                    }
                }
            }
            for (int i = 0; i < pipelines; i++) {
                sink.frames.clear();
                FrameSource part = source.parts().get(i);
                long share = i;
                long wanted = expected.stream().filter(s -> s.startsWith(share + " ")).count();
                sink.takeUntil(part, () -> sink.frames.size() >= wanted);
                sink.takeFor(part, 50);
                for (RecordingSink.Frame frame : sink.frames) {
                    taken.add(i + " " + Arrays.toString(frame.bytes()));
                }
            }
        }
        assertEquals(expected.stream().sorted().toList(), taken.stream().sorted().toList());
    }

    private static byte[] tcp(int number) {
        int port = number % 5 == 4 ? 443 : 80;
        String client =
                number % 2 == 0 ? "192.0.2." + number % 250 : "2001:db8:0:" + number + "::1";
        String server = number % 2 == 0 ? "198.51.100." + number % 7 : "2001:db8:1::" + number % 7;
        int flags = number % 3 == 0 ? TcpFlags.SYN : TcpFlags.ACK;
        return FrameBuilder.tcp(client, 40_000 + number, server, port).flags(flags).build();
    }

    @Test
    void tellsTheTimeWhenTheLinkIsIdle() throws Exception {
        try (CaptureSource source =
                CaptureSources.live(List.of("vb"), CaptureSources.Mode.AUTO, "udp port 9")) {
            long beginNs = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertEquals(0, source.poll(sink, 100));
            }
            long tookMs = (System.nanoTime() - beginNs) / 1_000_000;

            assertTrue(tookMs >= 50 && tookMs < 20_000, tookMs + " ms");
            assertEquals(10, sink.idles);
            long lateMs = System.currentTimeMillis() - sink.lastIdleNs / 1_000_000;
            assertTrue(lateMs >= 0 && lateMs < 2_000, lateMs + " ms");
        }
    }

    @Test
    void putsTheVlanTagsBackThatTheKernelTookOff() throws Exception {
        byte[] plain = udp(1, 60);
        List<byte[]> sent =
                List.of(
                        plain,
                        tag(plain, 0x8100_0007),
                        tag(plain, 0x88a8_2fff),
                        tag(tag(plain, 0x8100_0007), 0x88a8_0009),
                        tag(plain, 0x8100_0000),
                        plain);
        try (AfPacketSource source = AfPacketSource.open("vb", "", DEFAULTS);
                Namespace.Sender sender = new Namespace.Sender("va")) {
            for (byte[] frame : sent) {
                sender.send(frame);
            }
            sink.takeUntil(source, () -> sink.frames.size() >= sent.size());
        }
        assertEquals(sent.size(), sink.frames.size());
        for (int i = 0; i < sent.size(); i++) {
            RecordingSink.Frame frame = sink.frames.get(i);
            assertArrayEquals(sent.get(i), frame.bytes(), "frame " + i);
            assertEquals(sent.get(i).length, frame.wireLength());
        }
    }

    private static byte[] tag(byte[] frame, int tag) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        ByteBuffer.wrap(tagged).putInt(12, tag);
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    @ThroughRingAndLibpcap
    void letsTheKernelFilter(CaptureSources.Mode mode) throws Exception {
        assumeTrue(BpfFilter.isAvailable(), "skipped: no libpcap");
        String filter = "udp src port 1005 or (vlan 7 and udp src port 1006)";
        try (CaptureSource source = CaptureSources.live(List.of("vb"), mode, filter);
                Namespace.Sender sender = new Namespace.Sender("va")) {
            for (int i = 0; i < 10; i++) {
                sender.send(udp(i, 60));
                sender.send(tag(udp(i, 60), 0x8100_0007));
            }
            sink.takeUntil(source, () -> sink.frames.size() >= 3);
            sink.takeFor(source, 100);
        }
        // The kernel filters without the tag, so the first half is for tagged ones too.
        List<byte[]> passing =
                List.of(udp(5, 60), tag(udp(5, 60), 0x8100_0007), tag(udp(6, 60), 0x8100_0007));
        assertEquals(passing.size(), sink.frames.size());
        for (int i = 0; i < passing.size(); i++) {
            assertArrayEquals(passing.get(i), sink.frames.get(i).bytes());
        }
    }

    @Test
    void countsWhatTheKernelHadNoRoomFor() throws Exception {
        AfPacketSource.Config small = new AfPacketSource.Config(65_536, 2, 8, true);
        try (AfPacketSource source = AfPacketSource.open("vb", "", small);
                Namespace.Sender sender = new Namespace.Sender("va")) {
            for (int i = 0; i < 5_000; i++) {
                sender.send(udp(i % 100, 60));
            }
            sink.takeUntil(source, () -> sink.frames.size() + sink.lostByKernel == 5_000);
            sender.send(udp(7, 61));
            sink.takeUntil(source, () -> sink.frames.size() + sink.lostByKernel == 5_001);
        }
        assertEquals(5_001, sink.frames.size() + sink.lostByKernel);
        assertTrue(sink.lostByKernel > 1_000, sink.lostByKernel + " lost");
        assertArrayEquals(udp(7, 61), sink.frames.get(sink.frames.size() - 1).bytes());
    }

    @Test
    void takesEachFrameOfTheLoopbackOnce() throws Exception {
        link.run("ip", "link", "set", "lo", "up");
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (AfPacketSource source = AfPacketSource.open("lo", "", DEFAULTS)) {
            try (DatagramSocket socket = new DatagramSocket(0, loopback)) {
                for (int i = 0; i < 6; i++) {
                    byte[] bytes = new byte[20 + i];
                    socket.send(
                            new DatagramPacket(
                                    bytes, bytes.length, loopback, socket.getLocalPort()));
                }
            }
            sink.takeUntil(source, () -> sink.frames.size() >= 6);
            sink.takeFor(source, 50);
        }
        assertEquals(
                List.of(62, 63, 64, 65, 66, 67),
                sink.frames.stream().map(f -> f.bytes().length).toList());
    }

    @Test
    void readsATunInterfaceAsRawIp() throws Exception {
        try {
            link.run("ip", "tuntap", "add", "t0", "mode", "tun");
        } catch (IOException e) {
            assumeTrue(false, "skipped: no tun here");
        }
        link.run("ip", "address", "add", "192.0.2.1/24", "dev", "t0");
        link.run("ip", "link", "set", "t0", "up");
        String script =
                "import fcntl,struct;f=open('/dev/net/tun','r+b',buffering=0);"
                        + "fcntl.ioctl(f,0x400454ca,struct.pack('16sH',b't0',0x1001));"
                        + "f.write(bytes.fromhex('4500001c00000000400100000a0000010a000002"
                        + "0800f7ff00000000'))";
        try (AfPacketSource source = AfPacketSource.open("t0", "icmp", DEFAULTS)) {
            link.run("python3", "-c", script);
            sink.takeUntil(source, () -> !sink.frames.isEmpty());
        }
        assertEquals(LinkType.RAW, sink.frames.get(0).linkType());
        assertEquals(0x45, sink.frames.get(0).bytes()[0]);
        assertEquals(28, sink.frames.get(0).bytes().length);
    }

    @Test
    void capturesOnAnyInterfaceThroughLibpcap() throws Exception {
        assumeTrue(BpfFilter.isAvailable(), "skipped: no libpcap");
        try (CaptureSource source =
                        CaptureSources.live(List.of("any"), CaptureSources.Mode.AUTO, "udp");
                Namespace.Sender sender = new Namespace.Sender("va")) {
            sender.send(udp(1, 60));
            sink.takeUntil(source, () -> sink.frames.size() >= 2); // out and in
        }
        assertEquals(2, sink.frames.size());
        assertTrue(LinkType.isSupported(sink.frames.get(0).linkType()));
    }

    @Test
    void allocatesNothingPerFrame() throws Exception {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        PcapReaderTest.CountingSink counting = new PcapReaderTest.CountingSink();
        byte[] frame = udp(1, 18);
        try (AfPacketSource source = AfPacketSource.open("vb", "", DEFAULTS);
                Namespace.Sender sender = new Namespace.Sender("va")) {
            long allocated = 0;
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < 200; i++) {
                    sender.send(frame);
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                while (counting.frames < (round + 1) * 200L) {
                    source.poll(counting, 256);
                }
                if (round >= 50) {
                    allocated += threads.getCurrentThreadAllocatedBytes() - before;
                }
            }
            assertTrue(allocated < 8_192, allocated + " bytes in 30,000 frames");
        }
    }

    @Test
    void listsTheInterfacesOfTheNamespace() throws Exception {
        link.run("ip", "address", "add", "192.0.2.1/24", "dev", "vb");
        link.run("ip", "link", "set", "va", "down");
        List<CaptureInterfaces.Interface> all = CaptureInterfaces.list();

        CaptureInterfaces.Interface first = all.get(0);
        assertEquals("vb", first.name());
        assertEquals(List.of("192.0.2.1"), first.addresses());
        assertTrue(first.up());
        assertEquals("ethernet", first.link());
        assertTrue(first.usableBy().contains("afpacket"));
        assertTrue(all.stream().anyMatch(i -> i.link().equals("loopback")));
        assertTrue(all.stream().anyMatch(i -> i.name().equals("va") && !i.up()));
    }
}
