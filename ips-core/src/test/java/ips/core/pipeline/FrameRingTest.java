package ips.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.AddressHash;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameRingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;
    private static final int BLOCK = 8192;

    private final Counters counters = new Counters();

    @Test
    void publishesNothingBeforeABatchIsFullOrTheSourceRunsDry() {
        RingBuffer<FrameBatch> ring = ring(1);
        FrameRing frames = new FrameRing(ring, BLOCK, share(1), counters);

        frame(frames, START, syn("192.0.2.1", "192.0.2.2"));
        assertEquals(-1, ring.getCursor());

        frames.idle(0);
        assertEquals(0, ring.getCursor());
        assertEquals(1, ring.get(0).length(0));
    }

    @Test
    void publishesAFullBatchAndNumbersFramesOn() {
        RingBuffer<FrameBatch> ring = ring(1);
        FrameRing frames = new FrameRing(ring, BLOCK, share(1), counters);

        for (int i = 0; i < 200; i++) {
            frame(frames, START, syn("192.0.2.1", "192.0.2.2"));
        }
        frames.idle(0);

        // A SYN of 54 bytes takes 88: 93 of them fit 8,192 bytes.
        assertEquals(2, ring.getCursor());
        FrameBatch second = ring.get(1);
        assertEquals(94, second.frameNumber(second.entry(0, 0)));
        FrameBatch last = ring.get(2);
        assertEquals(200, last.frameNumber(last.entry(0, last.length(0) - 1)));
    }

    @Test
    void keepsEveryByteAndLengthOfAFrame() {
        RingBuffer<FrameBatch> ring = ring(1);
        FrameRing frames = new FrameRing(ring, BLOCK, share(1), counters);
        byte[] bytes = FrameBuilder.udp("192.0.2.1", 1, "192.0.2.2", 2).payload("hello").build();

        frames.frame(START, new FrameBuffer(bytes), 0, bytes.length, 900, LinkType.ETHERNET, 3, 0);
        frames.idle(0);

        FrameBatch batch = ring.get(0);
        int at = FrameBatch.headerOffset(batch.entry(0, 0));
        byte[] kept = new byte[batch.capturedLength(at)];
        batch.block().getBytes(at + FrameBatch.HEADER_LENGTH, kept);
        assertEquals(new String(bytes, 0), new String(kept, 0));
        assertEquals(900, batch.wireLength(at));
        assertEquals(3, batch.interfaceIndex(at));
        assertEquals(LinkType.ETHERNET, batch.linkType(at));
        assertEquals(START, batch.timestampNs(at));
    }

    @Test
    void givesEachFrameToTheOwnersOfItsAddresses() {
        RingBuffer<FrameBatch> ring = ring(4);
        FrameRing frames = new FrameRing(ring, BLOCK, share(4), counters);

        frame(frames, START, tcp("192.0.2.1", "192.0.2.77", TcpFlags.ACK));
        frame(frames, START, tcp("192.0.2.77", "192.0.2.1", TcpFlags.ACK));
        frames.idle(0);

        FrameBatch batch = ring.get(0);
        List<String> roles = roles(batch, 4);
        assertEquals(2, count(roles, FrameBatch.OWNS_SOURCE), roles.toString());
        assertEquals(2, count(roles, FrameBatch.OWNS_DESTINATION), roles.toString());
        assertEquals(workersOf(batch, 0), workersOf(batch, 1));
    }

    @Test
    void showsAnOpeningSynToTheOwnerOfItsSourceOnly() {
        RingBuffer<FrameBatch> ring = ring(4);
        FrameRing frames = new FrameRing(ring, BLOCK, share(4), counters);

        for (int host = 1; host < 200; host++) {
            frame(frames, START, syn("192.0.2." + host, "198.51.100.1"));
            frames.idle(0);
            assertEquals(
                    0, count(roles(ring.get(ring.getCursor()), 4), FrameBatch.OWNS_DESTINATION));
            assertEquals(1, count(roles(ring.get(ring.getCursor()), 4), FrameBatch.OWNS_SOURCE));
        }
    }

    /** Of a gap those of its first three seconds, and one at its end. */
    @Test
    void insertsATickForAllWorkersWhereTimePassesATenthOfASecond() {
        RingBuffer<FrameBatch> ring = ring(2);
        FrameRing frames = new FrameRing(ring, BLOCK, share(2), counters);

        frame(frames, START + 50_000_000L, syn("192.0.2.1", "192.0.2.2"));
        frame(frames, START + 99_999_999L, syn("192.0.2.1", "192.0.2.2"));
        frame(frames, START + 100_000_001L, syn("192.0.2.1", "192.0.2.2"));
        frame(frames, START + 7 * SECOND, syn("192.0.2.1", "192.0.2.2"));
        frames.idle(0);

        FrameBatch batch = ring.get(0);
        for (int worker = 0; worker < 2; worker++) {
            List<String> ticks = new ArrayList<>();
            for (int i = 0; i < batch.length(worker); i++) {
                int entry = batch.entry(worker, i);
                if (FrameBatch.roles(entry) == 0) {
                    long after = batch.timestampNs(FrameBatch.headerOffset(entry)) - START;
                    ticks.add(batch.frameNumber(entry) + "@" + after);
                }
            }
            List<String> expected = new ArrayList<>(List.of("2@100000000"));
            for (long tenths = 2; tenths <= 31; tenths++) {
                expected.add("3@" + tenths * 100_000_000L);
            }
            expected.add("3@7000000000");
            assertEquals(expected, ticks);
        }
    }

    @Test
    void ticksOnAnIdleLink() {
        RingBuffer<FrameBatch> ring = ring(1);
        FrameRing frames = new FrameRing(ring, BLOCK, share(1), counters);
        frame(frames, START, syn("192.0.2.1", "192.0.2.2"));
        frames.idle(START + 1);
        long before = ring.getCursor();

        frames.idle(START + 50_000_000L);
        assertEquals(before, ring.getCursor());

        frames.idle(START + 100_000_000L);
        assertEquals(before + 1, ring.getCursor());
        assertEquals(0, FrameBatch.roles(ring.get(ring.getCursor()).entry(0, 0)));
    }

    @Test
    void takesSlightDisorderAsNowAndSetsTheClockBackForMore() {
        RingBuffer<FrameBatch> ring = ring(1);
        FrameRing frames = new FrameRing(ring, BLOCK, share(1), counters);

        frame(frames, START + 20 * SECOND, syn("192.0.2.1", "192.0.2.2"));
        frame(frames, START + 15 * SECOND, syn("192.0.2.1", "192.0.2.2"));
        frame(frames, START, syn("192.0.2.1", "192.0.2.2"));
        frames.idle(0);

        FrameBatch batch = ring.get(0);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < batch.length(0); i++) {
            int entry = batch.entry(0, i);
            if (FrameBatch.roles(entry) != 0) {
                times.add((batch.timestampNs(FrameBatch.headerOffset(entry)) - START) / SECOND);
            }
        }
        assertEquals(List.of(20L, 20L, 0L), times);
        assertEquals(1, counters.get(Counter.TIME_SET_BACK));
    }

    /** Otherwise no ban would end there for as long as the clock was set back. */
    @Test
    void setsTheClockBackOnAnIdleLinkToo() {
        RingBuffer<FrameBatch> ring = ring(1);
        FrameRing frames = new FrameRing(ring, BLOCK, share(1), counters);

        frame(frames, START + 3600 * SECOND, syn("192.0.2.1", "192.0.2.2"));
        frames.idle(START);

        assertEquals(1, counters.get(Counter.TIME_SET_BACK));
    }

    @Test
    void cutsAFrameThatIsLongerThanASlotAndCountsIt() {
        RingBuffer<FrameBatch> ring = ring(1);
        FrameRing frames = new FrameRing(ring, BLOCK, share(1), counters);
        byte[] bytes = new byte[10_000];

        frames.frame(START, new FrameBuffer(bytes), 0, 10_000, 10_000, LinkType.ETHERNET, 0, 0);
        frames.idle(0);

        FrameBatch batch = ring.get(0);
        assertEquals(
                BLOCK - FrameBatch.HEADER_LENGTH,
                batch.capturedLength(FrameBatch.headerOffset(batch.entry(0, 0))));
        assertEquals(1, counters.get(Counter.FRAMES_TRUNCATED_BY_RING));
    }

    @Test
    void countsLostFramesAsReceived() {
        FrameRing frames = new FrameRing(ring(1), BLOCK, share(1), counters);

        frames.lost(5, true);
        frames.lost(2, false);

        assertEquals(7, counters.get(Counter.FRAMES_RECEIVED));
        assertEquals(5, counters.get(Counter.FRAMES_LOST_BY_KERNEL));
        assertEquals(2, counters.get(Counter.FRAMES_LOST_BY_SOURCE));
    }

    @Test
    void passesOtherPipelinesFramesByAndNumbersThemAllTheSame() {
        Share share = new Share(1, 2, 1, 0, true);
        RingBuffer<FrameBatch> ring = ring(share);
        FrameRing frames = new FrameRing(ring, BLOCK, share, counters);
        List<Long> expected = new ArrayList<>();

        for (int i = 1; i <= 5000; i++) {
            String source = "192.0." + i / 250 + "." + i % 250;
            frame(frames, START + i * 20_000L, syn(source, "192.0.2.2"));
            IpAddress address = IpAddress.parse(source);
            if (share.owns(AddressHash.of(address.high(), address.low()))) {
                expected.add((long) i);
            }
        }
        frames.end();

        List<Long> numbers = new ArrayList<>();
        long settled = 0;
        for (long sequence = 0; sequence <= ring.getCursor(); sequence++) {
            FrameBatch batch = ring.get(sequence);
            for (int i = 0; i < batch.length(0); i++) {
                if (FrameBatch.roles(batch.entry(0, i)) != 0) {
                    numbers.add(batch.frameNumber(batch.entry(0, i)));
                }
            }
            assertTrue(batch.settledFrame() >= settled);
            settled = batch.settledFrame();
        }
        assertEquals(expected, numbers);
        assertEquals(5000, settled);
        assertEquals(expected.size(), counters.get(Counter.FRAMES_RECEIVED));
    }

    @Test
    void everyFrameHasItsOwnersInOnePipelineOrAnother() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            int pipelines = 1 + random.nextInt(5);
            int workers = 1 + random.nextInt(3);
            int source = random.nextInt();
            int destination = random.nextInt();
            boolean openingSyn = random.nextBoolean();
            int sourceOwner = Sharding.worker(source, pipelines * workers);
            int destinationOwner = Sharding.worker(destination, pipelines * workers);
            for (int index = 0; index < pipelines; index++) {
                Share share = new Share(index, pipelines, workers, 0, false);
                boolean owns =
                        sourceOwner / workers == index
                                || !openingSyn && destinationOwner / workers == index;

                assertEquals(owns, share.wants(source, destination, openingSyn));
            }
        }
    }

    private static Share share(int workers) {
        return Share.whole(workers, 0);
    }

    private static RingBuffer<FrameBatch> ring(int workers) {
        return ring(share(workers));
    }

    private static RingBuffer<FrameBatch> ring(Share share) {
        return RingBuffer.createSingleProducer(
                () -> new FrameBatch(BLOCK, share), 1024, new YieldingWaitStrategy());
    }

    private static byte[] syn(String source, String destination) {
        return tcp(source, destination, TcpFlags.SYN);
    }

    private static byte[] tcp(String source, String destination, int flags) {
        return FrameBuilder.tcp(source, 40_000, destination, 80).flags(flags).build();
    }

    private static void frame(FrameRing frames, long timeNs, byte[] bytes) {
        frames.frame(
                timeNs,
                new FrameBuffer(bytes),
                0,
                bytes.length,
                bytes.length,
                LinkType.ETHERNET,
                0,
                0);
    }

    private static List<String> roles(FrameBatch batch, int workers) {
        List<String> roles = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            for (int i = 0; i < batch.length(worker); i++) {
                roles.add(worker + ":" + FrameBatch.roles(batch.entry(worker, i)));
            }
        }
        return roles;
    }

    private static long count(List<String> roles, int role) {
        return roles.stream()
                .filter(text -> (text.charAt(text.length() - 1) - '0' & role) != 0)
                .count();
    }

    private static List<Integer> workersOf(FrameBatch batch, int ordinal) {
        List<Integer> workers = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            for (int i = 0; i < batch.length(worker); i++) {
                if (batch.frameNumber(batch.entry(worker, i)) == ordinal + 1) {
                    workers.add(worker);
                }
            }
        }
        assertTrue(!workers.isEmpty());
        return workers;
    }
}
