package ips.core.block;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.DestinationCount;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.SourceBits;
import ips.core.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Floods of many sources against one destination: adds up what all workers counted against it and
 * alarms when a {@link DestinationThreshold} is crossed. Nobody is named as the offender and nobody
 * is to be banned, for the sources are mostly forged; only where all came from one address is it
 * named, and that one too is only alerted.
 *
 * <p>A flood is reported when it begins, once a second at most while it grows, and once more when
 * it has stayed under half the threshold for a whole window; from then on it can be told anew.
 *
 * <p>Used by the block manager's thread only, fed in frame order. Bounded by {@code capacity}
 * destinations, each a slice per tick of its window at most (some 5 KB at 100 slices); when full,
 * the one not counted for longest is forgotten, as {@code DESTINATION_FLOODS_EVICTED}.
 */
public final class DestinationFloods {
    /** Destinations attacked at once; each costs some kilobytes while it is. */
    public static final int DEFAULT_CAPACITY = 4096;

    /** Pause between verdicts about one flood. */
    private static final long RAISE_PAUSE_NS = Duration.ofSeconds(1).toNanos();

    /** Estimates of distinct sources in one slice are good up to some such number. */
    private static final long TELLABLE_SOURCES = 1024;

    /** A stray packet of others leaves the one source named; more others than that do not. */
    private static final long NAMED_SOURCES = 8;

    private record Key(Kind counted, IpAddress destination) {}

    /** All workers' counts of one slice of time. */
    private static final class Slice {
        final long endNs;
        long count;
        long sources;
        long firstNs = Long.MAX_VALUE;
        long firstFrame = Long.MAX_VALUE;

        Slice(long endNs) {
            this.endNs = endNs;
        }
    }

    private static final class Tracked {
        final DestinationThreshold threshold;
        final IpAddress destination;
        final long windowNs;
        final Deque<Slice> slices = new ArrayDeque<>();

        /** All workers' sources of the last slice. */
        SourceBits sources;

        /** The only source so far, or null where there are several. */
        IpAddress onlySource;

        int port;
        long frame;
        long timestampNs;
        long lastNs;
        long lastFrame;

        boolean open;
        IpAddress named;
        long count;
        long raisedCount;
        long firstNs;
        long firstFrame;
        long raisedNs;
        long goesOnNs;
        long mostSources;

        Tracked(DestinationThreshold threshold, DestinationCount first) {
            this.threshold = threshold;
            this.destination = first.destination();
            this.windowNs = threshold.window().toNanos();
            this.onlySource = first.onlySource();
            this.port = first.port();
        }

        void add(DestinationCount report) {
            if (slices.isEmpty() || slices.getLast().endNs < report.sliceEndNs()) {
                slices.addLast(new Slice(report.sliceEndNs()));
                sources = report.sources();
            } else {
                sources = sources.with(report.sources());
            }
            Slice slice = slices.getLast();
            slice.count += report.count();
            slice.sources = Math.min(slice.count, sources.estimate());
            slice.firstNs = Math.min(slice.firstNs, report.firstNs());
            slice.firstFrame = Math.min(slice.firstFrame, report.firstFrame());
            if (onlySource != null && !onlySource.equals(report.onlySource())) {
                onlySource = null;
            }
            if (report.port() != port) {
                port = 0;
            }
            frame = Math.max(frame, report.frame());
            timestampNs = Math.max(timestampNs, report.sliceEndNs());
            lastNs = Math.max(lastNs, report.lastNs());
            lastFrame = Math.max(lastFrame, report.lastFrame());
            if (open) {
                count += report.count();
                firstNs = Math.min(firstNs, report.firstNs());
                firstFrame = Math.min(firstFrame, report.firstFrame());
            }
        }

        long countInWindow() {
            return slices.stream().mapToLong(slice -> slice.count).sum();
        }

        /**
         * Distinct sources within the window, at least: the most that took part in one slice. Which
         * sources of one slice came back in the next is not known. An estimate; so evidence shows
         * it as a power of two.
         */
        long sourcesInWindow() {
            return slices.stream().mapToLong(slice -> slice.sources).max().orElse(0);
        }

        void forgetBefore(long ns) {
            while (!slices.isEmpty() && slices.getFirst().endNs <= ns) {
                slices.removeFirst();
            }
        }

        void open(long countInWindow) {
            open = true;
            named = onlySource;
            count = countInWindow;
            raisedCount = 0;
            firstNs = slices.stream().mapToLong(slice -> slice.firstNs).min().orElse(timestampNs);
            firstFrame =
                    slices.stream().mapToLong(slice -> slice.firstFrame).min().orElse(lastFrame);
            mostSources = 0;
        }

        Verdict verdict(long countInWindow) {
            return new Verdict(
                    frame,
                    timestampNs,
                    threshold.raised(),
                    Action.ALERT,
                    BanScope.ALL,
                    named,
                    destination,
                    port,
                    count,
                    firstNs,
                    lastNs,
                    firstFrame,
                    lastFrame,
                    Evidence.of(
                            "counted", threshold.counted().word(),
                            "threshold", threshold.count(),
                            "window_ms", threshold.window().toMillis(),
                            "in_window", countInWindow,
                            "sources_at_least",
                                    Long.highestOneBit(Math.min(mostSources, TELLABLE_SOURCES))));
        }
    }

    private final Map<Kind, DestinationThreshold> thresholds = new HashMap<>();
    private final LinkedHashMap<Key, Tracked> tracked = new LinkedHashMap<>(16, 0.75f, true);
    private final int capacity;
    private final Counters counters;

    /**
     * @param thresholds one per kind counted; counts of other kinds are ignored
     */
    public DestinationFloods(
            List<DestinationThreshold> thresholds, int capacity, Counters counters) {
        for (DestinationThreshold threshold : thresholds) {
            if (this.thresholds.put(threshold.counted(), threshold) != null) {
                throw new IllegalArgumentException(
                        threshold.counted() + ": more than one threshold per destination");
            }
        }
        this.capacity = capacity;
        this.counters = counters;
    }

    /** Takes one worker's count of one slice. */
    public void add(DestinationCount report) {
        DestinationThreshold threshold = thresholds.get(report.kind());
        if (threshold == null) {
            return;
        }
        Key key = new Key(report.kind(), report.destination());
        Tracked entry = tracked.get(key);
        if (entry == null) {
            if (tracked.size() >= capacity) {
                Iterator<Tracked> coldest = tracked.values().iterator();
                coldest.next();
                coldest.remove();
                counters.increment(Counter.DESTINATION_FLOODS_EVICTED);
            }
            entry = new Tracked(threshold, report);
            tracked.put(key, entry);
        }
        entry.add(report);
    }

    /**
     * Judges what was counted, after all reports up to {@code nowNs} were added.
     *
     * @param nowNs frame time
     * @param verdicts takes the verdicts, in the order of their kinds and destinations
     */
    public void tick(long nowNs, Consumer<Verdict> verdicts) {
        judgeAll(nowNs, false).forEach(verdicts);
    }

    /** Tells everything that has grown since it was last told; there will be no more counts. */
    public void end(long nowNs, Consumer<Verdict> verdicts) {
        judgeAll(nowNs, true).forEach(verdicts);
    }

    /** Forgets everything: the clock was set. */
    void forget() {
        tracked.clear();
    }

    /** Sorted, because the order in which workers' counts arrive must not be seen. */
    private List<Verdict> judgeAll(long nowNs, boolean last) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Iterator<Tracked> all = tracked.values().iterator(); all.hasNext(); ) {
            Tracked entry = all.next();
            entry.forgetBefore(nowNs - entry.windowNs);
            judge(entry, nowNs, last, verdicts);
            if (!entry.open && entry.slices.isEmpty()) {
                all.remove();
            }
        }
        verdicts.sort(
                Comparator.comparing(Verdict::kind)
                        .thenComparing(Verdict::destination)
                        .thenComparing(Verdict::count));
        return verdicts;
    }

    private static void judge(Tracked entry, long nowNs, boolean last, List<Verdict> verdicts) {
        long count = entry.countInWindow();
        long sources = entry.sourcesInWindow();
        boolean crossed = count >= entry.threshold.count() && sources >= entry.threshold.sources();
        if (!entry.open && !crossed) {
            return;
        }
        boolean opens = !entry.open;
        if (opens) {
            entry.open(count);
        }
        if (opens || 2 * count >= entry.threshold.count()) {
            entry.goesOnNs = nowNs;
        }
        entry.mostSources = Math.max(entry.mostSources, sources);
        if (entry.mostSources > NAMED_SOURCES) {
            entry.named = null;
        }
        boolean over = nowNs - entry.goesOnNs >= entry.windowNs;
        boolean due = opens || over || last || nowNs - entry.raisedNs >= RAISE_PAUSE_NS;
        if (due && entry.count > entry.raisedCount) {
            entry.raisedCount = entry.count;
            entry.raisedNs = nowNs;
            verdicts.add(entry.verdict(count));
        }
        if (over) {
            entry.open = false;
        }
    }
}
