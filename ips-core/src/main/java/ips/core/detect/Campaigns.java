package ips.core.detect;

import ips.core.ColdPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.flow.SourceTable;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;

/**
 * The campaigns of one kind that one worker's sources have under way: each is raised as it opens,
 * again once a second at most while it grows, and once more with its final count when it closes.
 *
 * <p>A campaign is opened by its detector, at the crossing of the threshold. It closes at a tick,
 * when the detector's {@link Judge} has said for a whole window that it does not go on; from then
 * on the source can cross the threshold anew.
 *
 * <p>Owned by one worker. {@value #CAPACITY} campaigns of 128 bytes; when all are in use, the one
 * quiet for longest is closed for the new one and counted as {@code CAMPAIGNS_EVICTED}; at most
 * {@value #EVICTIONS_PER_TICK} of them between two ticks, so that tens of thousands of offenders at
 * once, forged as a rule, do not have the worker do nothing else. Who comes later is not accused
 * now, counted as {@code CAMPAIGNS_WITHOUT_ROOM}, and tries again with its next packet. Each takes
 * one long in the source's record, which holds its number.
 *
 * <pre>
 *  +0 source, high | +1 low   | +2 record in SourceTable | +3 count | +4 count when last raised
 *  +5 first, ns | +6 first frame | +7 last, ns | +8 last frame | +9 last raised, ns
 *  +10 last judged to go on, ns  | +11 destination, high | +12 low | +13 port, or MANY
 *  +14 state: free, open, open with many destinations | +15 whether a ban is asked for
 * </pre>
 */
final class Campaigns {
    /** No campaign. */
    static final int NONE = 0;

    /** Campaigns of one kind that one worker can have open. */
    static final int CAPACITY = 1024;

    private static final int EVICTIONS_PER_TICK = 128;

    /** Pause between verdicts about one campaign. */
    static final long RAISE_PAUSE_NS = 1_000_000_000L;

    private static final int STRIDE = 16;
    private static final int LOW = 1;
    private static final int RECORD = 2;
    private static final int COUNT = 3;
    private static final int RAISED_COUNT = 4;
    private static final int FIRST_NS = 5;
    private static final int FIRST_FRAME = 6;
    private static final int LAST_NS = 7;
    private static final int LAST_FRAME = 8;
    private static final int RAISED_NS = 9;
    private static final int GOES_ON_NS = 10;
    private static final int DESTINATION_HIGH = 11;
    private static final int DESTINATION_LOW = 12;
    private static final int PORT = 13;
    private static final int STATE = 14;
    private static final int BAN = 15;

    private static final long MANY = -1;
    private static final int FREE = 0;
    private static final int ONE_DESTINATION = 1;
    private static final int MANY_DESTINATIONS = 2;

    /** What a detector knows about a campaign. */
    interface Judge {
        /**
         * Whether the attack goes on: what is counted is at least half the threshold (the
         * hysteresis). Asked at ticks.
         *
         * @param record the source's record
         */
        boolean goesOn(int record, long nowNs);

        /**
         * Thresholds and counts, for a verdict that is being raised.
         *
         * @param record the source's record, or {@link SourceTable#NONE} where it was evicted
         */
        Evidence evidence(int record, long nowNs);
    }

    private final SourceTable sources;
    private final VerdictSink verdicts;
    private final Counters counters;
    private final Kind kind;
    private final Action action;
    private final BanScope scope;
    private final long windowNs;
    private final Judge judge;
    private final int cell;
    private final long[] fields = new long[(CAPACITY + 1) * STRIDE];
    private final int[] free = new int[CAPACITY];
    private int freeCount;
    private int evictionsLeft = EVICTIONS_PER_TICK;

    /** Highest number ever used, so that ticks need not look further. */
    private int highest;

    /**
     * @param scope how wide a ban is asked for while the source is not proven; a proven one is
     *     asked to be banned in full. Null where its packets cannot be told from those of its
     *     connections: then an unproven source is alerted only
     * @param windowNs how long the judge must have said no for a campaign to close
     */
    Campaigns(
            DetectorContext context,
            Kind kind,
            Action action,
            BanScope scope,
            long windowNs,
            Judge judge) {
        this.sources = context.sources();
        this.verdicts = context.verdicts();
        this.counters = context.counters();
        this.kind = kind;
        this.action = action;
        this.scope = scope;
        this.windowNs = windowNs;
        this.judge = judge;
        this.cell = sources.claim(1);
        for (int number = CAPACITY; number > 0; number--) {
            free[freeCount++] = number;
        }
    }

    /** The campaign a source has under way, or {@link #NONE}. */
    int of(int record) {
        return record == SourceTable.NONE ? NONE : (int) sources.cells()[record + cell];
    }

    /**
     * Adds events to the source's campaign, or opens one if it has none and floods.
     *
     * @param tally where in the source's record the {@link Tally} is that counts such events, these
     *     included
     * @param flood whether they are enough for a campaign
     * @param amount how many, 1 or more
     * @param sentNs when the last of them happened
     * @param sentFrame in which frame
     * @param nowNs when they are judged
     */
    void note(
            int record,
            int tally,
            boolean flood,
            long amount,
            long destinationHigh,
            long destinationLow,
            int port,
            long sentNs,
            long sentFrame,
            long nowNs,
            long frame) {
        int campaign = of(record);
        if (campaign != NONE) {
            add(campaign, amount, destinationHigh, destinationLow, port, sentNs, sentFrame);
        } else if (flood) {
            long[] cells = sources.cells();
            int at = record + tally;
            open(
                    record,
                    Tally.total(cells, at),
                    Tally.firstNs(cells, at),
                    Tally.firstFrame(cells, at),
                    destinationHigh,
                    destinationLow,
                    port,
                    sentNs,
                    sentFrame,
                    nowNs,
                    frame);
        }
    }

    /**
     * Opens a campaign and raises its first verdict. The source must have none. Returns {@link
     * #NONE} where there is no room.
     *
     * @param count what was counted so far, from the first to this frame's
     * @param destinationHigh together with {@code destinationLow} 0 where destinations are many
     */
    int open(
            int record,
            long count,
            long firstNs,
            long firstFrame,
            long destinationHigh,
            long destinationLow,
            int port,
            long nowNs,
            long frame) {
        return open(
                record,
                count,
                firstNs,
                firstFrame,
                destinationHigh,
                destinationLow,
                port,
                nowNs,
                frame,
                nowNs,
                frame);
    }

    /** The same for an event that happened before it is judged, as {@link #note} has it. */
    int open(
            int record,
            long count,
            long firstNs,
            long firstFrame,
            long destinationHigh,
            long destinationLow,
            int port,
            long lastNs,
            long lastFrame,
            long nowNs,
            long frame) {
        if (freeCount == 0) {
            if (evictionsLeft == 0) {
                counters.increment(Counter.CAMPAIGNS_WITHOUT_ROOM);
                return NONE;
            }
            evictionsLeft--;
            evictQuietest(nowNs, frame);
        }
        int number = free[--freeCount];
        highest = Math.max(highest, number);
        int at = number * STRIDE;
        fields[at] = sources.high(record);
        fields[at + LOW] = sources.low(record);
        fields[at + RECORD] = record;
        fields[at + COUNT] = count;
        fields[at + FIRST_NS] = firstNs;
        fields[at + FIRST_FRAME] = firstFrame;
        fields[at + LAST_NS] = lastNs;
        fields[at + LAST_FRAME] = lastFrame;
        fields[at + GOES_ON_NS] = nowNs;
        fields[at + DESTINATION_HIGH] = destinationHigh;
        fields[at + DESTINATION_LOW] = destinationLow;
        fields[at + PORT] = port;
        fields[at + STATE] =
                (destinationHigh | destinationLow) == 0 ? MANY_DESTINATIONS : ONE_DESTINATION;
        fields[at + BAN] = action == Action.BAN ? 1 : 0;
        sources.cells()[record + cell] = number;
        sources.accuse(record);
        raise(number, record, nowNs, frame);
        return number;
    }

    /** Adds to a campaign what happened at {@code eventNs} in {@code frame}. */
    void add(
            int campaign,
            long amount,
            long destinationHigh,
            long destinationLow,
            int port,
            long eventNs,
            long frame) {
        int at = campaign * STRIDE;
        fields[at + COUNT] += amount;
        if (eventNs < fields[at + FIRST_NS]) {
            fields[at + FIRST_NS] = eventNs;
            fields[at + FIRST_FRAME] = frame;
        }
        fields[at + LAST_NS] = Math.max(fields[at + LAST_NS], eventNs);
        fields[at + LAST_FRAME] = Math.max(fields[at + LAST_FRAME], frame);
        if (fields[at + DESTINATION_LOW] != destinationLow
                || fields[at + DESTINATION_HIGH] != destinationHigh) {
            fields[at + STATE] = MANY_DESTINATIONS;
        }
        if (fields[at + PORT] != port) {
            fields[at + PORT] = MANY;
        }
    }

    /** Takes off what turned out harmless. */
    void takeBack(int campaign, long amount) {
        int at = campaign * STRIDE;
        fields[at + COUNT] = Math.max(0, fields[at + COUNT] - amount);
    }

    /** Asks for a ban from now on, and at once. */
    void escalate(int campaign, long nowNs, long frame) {
        int at = campaign * STRIDE;
        if (fields[at + BAN] == 0) {
            fields[at + BAN] = 1;
            raise(campaign, record(campaign), nowNs, frame);
        }
    }

    /** Raises what has grown, closes what is over, or of a time that is still to come. */
    void tick(long nowNs, long frame) {
        evictionsLeft = EVICTIONS_PER_TICK;
        for (int number = 1; number <= highest; number++) {
            int at = number * STRIDE;
            if (fields[at + STATE] == FREE) {
                continue;
            }
            int record = record(number);
            if (record != SourceTable.NONE && judge.goesOn(record, nowNs)) {
                fields[at + GOES_ON_NS] = nowNs;
            }
            if (nowNs < fields[at + RAISED_NS]) {
                close(number, record); // the clock was set back: it begins anew by the new time
                continue;
            }
            boolean over = nowNs - fields[at + GOES_ON_NS] >= windowNs;
            if (over || nowNs - fields[at + RAISED_NS] >= RAISE_PAUSE_NS) {
                raiseIfGrown(number, record, nowNs, frame);
            }
            if (over) {
                close(number, record);
            }
        }
    }

    /** Raises everything that has grown since it was raised. */
    void end(long nowNs, long frame) {
        for (int number = 1; number <= highest; number++) {
            if (fields[number * STRIDE + STATE] != FREE) {
                raiseIfGrown(number, record(number), nowNs, frame);
            }
        }
    }

    /** The source's record, if it still has one and it knows of this campaign. */
    private int record(int campaign) {
        int at = campaign * STRIDE;
        int record = (int) fields[at + RECORD];
        long high = fields[at];
        long low = fields[at + LOW];
        if (sources.high(record) != high || sources.low(record) != low) {
            record = sources.find(high, low);
        }
        boolean known = record != SourceTable.NONE && of(record) == campaign;
        return known ? record : SourceTable.NONE;
    }

    private void evictQuietest(long nowNs, long frame) {
        int quietest = 1;
        for (int number = 2; number <= highest; number++) {
            if (fields[number * STRIDE + LAST_NS] < fields[quietest * STRIDE + LAST_NS]) {
                quietest = number;
            }
        }
        counters.increment(Counter.CAMPAIGNS_EVICTED);
        int record = record(quietest);
        raiseIfGrown(quietest, record, nowNs, frame);
        close(quietest, record);
    }

    private void close(int campaign, int record) {
        fields[campaign * STRIDE + STATE] = FREE;
        free[freeCount++] = campaign;
        if (record != SourceTable.NONE) {
            sources.cells()[record + cell] = NONE;
        }
    }

    private void raiseIfGrown(int campaign, int record, long nowNs, long frame) {
        int at = campaign * STRIDE;
        if (fields[at + COUNT] > fields[at + RAISED_COUNT]) {
            raise(campaign, record, nowNs, frame);
        }
    }

    @ColdPath
    private void raise(int campaign, int record, long nowNs, long frame) {
        int at = campaign * STRIDE;
        fields[at + RAISED_COUNT] = fields[at + COUNT];
        fields[at + RAISED_NS] = nowNs;
        boolean proven = record != SourceTable.NONE && sources.isProven(record, nowNs);
        boolean ban = fields[at + BAN] != 0 && (proven || scope != null);
        verdicts.raise(
                new Verdict(
                        frame,
                        nowNs,
                        kind,
                        ban ? Action.BAN : Action.ALERT,
                        proven || scope == null ? BanScope.ALL : scope,
                        new IpAddress(fields[at], fields[at + LOW]),
                        fields[at + STATE] == ONE_DESTINATION
                                ? new IpAddress(
                                        fields[at + DESTINATION_HIGH], fields[at + DESTINATION_LOW])
                                : null,
                        (int) Math.max(0, fields[at + PORT]),
                        fields[at + COUNT],
                        fields[at + FIRST_NS],
                        fields[at + LAST_NS],
                        fields[at + FIRST_FRAME],
                        fields[at + LAST_FRAME],
                        judge.evidence(record, nowNs)));
    }
}
