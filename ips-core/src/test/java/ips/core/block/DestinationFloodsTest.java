package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import ips.core.verdict.SomeSources;
import ips.core.verdict.SourceBits;
import ips.core.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DestinationFloodsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IpAddress VICTIM = IpAddress.parse("192.0.2.1");
    private static final IpAddress ELSEWHERE = IpAddress.parse("198.51.100.7");

    private final Counters counters = new Counters();
    private final DestinationFloods floods = floods(100);
    private final List<Verdict> verdicts = new ArrayList<>();
    private long frame;

    private DestinationFloods floods(int capacity) {
        return new DestinationFloods(
                List.of(
                        new DestinationThreshold(
                                Kind.SYN_FLOOD, Kind.SYN_FLOOD, 500, 50, Duration.ofSeconds(10)),
                        new DestinationThreshold(
                                Kind.SYNACK_FLOOD,
                                Kind.SYNACK_FLOOD,
                                100,
                                1,
                                Duration.ofSeconds(10))),
                capacity,
                counters);
    }

    private DestinationCount count(Kind kind, IpAddress victim, long second, long n, long sources) {
        return count(kind, victim, second, n, SomeSources.of(0, sources));
    }

    private DestinationCount count(
            Kind kind, IpAddress victim, long second, long n, SourceBits sources) {
        frame += n;
        return new DestinationCount(
                frame,
                second * SECOND,
                kind,
                victim,
                80,
                n,
                sources,
                sources.estimate() == 1 ? ELSEWHERE : null,
                second * SECOND - SECOND / 2,
                second * SECOND - 1,
                frame - n + 1,
                frame);
    }

    private void second(long second, DestinationCount... counts) {
        for (DestinationCount count : counts) {
            floods.add(count);
        }
        floods.tick(second * SECOND, verdicts::add);
    }

    @Test
    void addsUpWhatTheWorkersCounted() {
        second(
                1,
                count(Kind.SYN_FLOOD, VICTIM, 1, 300, SomeSources.of(0, 300)),
                count(Kind.SYN_FLOOD, VICTIM, 1, 299, SomeSources.of(500, 299)));

        Verdict verdict = verdicts.get(0);
        assertEquals(1, verdicts.size());
        assertNull(verdict.source());
        assertEquals(VICTIM, verdict.destination());
        assertEquals(80, verdict.port());
        assertEquals(Action.ALERT, verdict.action());
        assertEquals(599, verdict.count());
        assertEquals(1, verdict.firstFrame());
        assertEquals(599, verdict.lastFrame());
        assertEquals(512L, verdict.evidence().values().get("sources_at_least"));
    }

    @Test
    void addsUpSlicesWithinTheWindowOnly() {
        for (int second = 1; second <= 30; second++) {
            second(second, count(Kind.SYN_FLOOD, VICTIM, second, 49, 49 + second));
        }

        assertEquals(List.of(), verdicts);
    }

    @Test
    void staysSilentOnManyHalfOpensOfFewSources() {
        second(1, count(Kind.SYN_FLOOD, VICTIM, 1, 5_000, 49));

        assertEquals(List.of(), verdicts);
    }

    @Test
    void tellsAnOngoingFloodOnceASecondWithGrowingCountsAndItsFirstFrame() {
        for (int tenth = 1; tenth <= 50; tenth++) {
            frame++;
            floods.add(
                    new DestinationCount(
                            frame,
                            tenth * SECOND / 10,
                            Kind.SYN_FLOOD,
                            VICTIM,
                            80,
                            1000,
                            SomeSources.of(0, 1000),
                            null,
                            0,
                            tenth,
                            frame,
                            frame));
            floods.tick(tenth * SECOND / 10, verdicts::add);
        }
        floods.end(5 * SECOND + 1, verdicts::add);

        assertEquals(
                List.of(1000L, 11_000L, 21_000L, 31_000L, 41_000L, 50_000L),
                verdicts.stream().map(Verdict::count).collect(Collectors.toList()));
        assertTrue(verdicts.stream().allMatch(verdict -> verdict.firstFrame() == 1));
    }

    @Test
    void tellsANewFloodWhenTheOldOneHasPausedForAWindow() {
        second(1, count(Kind.SYN_FLOOD, VICTIM, 1, 1000, 1000));
        for (int second = 2; second < 60; second++) {
            second(second);
        }
        second(60, count(Kind.SYN_FLOOD, VICTIM, 60, 700, 700));

        assertEquals(
                List.of(1000L, 700L),
                verdicts.stream().map(Verdict::count).collect(Collectors.toList()));
        assertEquals(1001, verdicts.get(1).firstFrame());
    }

    @Test
    void namesTheSourceWhereItIsTheOnlyOne() {
        second(1, count(Kind.SYNACK_FLOOD, VICTIM, 1, 400, 1));

        assertEquals(ELSEWHERE, verdicts.get(0).source());
        assertEquals(Action.ALERT, verdicts.get(0).action());
    }

    @Test
    void namesNobodyOnceManyOthersHaveJoined() {
        second(1, count(Kind.SYNACK_FLOOD, VICTIM, 1, 400, 1));
        second(2, count(Kind.SYNACK_FLOOD, VICTIM, 2, 400, 2));
        second(3, count(Kind.SYNACK_FLOOD, VICTIM, 3, 400, 200));

        assertEquals(
                Arrays.asList(ELSEWHERE, ELSEWHERE, null),
                verdicts.stream().map(Verdict::source).toList());
    }

    @Test
    void doesNotShowInWhichOrderWorkersReport() {
        DestinationCount one = count(Kind.SYN_FLOOD, VICTIM, 1, 600, 600);
        DestinationCount other = count(Kind.SYN_FLOOD, ELSEWHERE, 1, 600, 600);
        second(1, one, other);
        List<Verdict> forward = List.copyOf(verdicts);
        verdicts.clear();
        DestinationFloods again = floods(100);
        again.add(other);
        again.add(one);
        again.tick(SECOND, verdicts::add);

        assertEquals(forward, verdicts);
    }

    @Test
    void forgetsTheDestinationNotCountedForLongestWhenFull() {
        DestinationFloods small = floods(2);
        for (int host = 0; host < 5; host++) {
            small.add(count(Kind.SYN_FLOOD, IpAddress.ofIpv4(0x0a000001 + host), 1, 600, 600));
        }
        small.tick(SECOND, verdicts::add);

        assertEquals(2, verdicts.size());
        assertEquals(3, counters.get(Counter.DESTINATION_FLOODS_EVICTED));
    }

    @Test
    void ignoresCountsOfKindsWithoutThreshold() {
        second(1, count(Kind.UDP_FLOOD, VICTIM, 1, 600_000, 600));

        assertEquals(List.of(), verdicts);
    }

    @Test
    void refusesTwoThresholdsForOneKind() {
        DestinationThreshold threshold =
                new DestinationThreshold(
                        Kind.SYN_FLOOD, Kind.SYN_FLOOD, 500, 50, Duration.ofSeconds(10));

        assertThrows(
                IllegalArgumentException.class,
                () -> new DestinationFloods(List.of(threshold, threshold), 1, counters));
    }
}
