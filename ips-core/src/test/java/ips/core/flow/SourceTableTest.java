package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;

    private final Counters counters = new Counters();

    @Test
    void keepsWhatDetectorsWroteAboutEachSource() {
        SourceTable table = new SourceTable(8192, counters);
        int count = table.claim(1);
        int rest = table.claim(7);
        table.seal();
        Map<IpAddress, Long> model = new HashMap<>();
        Random random = new Random(1);

        for (int i = 0; i < 200_000; i++) {
            IpAddress source = address(random, random.nextInt(2000));
            int record = table.findOrAdd(source.high(), source.low(), START + i * 1000L);
            table.cells()[record + count]++;
            table.cells()[record + rest + 6] = source.low();
            model.merge(source, 1L, Long::sum);
        }

        assertTrue(model.size() > 1990);
        for (Map.Entry<IpAddress, Long> entry : model.entrySet()) {
            int record = table.find(entry.getKey().high(), entry.getKey().low());
            assertEquals(entry.getValue(), table.cells()[record + count]);
            assertEquals(entry.getKey().low(), table.cells()[record + rest + 6]);
            assertEquals(entry.getKey().high(), table.high(record));
            assertEquals(entry.getKey().low(), table.low(record));
        }
        assertEquals(0, counters.get(Counter.SOURCES_EVICTED));
    }

    @Test
    void addressesThatShareOneHalfAreDistinct() {
        SourceTable table = sealed(64);

        int one = table.findOrAdd(1, 2, START);
        int two = table.findOrAdd(2, 2, START);
        int three = table.findOrAdd(1, 1, START);

        assertNotEquals(one, two);
        assertNotEquals(one, three);
        assertEquals(one, table.find(1, 2));
        assertEquals(SourceTable.NONE, table.find(2, 1));
    }

    @Test
    void aFloodOfSourcesGrowsNothingAndHidesNoHeavyHitter() {
        SourceTable table = sealed(4096);
        long[] cells = table.cells();
        Random random = new Random(2);
        long now = START;
        int recorded = 0;
        int heavyPackets = 0;

        for (int i = 0; i < 1_000_000; i++) {
            now += 1000;
            recorded += table.findOrAdd(0, 0xffff_0000_0000L | random.nextInt(), now) < 0 ? 0 : 1;
            if (i > 500_000 && i % 1000 == 0) {
                heavyPackets++;
                table.findOrAdd(7, 7, now);
            }
        }

        assertSame(cells, table.cells());
        assertTrue(recorded < 4096 + 100, "recorded: " + recorded);
        assertEquals(500, heavyPackets, 1);
        assertNotEquals(SourceTable.NONE, table.find(7, 7));
        assertTrue(counters.get(Counter.SOURCE_PACKETS_WITHOUT_RECORD) > 900_000);
    }

    @Test
    void aSourceIdleForAMinuteMakesWayForANewcomer() {
        SourceTable table = sealed(8);
        fill(table, START);

        int early = table.findOrAdd(9, 9, START + 59 * SECOND);
        int late = table.findOrAdd(9, 9, START + 62 * SECOND);

        assertEquals(SourceTable.NONE, early);
        assertNotEquals(SourceTable.NONE, late);
        assertEquals(0, counters.get(Counter.SOURCES_EVICTED));
    }

    @Test
    void provenAndAccusedSourcesOutliveIdleOnes() {
        SourceTable table = sealed(8);
        fill(table, START);
        table.prove(table.find(0, 1), START);
        table.accuse(table.find(0, 2));

        for (int i = 0; i < 20; i++) {
            table.findOrAdd(9, 100 + i, START + 120 * SECOND + i);
        }

        assertNotEquals(SourceTable.NONE, table.find(0, 1));
        assertNotEquals(SourceTable.NONE, table.find(0, 2));
        assertEquals(SourceTable.NONE, table.find(0, 3));
    }

    @Test
    void aNewRecordHoldsNothingOfItsPredecessor() {
        SourceTable table = new SourceTable(8, counters);
        int field = table.claim(2);
        table.seal();
        fill(table, START);
        for (long low = 1; low <= 8; low++) {
            int record = table.find(0, low);
            table.cells()[record + field + 1] = 5;
            table.prove(record, START);
        }

        int record = table.findOrAdd(9, 9, START + 700 * SECOND);

        assertEquals(0, table.cells()[record + field + 1]);
        assertFalse(table.isProven(record, START));
        assertEquals(START + 700 * SECOND, table.firstNs(record));
    }

    @Test
    void admitMakesRoomAtOnce() {
        SourceTable table = sealed(8);
        fill(table, START);

        int record = table.admit(9, 9, START + SECOND);

        assertEquals(record, table.find(9, 9));
        assertEquals(1, counters.get(Counter.SOURCES_EVICTED));
    }

    @Test
    void aHandshakeVouchesForAMinute() {
        SourceTable table = sealed(8);
        int record = table.findOrAdd(0, 1, START);
        boolean before = table.isProven(record, START);

        table.prove(record, START);

        assertFalse(before);
        assertTrue(table.isProven(record, START + 60 * SECOND));
        assertFalse(table.isProven(record, START + 61 * SECOND));
        assertFalse(table.isProven(SourceTable.NONE, START));
    }

    @Test
    void aClockSetBackExpiresNobody() {
        SourceTable table = sealed(8);
        fill(table, START);

        int newcomer = table.findOrAdd(9, 9, START - 3600 * SECOND);

        assertEquals(SourceTable.NONE, newcomer);
        assertNotEquals(SourceTable.NONE, table.find(0, 1));
    }

    @Test
    void refusesACapacityThatIsNoPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new SourceTable(1000, counters));
    }

    private SourceTable sealed(int capacity) {
        SourceTable table = new SourceTable(capacity, counters);
        table.claim(4);
        table.seal();
        return table;
    }

    private static void fill(SourceTable table, long nowNs) {
        for (long low = 1; low <= 8; low++) {
            table.findOrAdd(0, low, nowNs);
        }
    }

    private static IpAddress address(Random random, int number) {
        return number % 2 == 0
                ? IpAddress.ofIpv4(number * 0x01010101)
                : new IpAddress(0x2001_0db8_0000_0000L + number % 8, number);
    }
}
