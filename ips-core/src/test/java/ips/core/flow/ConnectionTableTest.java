package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.Protocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;

    private final Counters counters = new Counters();
    private final PacketDecoder decoder = new PacketDecoder(false, counters);
    private final Packet packet = new Packet();
    private long frames;

    private record Ends(IpAddress client, int clientPort, IpAddress server, int serverPort) {}

    @Test
    void findsEveryConnectionFromBothEnds() {
        ConnectionTable table = new ConnectionTable(8192, counters);
        Map<Ends, Long> model = new HashMap<>();
        Random random = new Random(1);

        for (int i = 0; i < 20_000; i++) {
            Ends ends =
                    new Ends(
                            address(random.nextInt(20)),
                            1 + random.nextInt(5),
                            address(20 + random.nextInt(20)),
                            1 + random.nextInt(5));
            if (!model.containsKey(ends) && model.size() < 2000) {
                open(table, ends, START, ConnectionState.ATTEMPT);
                model.put(ends, frames);
            }
            Ends back = new Ends(ends.server, ends.serverPort, ends.client, ends.clientPort);
            int there = find(table, ends);
            assertEquals(model.containsKey(ends), there != ConnectionTable.NONE);
            assertEquals(there == ConnectionTable.NONE ? there : there + 1, find(table, back));
        }

        assertEquals(2000, model.size());
        model.forEach(
                (ends, frame) -> {
                    int connection = find(table, ends) >> 1;
                    assertEquals(frame, table.firstFrame(connection));
                    assertEquals(START, table.firstNs(connection));
                    assertEquals(ends.client.high(), table.clientHigh(connection));
                    assertEquals(ends.client.low(), table.clientLow(connection));
                    assertEquals(ends.server.high(), table.serverHigh(connection));
                    assertEquals(ends.server.low(), table.serverLow(connection));
                    assertEquals(ends.clientPort, table.clientPort(connection));
                    assertEquals(ends.serverPort, table.serverPort(connection));
                    assertEquals(Protocol.TCP, table.protocol(connection));
                    assertEquals(0x12, table.firstFlags(connection));
                });
    }

    @Test
    void fieldsOfARecordDoNotTouchEachOther() {
        ConnectionTable table = new ConnectionTable(8, counters);
        int connection = open(table, ends(1), START, ConnectionState.OPEN);

        table.clientNext(connection, -1);
        table.serverNext(connection, 0x8000_0001);
        table.state(connection, ConnectionState.CANCELLED);
        table.mark(connection, ConnectionState.SYN_AGAIN);
        table.synSent(connection, START + 3 * SECOND);

        assertEquals(-1, table.clientNext(connection));
        assertEquals(0x8000_0001, table.serverNext(connection));
        assertEquals(ConnectionState.CANCELLED, table.state(connection));
        assertTrue(table.has(connection, ConnectionState.SYN_AGAIN));
        assertFalse(table.has(connection, ConnectionState.MIDSTREAM));
        assertEquals(1500, table.msSinceSyn(connection, START + 4500 * SECOND / 1000));
        assertEquals(1, table.clientPort(connection));
        assertEquals(80, table.serverPort(connection));
        assertEquals(1, table.firstFrame(connection));
        assertEquals(connection << 1, find(table, ends(1)));
    }

    @Test
    void whatExpiresFirstMakesWay() {
        ConnectionTable table = new ConnectionTable(8, counters);
        int established = open(table, ends(1), START, ConnectionState.OPEN);
        int datagrams = open(table, ends(2), START, ConnectionState.ANSWERED_DATAGRAMS);
        int proven = open(table, ends(3), START, ConnectionState.PROVEN_ATTEMPT);
        int closed = open(table, ends(4), START, ConnectionState.OVER);
        int later = open(table, ends(5), START + SECOND, ConnectionState.ATTEMPT);
        int attempt = open(table, ends(6), START, ConnectionState.ATTEMPT);
        for (int i = 7; i <= 8; i++) {
            open(table, ends(i), START, ConnectionState.OPEN);
        }

        int[] order = new int[5];
        for (int i = 0; i < order.length; i++) {
            order[i] = open(table, ends(100 + i), START + SECOND, ConnectionState.OPEN);
        }

        assertEquals(attempt, order[0]);
        assertEquals(later, order[1]);
        assertEquals(closed, order[2]);
        assertEquals(Math.min(proven, datagrams), Math.min(order[3], order[4]));
        assertEquals(Math.max(proven, datagrams), Math.max(order[3], order[4]));
        assertEquals(established << 1, find(table, ends(1)));
    }

    @Test
    void onlyWhatHasNotExpiredCountsAsEvicted() {
        ConnectionTable table = new ConnectionTable(8, counters);
        int connection = open(table, ends(1), START, ConnectionState.ATTEMPT);

        table.countEviction(connection, START + 31 * SECOND);
        long expired = counters.get(Counter.CONNECTIONS_EVICTED);
        table.countEviction(connection, START + 29 * SECOND);

        assertEquals(0, expired);
        assertEquals(1, counters.get(Counter.CONNECTIONS_EVICTED));
        assertTrue(table.isExpired(connection, START + 31 * SECOND));
        assertFalse(table.isExpired(connection, START + 29 * SECOND));
        assertFalse(table.isExpired(connection, START - 3600 * SECOND));
    }

    @Test
    void aPlaceUsedAgainForgetsTheSequenceNumbersAndMarks() {
        ConnectionTable table = new ConnectionTable(8, counters);
        int connection = open(table, ends(1), START, ConnectionState.ATTEMPT);
        table.mark(connection, ConnectionState.PROVEN | ConnectionState.MIDSTREAM);
        table.clientNext(connection, 77);

        for (int i = 2; i <= 9; i++) {
            open(table, ends(i), START + SECOND, ConnectionState.ATTEMPT);
        }

        assertNotEquals(connection << 1, find(table, ends(1)));
        assertFalse(table.isProven(connection));
        assertFalse(table.isMidstream(connection));
        assertEquals(0, table.clientNext(connection));
    }

    @Test
    void refusesACapacityThatIsNoPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new ConnectionTable(100, counters));
    }

    private int open(ConnectionTable table, Ends ends, long nowNs, int lifetime) {
        frames++;
        decode(ends, nowNs);
        long hash = hash(ends);
        int connection = table.place(hash, nowNs);
        table.occupy(
                connection,
                hash,
                packet,
                Protocol.TCP,
                ends.clientPort,
                ends.serverPort,
                true,
                ConnectionState.HALF_OPEN,
                0,
                lifetime);
        return connection;
    }

    private int find(ConnectionTable table, Ends ends) {
        decode(ends, START);
        return table.find(hash(ends), packet, Protocol.TCP, ends.clientPort, ends.serverPort);
    }

    /** Of the packet in hand, which has these ends. */
    private long hash(Ends ends) {
        return ConnectionTable.hash(packet, Protocol.TCP, ends.clientPort, ends.serverPort);
    }

    private void decode(Ends ends, long nowNs) {
        byte[] frame =
                FrameBuilder.tcp(ends.client, ends.clientPort, ends.server, ends.serverPort)
                        .flags(0x12)
                        .build();
        decoder.decode(
                new FrameBuffer(frame),
                0,
                frame.length,
                frame.length,
                LinkType.ETHERNET,
                0,
                0,
                nowNs,
                frames,
                packet);
    }

    private static Ends ends(int number) {
        return new Ends(address(2), number, address(4), 80);
    }

    private static IpAddress address(int number) {
        return number % 2 == 0
                ? IpAddress.ofIpv4(0x0a00_0000 + number)
                : IpAddress.ofIpv4(0x0a00_0000 + (number << 16));
    }
}
