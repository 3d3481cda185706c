package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.verdict.BanScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BannedSourcesTest {
    private static final String OFFENDER = "198.51.100.7";
    private static final String VICTIM = "203.0.113.80";
    private static final long UNTIL = 1000;

    private final BannedSources banned = new BannedSources(1000);
    private final PacketDecoder decoder = new PacketDecoder(false, new Counters());

    @Test
    void blocksNothingWhileNobodyIsBanned() {
        assertTrue(banned.isEmpty());
        assertFalse(banned.blocks(packet(tcp(TcpFlags.SYN), 1)));
    }

    @Test
    void blocksEverythingOfASourceBannedInFull() {
        banned.add(ban(OFFENDER, BanScope.ALL));

        assertFalse(banned.isEmpty());
        assertTrue(banned.blocks(packet(tcp(TcpFlags.ACK), 1)));
        assertTrue(banned.blocks(packet(FrameBuilder.udp(OFFENDER, 1, VICTIM, 53), 1)));
        assertTrue(banned.blocks(packet(FrameBuilder.ip(OFFENDER, VICTIM, 47), 1)));
        assertFalse(banned.blocks(packet(FrameBuilder.udp("198.51.100.8", 1, VICTIM, 53), 1)));
    }

    @Test
    void blocksUntilTheBansEnd() {
        banned.add(ban(OFFENDER, BanScope.ALL));

        assertTrue(banned.blocks(packet(tcp(TcpFlags.ACK), UNTIL - 1)));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.ACK), UNTIL)));
    }

    @Test
    void blocksOnlyOpeningSegmentsOfASourceBannedForSyns() {
        banned.add(ban(OFFENDER, BanScope.SYN));

        assertTrue(banned.blocks(packet(tcp(TcpFlags.SYN), 1)));
        assertTrue(banned.blocks(packet(tcp(TcpFlags.SYN | TcpFlags.ECE | TcpFlags.CWR), 1)));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.SYN | TcpFlags.ACK), 1)));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.ACK), 1)));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.FIN), 1)));
        assertFalse(banned.blocks(packet(FrameBuilder.udp(OFFENDER, 1, VICTIM, 53), 1)));
    }

    @Test
    void blocksFlagsNoConnectionNeedsOfASourceBannedForThem() {
        banned.add(ban(OFFENDER, BanScope.ODD_FLAGS));

        int xmas = TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG;
        for (int odd : new int[] {0, TcpFlags.FIN, xmas, TcpFlags.SYN | TcpFlags.FIN}) {
            assertTrue(banned.blocks(packet(tcp(odd), 1)), "flags " + odd);
        }
        int finAck = TcpFlags.FIN | TcpFlags.ACK;
        for (int needed : new int[] {TcpFlags.SYN, TcpFlags.ACK, TcpFlags.RST, finAck}) {
            assertFalse(banned.blocks(packet(tcp(needed), 1)), "flags " + needed);
        }
    }

    @Test
    void blocksEchoButNoErrorsOfASourceBannedForIcmp() {
        banned.add(ban(OFFENDER, BanScope.ICMP));
        banned.add(ban("2001:db8::7", BanScope.ICMP));

        FrameBuilder four = FrameBuilder.icmp(OFFENDER, VICTIM);
        assertTrue(banned.blocks(packet(four.icmpType(8, 0), 1)));
        assertFalse(banned.blocks(packet(four.icmpType(3, 4), 1)));
        assertFalse(banned.blocks(packet(four.icmpType(11, 0), 1)));
        FrameBuilder six = FrameBuilder.icmp("2001:db8::7", "2001:db8::80");
        assertTrue(banned.blocks(packet(six.icmpType(128, 0), 1)));
        assertFalse(banned.blocks(packet(six.icmpType(2, 0), 1)));
        assertFalse(banned.blocks(packet(six.icmpType(135, 0), 1)));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.SYN), 1)));
    }

    @Test
    void blocksFragmentsOfASourceBannedForIcmp() {
        banned.add(ban(OFFENDER, BanScope.ICMP));
        FrameBuilder piece =
                FrameBuilder.icmp(OFFENDER, VICTIM).payload(new byte[64]).fragment(1480, true);

        assertTrue(banned.blocks(packet(piece, 1)));
    }

    @Test
    void blocksOnlyDatagramsOfASourceBannedForUdp() {
        banned.add(ban(OFFENDER, BanScope.UDP));

        assertTrue(banned.blocks(packet(FrameBuilder.udp(OFFENDER, 1, VICTIM, 53), 1)));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.SYN), 1)));
    }

    @Test
    void blocksOnlySctpOfASourceBannedForSctp() {
        banned.add(ban(OFFENDER, BanScope.SCTP));
        FrameBuilder sctp = FrameBuilder.ip(OFFENDER, VICTIM, Protocol.SCTP).payload(new byte[20]);

        assertTrue(banned.blocks(packet(sctp, 1)));
        assertFalse(banned.blocks(packet(FrameBuilder.udp(OFFENDER, 1, VICTIM, 53), 1)));
    }

    @Test
    void keepsTheOtherBansOfAnAddressWhenOneEnds() {
        banned.add(ban(OFFENDER, BanScope.UDP));
        banned.add(ban(OFFENDER, BanScope.SYN));

        banned.remove(ban(OFFENDER, BanScope.SYN));

        assertTrue(banned.blocks(packet(FrameBuilder.udp(OFFENDER, 1, VICTIM, 53), 1)));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.SYN), 1)));
        banned.remove(ban(OFFENDER, BanScope.UDP));
        assertTrue(banned.isEmpty());
    }

    @Test
    void blocksNetworksBannedByHand() {
        banned.add(ban("198.51.100.0/24", BanScope.ALL));
        banned.add(ban("2001:db8::/32", BanScope.ALL));

        assertTrue(banned.blocks(packet(tcp(TcpFlags.ACK), 1)));
        assertTrue(
                banned.blocks(packet(FrameBuilder.udp("2001:db8:9::1", 1, "2001:db9::1", 2), 1)));
        assertFalse(
                banned.blocks(packet(FrameBuilder.udp("2001:db9:9::1", 1, "2001:db9::1", 2), 1)));
        assertFalse(banned.blocks(packet(FrameBuilder.udp("198.51.101.1", 1, VICTIM, 2), 1)));
        banned.remove(ban("198.51.100.0/24", BanScope.ALL));
        assertFalse(banned.blocks(packet(tcp(TcpFlags.ACK), 1)));
    }

    @Test
    void blocksTheSubnetOfABannedOneAndNoOther() {
        banned.add(ban("2001:db8:9:1::/64", BanScope.SYN));

        assertFalse(banned.isEmpty());
        assertTrue(banned.blocks(packet(syn("2001:db8:9:1::7"), 1)));
        assertTrue(banned.blocks(packet(syn("2001:db8:9:1::"), 1)));
        assertFalse(banned.blocks(packet(syn("2001:db8:9:2::7"), 1)));
        assertFalse(banned.blocks(packet(syn("2001:db8:9:1::7"), UNTIL)));
        assertFalse(
                banned.blocks(
                        packet(FrameBuilder.udp("2001:db8:9:1::7", 1, "2001:db8::1", 53), 1)));

        banned.remove(ban("2001:db8:9:1::/64", BanScope.SYN));
        assertTrue(banned.isEmpty());
        assertFalse(banned.blocks(packet(syn("2001:db8:9:1::7"), 1)));
    }

    @Test
    void tellsASubnetFromItsFirstAddress() {
        banned.add(ban("2001:db8:9:1::/64", BanScope.ALL));
        banned.remove(ban("2001:db8:9:1::", BanScope.ALL));

        assertTrue(banned.blocks(packet(syn("2001:db8:9:1::7"), 1)));
    }

    private static FrameBuilder syn(String source) {
        return FrameBuilder.tcp(source, 40_000, "2001:db8::1", 80).flags(TcpFlags.SYN);
    }

    @Test
    void refusesMoreThanItHasRoomFor() {
        BannedSources small = new BannedSources(2);

        assertTrue(small.add(ban("198.51.100.1", BanScope.ALL)));
        assertTrue(small.add(ban("198.51.100.2", BanScope.ALL)));
        assertTrue(small.add(ban("198.51.100.2", BanScope.SYN)));
        assertFalse(small.add(ban("198.51.100.3", BanScope.ALL)));
        small.remove(ban("198.51.100.1", BanScope.ALL));
        assertTrue(small.add(ban("198.51.100.3", BanScope.ALL)));
    }

    @Test
    void holdsWhatASetHoldsAfterManyChanges() {
        Random random = new Random(7);
        Set<Integer> expected = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            int who = random.nextInt(1500);
            Ban ban = ban(Cidr.of(IpAddress.ofIpv4(0x0a00_0000 + who * 0x1_0001)), BanScope.ALL);
            if (random.nextInt(3) > 0 && expected.size() < 1000) {
                assertTrue(banned.add(ban));
                expected.add(who);
            } else {
                banned.remove(ban);
                expected.remove(who);
            }
        }

        for (int who = 0; who < 1500; who++) {
            IpAddress address = IpAddress.ofIpv4(0x0a00_0000 + who * 0x1_0001);
            Packet packet = packet(FrameBuilder.udp(address, 1, IpAddress.parse(VICTIM), 2), 1);
            assertEquals(expected.contains(who), banned.blocks(packet), "who " + who);
        }
    }

    @Test
    void neverBlocksTheWrongSourceWhileBansComeAndGo() throws Exception {
        Packet innocent = packet(FrameBuilder.udp("192.0.2.1", 1, VICTIM, 2), 1);
        Packet offender = packet(new PacketDecoder(false, new Counters()), tcp(TcpFlags.ACK), 1);
        banned.add(ban(OFFENDER, BanScope.ALL));
        AtomicLong wronglyBlocked = new AtomicLong();
        AtomicLong asked = new AtomicLong();
        AtomicLong missed = new AtomicLong();
        Thread reader =
                new Thread(
                        () -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                asked.incrementAndGet();
                                if (banned.blocks(innocent)) {
                                    wronglyBlocked.incrementAndGet();
                                }
                                if (!banned.blocks(offender)) {
                                    missed.incrementAndGet();
                                }
                            }
                        });
        reader.start();

        List<Ban> others = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            others.add(ban(Cidr.of(IpAddress.ofIpv4(0x0b00_0000 + i)), BanScope.ALL));
        }
        for (int round = 0; round < 40; round++) {
            others.forEach(banned::add);
            others.forEach(banned::remove);
        }
        reader.interrupt();
        reader.join();

        assertEquals(0, wronglyBlocked.get());
        assertTrue(missed.get() < asked.get() / 10 + 1, missed + " of " + asked);
        assertTrue(banned.blocks(offender));
    }

    private static FrameBuilder tcp(int flags) {
        return FrameBuilder.tcp(OFFENDER, 4000, VICTIM, 80).flags(flags);
    }

    private Packet packet(FrameBuilder builder, long ns) {
        return packet(decoder, builder, ns);
    }

    private static Packet packet(PacketDecoder decoder, FrameBuilder builder, long ns) {
        FrameBuffer buffer = builder.buildBuffer();
        Packet packet = new Packet();
        int length = buffer.capacity();
        assertTrue(
                decoder.decode(buffer, 0, length, length, builder.linkType(), 0, 0, ns, 1, packet));
        return packet;
    }

    private static Ban ban(String address, BanScope scope) {
        return ban(Cidr.parse(address), scope);
    }

    private static Ban ban(Cidr address, BanScope scope) {
        return new Ban(address, scope, null, "test", 0, UNTIL, 0);
    }
}
