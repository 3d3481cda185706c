package ips.core.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import ips.core.verdict.SourceBits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DestinationTableTest {
    private static final long MS = 1_000_000L;
    private static final long START = 1_700_000_000_000L * MS;

    private final Counters counters = new Counters();
    private final DestinationTable table = new DestinationTable(64, 8, counters);
    private final int syn = table.register(Kind.SYN_FLOOD);
    private final List<Report> reports = new ArrayList<>();

    @Test
    void reportsWhatWasCountedWithinASlice() {
        for (int i = 0; i < 10; i++) {
            table.count(syn, 1, 2, 80, 5, 1, START + i * MS, 100 + i);
        }

        table.tick(START + 200 * MS, 110, reports::add);

        IpAddress destination = new IpAddress(1, 2);
        IpAddress source = new IpAddress(5, 1);
        SourceBits sources = first().sources();
        assertEquals(1, sources.estimate());
        assertEquals(
                List.of(
                        new DestinationCount(
                                110,
                                START + 200 * MS,
                                Kind.SYN_FLOOD,
                                destination,
                                80,
                                10,
                                sources,
                                source,
                                START,
                                START + 9 * MS,
                                100,
                                109)),
                reports);
    }

    @Test
    void firstAndLastAreThoseOfFramesInWhateverOrderTheyAreCounted() {
        for (int frame : new int[] {500, 501, 3, 4, 502, 5, 6, 7}) {
            table.count(syn, 1, 2, 80, 5, frame, START + frame, frame);
        }

        table.tick(START + 200 * MS, 510, reports::add);

        assertEquals(3, first().firstFrame());
        assertEquals(502, first().lastFrame());
        assertEquals(START + 3, first().firstNs());
        assertEquals(START + 502, first().lastNs());
    }

    @Test
    void namesNoPortAndNoSourceWhereThereAreSeveral() {
        for (int i = 0; i < 10; i++) {
            table.count(syn, 1, 2, i == 5 ? 443 : 80, 5, i == 7 ? 2 : 1, START, 1);
        }
        table.tick(START + 200 * MS, 1, reports::add);
        count(10, 2, START + 300 * MS, 1);
        table.tick(START + 400 * MS, 2, reports::add);

        assertEquals(0, first().port());
        assertNull(first().onlySource());
        assertEquals(2, first().sources().estimate());
        DestinationCount second = (DestinationCount) reports.get(1);
        assertEquals(80, second.port());
        assertEquals(new IpAddress(5, 0), second.onlySource());
    }

    @Test
    void sharesOfSeveralWorkersUniteToWhatOneWouldHaveCounted() {
        DestinationTable all = new DestinationTable(64, 1, counters);
        DestinationTable even = new DestinationTable(64, 1, counters);
        DestinationTable odd = new DestinationTable(64, 1, counters);
        int kind = all.register(Kind.UDP_FLOOD);
        even.register(Kind.UDP_FLOOD);
        odd.register(Kind.UDP_FLOOD);
        for (int source = 0; source < 700; source++) {
            all.count(kind, 1, 2, 53, 5, source, START, source);
            DestinationTable own = source % 2 == 0 ? even : odd;
            own.count(kind, 1, 2, 53, 5, source, START, source);
        }

        all.end(START, 700, reports::add);
        even.end(START, 700, reports::add);
        odd.end(START, 700, reports::add);

        List<SourceBits> bits =
                reports.stream().map(report -> ((DestinationCount) report).sources()).toList();
        assertEquals(bits.get(0), bits.get(1).with(bits.get(2)));
    }

    @Test
    void slicesEndEverySecondTickWhateverTickComesFirst() {
        table.tick(START + 100 * MS, 1, reports::add);
        count(20, 2, START + 110 * MS);
        table.tick(START + 200 * MS, 1, reports::add);
        count(20, 2, START + 210 * MS);
        table.tick(START + 300 * MS, 1, reports::add);
        table.tick(START + 400 * MS, 1, reports::add);

        assertEquals(List.of(20L, 20L), counts());
    }

    @Test
    void ordinaryTrafficIsNotReported() {
        for (int i = 0; i < 100; i++) {
            count(1, 2, START + i * 200 * MS);
            table.tick(START + (i + 1) * 200 * MS, i, reports::add);
        }

        assertEquals(List.of(), reports);
    }

    @Test
    void smallCountsAddUpOverSlices() {
        for (int i = 0; i < 4; i++) {
            count(2, 2, START + i * 200 * MS);
            table.tick(START + (i + 1) * 200 * MS, i, reports::add);
        }

        assertEquals(List.of(8L), counts());
        assertEquals(START, first().firstNs());
    }

    @Test
    void theTailOfAFloodIsReportedInFull() {
        count(20, 2, START);
        table.tick(START + 200 * MS, 1, reports::add);
        count(3, 2, START + 300 * MS);
        table.tick(START + 400 * MS, 1, reports::add);
        table.tick(START + 600 * MS, 1, reports::add);

        assertEquals(List.of(20L, 3L), counts());
    }

    @Test
    void kindsAreCountedApart() {
        int udp = table.register(Kind.UDP_FLOOD);
        for (int i = 0; i < 8; i++) {
            table.count(udp, 1, 2, 53, 5, 5, START, 1);
        }
        count(8, 2, START);

        table.tick(START + 200 * MS, 1, reports::add);

        assertEquals(syn, table.register(Kind.SYN_FLOOD));
        assertEquals(List.of(8L, 8L), counts());
    }

    @Test
    void estimatesDistinctSources() {
        Random random = new Random(3);
        for (int i = 0; i < 5000; i++) {
            table.count(syn, 1, 2, 80, 0, 0xffff_0000_0000L | random.nextInt(1000), START, i);
        }

        table.tick(START + 200 * MS, 1, reports::add);

        assertEquals(1000, first().sources().estimate(), 100);
    }

    @Test
    void manySourcesAreManyThoughTheBitmapIsFull() {
        for (int i = 0; i < 100_000; i++) {
            table.count(syn, 1, 2, 80, 0, i, START, i);
        }

        table.tick(START + 200 * MS, 1, reports::add);

        assertTrue(first().sources().estimate() > 5000, first().sources().toString());
    }

    @Test
    void theSmallestCountMakesWayWhenFull() {
        count(100, 2, START);

        for (int i = 0; i < 1000; i++) {
            count(1, 1000 + i, START + i);
        }
        table.tick(START + 200 * MS, 1, reports::add);

        assertEquals(List.of(100L), counts());
        assertTrue(counters.get(Counter.DESTINATIONS_EVICTED) > 900);
    }

    @Test
    void sumsAreExactWhileDestinationsFit() {
        DestinationTable all = new DestinationTable(1024, 1, counters);
        int kind = all.register(Kind.UDP_FLOOD);
        Map<IpAddress, Long> model = new HashMap<>();
        Map<IpAddress, Long> reported = new HashMap<>();
        Random random = new Random(4);

        for (int i = 1; i <= 50_000; i++) {
            long now = START + i * MS / 10;
            IpAddress destination = new IpAddress(random.nextInt(2), random.nextInt(60));
            all.count(kind, destination.high(), destination.low(), 1, 0, i, now, i);
            model.merge(destination, 1L, Long::sum);
            if (i % 1000 == 0) {
                all.tick(now, i, report -> add(reported, (DestinationCount) report));
            }
        }
        all.end(START, 0, report -> add(reported, (DestinationCount) report));

        assertEquals(model, reported);
    }

    private static void add(Map<IpAddress, Long> sums, DestinationCount count) {
        sums.merge(count.destination(), count.count(), Long::sum);
    }

    private void count(int times, long low, long nowNs) {
        count(times, low, nowNs, times);
    }

    private void count(int times, long low, long nowNs, int sources) {
        for (int i = 0; i < times; i++) {
            table.count(syn, 1, low, 80, 5, i % sources, nowNs, 1);
        }
    }

    private List<Long> counts() {
        return reports.stream().map(report -> ((DestinationCount) report).count()).toList();
    }

    private DestinationCount first() {
        return (DestinationCount) reports.get(0);
    }
}
