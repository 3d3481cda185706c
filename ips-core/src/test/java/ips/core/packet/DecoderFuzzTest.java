package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import ips.core.Fuzz;
import ips.core.SharedCaptures;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Feeds the decoder with frames that were right before some of their bytes were changed: generated
 * ones of every kind, and the shared captures where they are at hand. See {@link Fuzz} for more.
 *
 * <p>A frame ends where its buffer ends, so that a read behind it is an exception.
 */
class DecoderFuzzTest {
    private static final int FRAMES = Fuzz.cases(2_000_000);
    private static final int WARM_UP = 300_000;
    private static final int WINDOWS = 10;
    private static final int LONGEST = 2048;
    private static final int[] LINK_TYPES = {0, 1, 1, 1, 1, 12, 101, 108, 113, 147, 228, 229, 276};
    private static final int[] TELLING = {0, 1, 4, 5, 6, 8, 17, 20, 41, 44, 60, 0x7f, 0x80, 0xff};

    private final byte[] bytes = new byte[LONGEST];
    private final FrameBuffer buffer = new FrameBuffer(bytes);
    private final Counters counters = new Counters();
    private final Packet packet = new Packet();
    private final FrameAddresses addresses = new FrameAddresses();
    // Little room, so that it runs out.
    private final PacketDecoder decoder =
            new PacketDecoder(
                    true,
                    new FragmentReassembler.Config(64, 1 << 17, Duration.ofSeconds(30)),
                    counters);
    private List<SharedCaptures.Frame> generated;
    private List<SharedCaptures.Frame> captured;
    private long state = Fuzz.SEED * 0x9E37_79B9_7F4A_7C15L + 1;
    private long nowNs = Decoding.START_NS;

    private int capturedLength;
    private int wireLength;
    private int linkType;
    private int flags;

    @Test
    void survivesChangedFramesAndAllocatesNothing() throws IOException {
        generated = generated();
        captured = SharedCaptures.allFrames();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long found = 0;
        long allocatedBefore = 0;
        int dirtyWindows = 0;
        long frames = WARM_UP + FRAMES;

        for (long n = 1; n <= frames; n++) {
            if (n >= WARM_UP && (n - WARM_UP) % (FRAMES / WINDOWS) == 0) {
                long allocated = threads.getThreadAllocatedBytes(thread);
                dirtyWindows += n > WARM_UP && allocated != allocatedBefore ? 1 : 0;
                allocatedBefore = allocated;
            }
            choose();
            try {
                if (decode(n)) {
                    found++;
                }
            } catch (RuntimeException e) {
                throw new AssertionError(describe(n), e);
            }
            String wrong = check();
            if (wrong != null) {
                fail(wrong + ": " + describe(n));
            }
        }

        // The JVM itself allocates when it links a call that was never made before.
        assertTrue(dirtyWindows <= 2, dirtyWindows + " of " + WINDOWS + " windows saw allocation");
        assertTrue(found > frames / 3, "too few frames were readable: " + found);
        assertEveryDecodingCounterMoved();
    }

    /** A fuzzer that reaches nothing proves nothing. */
    private void assertEveryDecodingCounterMoved() {
        Counter[] all = Counter.values();
        int from = Counter.UNSUPPORTED_LINK_TYPE.ordinal();
        for (int i = from; i <= Counter.FRAGMENT_BAD_LENGTH.ordinal(); i++) {
            assertTrue(counters.get(all[i]) > 0, all[i].label() + " never counted");
        }
    }

    private boolean decode(long number) {
        int offset = LONGEST - capturedLength;
        addresses.read(buffer, offset, capturedLength, wireLength, linkType);
        return decoder.decode(
                buffer,
                offset,
                capturedLength,
                wireLength,
                linkType,
                0,
                flags,
                nowNs,
                number,
                packet);
    }

    /** Takes a seed and changes it: nothing, a few fields, its length, its link type. */
    private void choose() {
        // The captures are many and much alike, so they have one turn in four.
        boolean fromCapture = random(4) == 0 && !captured.isEmpty();
        List<SharedCaptures.Frame> seeds = fromCapture ? captured : generated;
        SharedCaptures.Frame seed = seeds.get(random(seeds.size()));
        int length = Math.min(seed.bytes().length, LONGEST);
        int offset = LONGEST - length;
        System.arraycopy(seed.bytes(), 0, bytes, offset, length);
        wireLength = Math.max(length, seed.wireLength());
        linkType = seed.linkType();
        flags = random(4) == 0 ? PacketDecoder.CHECKSUM_NOT_TO_BE_CHECKED : 0;
        nowNs += random(100) == 0 ? random(2_000_000_000) : 1000;
        int changes = random(8) - 2;
        for (int i = 0; i < changes && length > 0; i++) {
            int reach = random(4) == 0 ? length : Math.min(length, 90);
            int at = offset + random(reach);
            switch (random(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random(8));
                case 1 -> bytes[at] = (byte) random(256);
                case 2 -> bytes[at] = (byte) TELLING[random(TELLING.length)];
                case 3 -> {
                    int from = offset + random(length);
                    int count = Math.min(random(40), LONGEST - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, count);
                }
                default -> length = shorten(offset, length);
            }
            offset = LONGEST - length;
        }
        if (random(50) == 0) {
            linkType = LINK_TYPES[random(LINK_TYPES.length)];
        }
        capturedLength = length;
    }

    /** Cuts the frame, on the wire or in the capture, and moves it to the buffer's end again. */
    private int shorten(int offset, int length) {
        int kept = random(2) == 0 ? random(length + 1) : Math.max(0, length - random(12));
        System.arraycopy(bytes, offset, bytes, LONGEST - kept, kept);
        if (random(2) == 0) {
            wireLength = kept;
        }
        return kept;
    }

    /** What is wrong with the packet, or null. */
    private String check() {
        if (packet.ipVersion() == 0) {
            return addresses.sourceHash() == 0 && addresses.destinationHash() == 0
                    ? null
                    : "hashes without addresses";
        }
        Bounds bounds = Bounds.of(packet);
        if (bounds != Bounds.RIGHT) {
            return bounds.name();
        }
        if (packet.quoted() != null && Bounds.of(packet.quoted()) != Bounds.RIGHT) {
            return "quoted packet out of bounds";
        }
        if (packet.reassembled() || packet.buffer() != buffer) {
            return null;
        }
        if (packet.transportOffset() + packet.transportLength() > LONGEST
                || packet.ipOffset() < packet.frameOffset()) {
            return "outside the frame";
        }
        if (addresses.sourceHash() != AddressHash.of(packet.sourceHigh(), packet.sourceLow())
                || addresses.destinationHash()
                        != AddressHash.of(packet.destinationHigh(), packet.destinationLow())) {
            return "capture thread and decoder see other addresses";
        }
        if (packet.isTcp() && addresses.openingSyn() != TcpFlags.isOpeningSyn(packet.tcpFlags())) {
            return "capture thread and decoder see other flags";
        }
        return null;
    }

    /** An enum, for a message would be an allocation. */
    private enum Bounds {
        RIGHT,
        TRANSPORT_BEFORE_HEADER,
        TRANSPORT_BEHIND_BUFFER,
        PAYLOAD_OUTSIDE_TRANSPORT;

        static Bounds of(Packet p) {
            int transport = p.transportOffset();
            int end = transport + p.transportLength();
            if (p.ipHeaderLength() < 20 || transport < p.ipOffset() || p.transportLength() < 0) {
                return TRANSPORT_BEFORE_HEADER;
            }
            if (end > p.buffer().capacity()) {
                return TRANSPORT_BEHIND_BUFFER;
            }
            boolean empty = p.payloadLength() == 0 && p.payloadOffset() == 0;
            boolean inside =
                    p.payloadOffset() >= transport
                            && p.payloadLength() >= 0
                            && p.payloadOffset() + p.payloadLength() <= end;
            return empty || inside ? RIGHT : PAYLOAD_OUTSIDE_TRANSPORT;
        }
    }

    private String describe(long number) {
        return "frame "
                + number
                + " of seed "
                + Fuzz.SEED
                + ", link type "
                + linkType
                + ", wire length "
                + wireLength
                + ": "
                + HexFormat.of().formatHex(bytes, LONGEST - capturedLength, LONGEST);
    }

    /** From 0 to {@code bound} - 1 (xorshift64*). */
    private int random(int bound) {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return (int) ((state * 0x2545_F491_4F6C_DD1DL >>> 33) % bound);
    }

    private static List<SharedCaptures.Frame> generated() {
        List<SharedCaptures.Frame> frames = new ArrayList<>();
        String[][] pairs = {{"192.0.2.1", "198.51.100.2"}, {"2001:db8::1", "2001:db8:1::2"}};
        for (String[] pair : pairs) {
            String a = pair[0];
            String b = pair[1];
            for (FrameBuilder frame : ofFamily(a, b)) {
                frames.add(captured(frame));
            }
            for (FrameBuilder inner : ofFamily(a, b)) {
                frames.add(captured(inner.inGre(b, a)));
                frames.add(captured(inner.inIp("10.0.0.1", "10.0.0.2")));
                frames.add(captured(inner.inVxlan("fd00::1", "fd00::2", 4).vlan(3)));
            }
            FrameBuilder datagram = FrameBuilder.udp(a, 1, b, 2).id(1).payload(new byte[900]);
            for (byte[] fragment : datagram.fragments(88)) {
                frames.add(
                        new SharedCaptures.Frame(0, fragment, fragment.length, LinkType.ETHERNET));
            }
            for (byte[] fragment : datagram.inIp("10.0.0.1", "10.0.0.2").id(2).fragments(400)) {
                frames.add(
                        new SharedCaptures.Frame(0, fragment, fragment.length, LinkType.ETHERNET));
            }
        }
        frames.add(
                captured(
                        FrameBuilder.ip("192.0.2.1", "198.51.100.2", Protocol.ICMP)
                                .fragment(65_528, false)
                                .payload(new byte[64])));
        byte[] mapped = FrameBuilder.udp("::1:0:0", 1, "2001:db8::2", 2).build();
        mapped[32] = (byte) 0xff;
        mapped[33] = (byte) 0xff;
        frames.add(new SharedCaptures.Frame(0, mapped, mapped.length, LinkType.ETHERNET));
        frames.add(captured(FrameBuilder.udp("224.0.0.1", 1, "192.0.2.1", 2)));
        frames.add(captured(FrameBuilder.udp("127.0.0.1", 1, "192.0.2.1", 2)));
        frames.add(captured(FrameBuilder.udp("192.0.2.1", 1, "192.0.2.1", 2)));
        FrameBuilder deep = FrameBuilder.udp("192.0.2.1", 1, "192.0.2.2", 2);
        for (int i = 0; i <= FrameWalk.MAX_TUNNELS; i++) {
            deep = deep.inIp("10.0.0." + i, "10.0.1.1");
        }
        frames.add(captured(deep));
        byte[] arp = new FrameLink().frame(EthernetHeader.TYPE_ARP, new byte[28]);
        frames.add(new SharedCaptures.Frame(0, arp, arp.length, LinkType.ETHERNET));
        return frames;
    }

    private static List<FrameBuilder> ofFamily(String a, String b) {
        List<FrameBuilder> frames = new ArrayList<>();
        frames.add(FrameBuilder.tcp(a, 1, b, 80).flags(TcpFlags.SYN).synOptions(1460, 7));
        frames.add(FrameBuilder.tcp(a, 1, b, 80).payload("GET / HTTP/1.1\r\n\r\n"));
        frames.add(FrameBuilder.udp(a, 53, b, 53).payload(new byte[33]).qinq(7, 8));
        frames.add(FrameBuilder.icmp(a, b).payload(new byte[56]));
        FrameBuilder quoted = FrameBuilder.tcp(b, 80, a, 1);
        int unreachable = a.contains(":") ? 1 : 3;
        frames.add(FrameBuilder.icmp(a, b).icmpType(unreachable, 1).quoting(quoted, 20));
        frames.add(FrameBuilder.tcp(a, 1, b, 80).ipOptions(7, 7, 4, 0, 0, 0, 0));
        frames.add(FrameBuilder.tcp(a, 1, b, 80).link(link -> link.mpls(1).mpls(2)));
        frames.add(FrameBuilder.tcp(a, 1, b, 80).link(FrameLink::pppoe));
        frames.add(FrameBuilder.tcp(a, 1, b, 80).vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).vlan(6));
        frames.get(frames.size() - 1).vlan(7).vlan(8).vlan(9);
        for (int type : new int[] {LinkType.RAW, LinkType.LINUX_SLL, LinkType.LINUX_SLL2}) {
            frames.add(FrameBuilder.udp(a, 1, b, 2).link(link -> link.type(type)));
        }
        frames.add(FrameBuilder.udp(a, 1, b, 2).link(link -> link.type(LinkType.NULL)));
        FrameBuilder extended = FrameBuilder.tcp(a, 1, b, 80);
        extended.extension(Protocol.HOP_BY_HOP, new byte[6]);
        extended.extension(Protocol.ROUTING, new byte[] {0, 1, 0, 0, 0, 0});
        extended.extension(Protocol.AUTHENTICATION, new byte[10]);
        for (int i = 0; i < 5; i++) {
            extended.extension(Protocol.DESTINATION_OPTIONS, new byte[6]);
        }
        frames.add(extended);
        return frames;
    }

    private static SharedCaptures.Frame captured(FrameBuilder frame) {
        byte[] bytes = frame.build();
        return new SharedCaptures.Frame(0, bytes, bytes.length, frame.linkType());
    }
}
