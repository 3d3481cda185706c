package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.ConnectionTable;
import ips.core.flow.SourceTable;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Raises a verdict on a source that holds many connections open by not finishing its requests
 * (slowloris, slow POST).
 *
 * <p>Counts connections whose client began a head a while ago and has not ended it: no browser, no
 * long poll and no WebSocket is ever long in a head, idle connections have begun none. Bodies that
 * hardly move are counted by themselves and told, but ban nobody: some programs use the body of one
 * endless request as a channel. What the server answers to, what lost bytes, and what its client
 * has left alone for a minute does not count.
 *
 * <p>Owned by one worker. 12 bytes a stream, a bit each, and {@value #MOST_SOURCES} sources at a
 * time with slow requests, 16 bytes each; looked through once a second of frame time.
 */
final class SlowRequests {
    /** Settings. */
    public record Config(
            @Setting(
                            "connections of one source held open by unfinished requests that make an attack, 10 or more; 0 for never")
                    int threshold,
            @Setting("how long a head may take before it counts, 2s to 10m") Duration head,
            @Setting(
                            "how long a body may take before it counts if it hardly moves, below 50 bytes/s; 10s to 1h")
                    Duration body) {
        public static final Config DEFAULTS =
                new Config(50, Duration.ofSeconds(10), Duration.ofSeconds(30));

        public Config {
            Settings.inRange(
                    threshold == 0 || threshold >= 10,
                    "threshold",
                    threshold,
                    "10 or more; 0 for never");
            Settings.within("head", head, Duration.ofSeconds(2), Duration.ofMinutes(10));
            Settings.within("body", body, Duration.ofSeconds(10), Duration.ofHours(1));
        }
    }

    static final int MOST_SOURCES = 4096;

    /** What a stream's client has begun and not ended. */
    static final int NOTHING = 0;

    static final int HEAD = 1;
    static final int BODY = 2;

    private static final int SLOTS = 2 * MOST_SOURCES;
    private static final long SECOND_NS = 1_000_000_000L;

    /** Bytes a second below which a body hardly moves. */
    private static final int SLOWEST_BODY = 50;

    /** A client silent for longer has left, and its server closes the connection or has done so. */
    private static final int LONGEST_SILENCE_S = 60;

    private static final int MOST_BYTES = 1 << 30;

    private final ConnectionTable connections;
    private final SourceTable sources;
    private final VerdictSink verdicts;
    private final IntUnaryOperator connectionOf;
    private final int threshold;
    private final int headSeconds;
    private final int bodySeconds;

    /** A bit for each stream whose client has begun a request and not ended it. */
    private final long[] open;

    // Of those streams: seconds of frame time, and bytes since the request began.
    private final int[] began;
    private final int[] last;
    private final int[] bytes;
    private int second;

    // The sources of slow requests, by hash: the first one's connection + 1, and how many.
    private final int[] firstOf = new int[SLOTS];
    private final int[] heads = new int[SLOTS];
    private final int[] bodies = new int[SLOTS];
    private final int[] oldest = new int[SLOTS];

    /**
     * @param streams streams are numbered from 0 to this, exclusive
     * @param connectionOf the connection of a stream
     */
    SlowRequests(
            Config config, DetectorContext context, int streams, IntUnaryOperator connectionOf) {
        connections = context.connections();
        sources = context.sources();
        verdicts = context.verdicts();
        this.connectionOf = connectionOf;
        threshold = config.threshold() == 0 ? Integer.MAX_VALUE : config.threshold();
        headSeconds = (int) config.head().toSeconds();
        bodySeconds = (int) config.body().toSeconds();
        open = new long[(streams + 63) / 64];
        began = new int[streams];
        last = new int[streams];
        bytes = new int[streams];
    }

    private boolean isOpen(int stream) {
        return (open[stream >> 6] & 1L << stream) != 0;
    }

    /** Frame time as a segment has it: there need not have been a tick yet. */
    void segment(long nowNs) {
        if (second == 0) {
            second = (int) (nowNs / SECOND_NS);
        }
    }

    /** Forgets what a stream's client has begun. */
    void forget(int stream) {
        open[stream >> 6] &= ~(1L << stream);
    }

    /**
     * Bytes of a client were read.
     *
     * @param isUnfinished whether it has begun a request and not ended it
     * @param isAnother whether that is another than was in hand before them
     */
    void fromClient(int stream, int length, boolean isUnfinished, boolean isAnother) {
        if (!isUnfinished) {
            forget(stream);
            return;
        }
        if (isAnother || !isOpen(stream)) {
            open[stream >> 6] |= 1L << stream;
            began[stream] = second;
            bytes[stream] = 0;
        }
        last[stream] = second;
        bytes[stream] = Math.min(MOST_BYTES, bytes[stream] + length);
    }

    /** A server that speaks does not wait. */
    void fromServer(int stream) {
        if (isOpen(stream)) {
            began[stream] = second;
            bytes[stream] = 0;
        }
    }

    /**
     * Frame time went on.
     *
     * @param unfinished what a stream's client has begun and not ended
     */
    void tick(long nowNs, long frame, IntUnaryOperator unfinished) {
        int now = (int) (nowNs / SECOND_NS);
        if (now == second) {
            return;
        }
        if (now < second) {
            beginAnew(now);
        }
        second = now;
        if (countSlow(unfinished) >= threshold) {
            count(unfinished, nowNs, frame);
        }
    }

    /** The clock was set back: what is unfinished begins now. */
    private void beginAnew(int now) {
        Arrays.fill(began, now);
        Arrays.fill(last, now);
        Arrays.fill(bytes, 0);
    }

    /** How many requests of all sources are slow. */
    private int countSlow(IntUnaryOperator unfinished) {
        int slow = 0;
        for (int word = 0; word < open.length; word++) {
            for (long rest = open[word]; rest != 0; rest &= rest - 1) {
                int stream = word << 6 | Long.numberOfTrailingZeros(rest);
                slow += slow(stream, unfinished) == NOTHING ? 0 : 1;
            }
        }
        return slow;
    }

    private int slow(int stream, IntUnaryOperator unfinished) {
        int age = second - began[stream];
        if (age < headSeconds || second - last[stream] > LONGEST_SILENCE_S) {
            return NOTHING;
        }
        int what = unfinished.applyAsInt(stream);
        boolean moves = what == BODY && bytes[stream] > (long) age * SLOWEST_BODY;
        return moves || what == BODY && age < bodySeconds ? NOTHING : what;
    }

    private void count(IntUnaryOperator unfinished, long nowNs, long frame) {
        int known = 0;
        for (int word = 0; word < open.length; word++) {
            for (long rest = open[word]; rest != 0; rest &= rest - 1) {
                int stream = word << 6 | Long.numberOfTrailingZeros(rest);
                int what = slow(stream, unfinished);
                if (what == NOTHING) {
                    continue;
                }
                int slot = slot(connectionOf.applyAsInt(stream), known < MOST_SOURCES);
                if (slot >= 0) {
                    known += heads[slot] + bodies[slot] == 0 ? 1 : 0;
                    heads[slot] += what == HEAD ? 1 : 0;
                    bodies[slot] += what == BODY ? 1 : 0;
                    oldest[slot] = Math.max(oldest[slot], second - began[stream]);
                }
            }
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            if (heads[slot] >= threshold) {
                raise(slot, "unfinished heads", heads[slot], headSeconds, nowNs, frame);
            } else if (bodies[slot] >= threshold) {
                raise(slot, "slow bodies", bodies[slot], bodySeconds, nowNs, frame);
            }
        }
        Arrays.fill(firstOf, 0);
        Arrays.fill(heads, 0);
        Arrays.fill(bodies, 0);
        Arrays.fill(oldest, 0);
    }

    /** Where the client of a connection is counted, or -1 where there is no room for one more. */
    private int slot(int connection, boolean hasRoom) {
        long high = connections.clientHigh(connection);
        long low = connections.clientLow(connection);
        int slot = (int) ProbeTable.mix(high, low) & SLOTS - 1;
        while (firstOf[slot] != 0) {
            int first = firstOf[slot] - 1;
            if (connections.clientLow(first) == low && connections.clientHigh(first) == high) {
                return slot;
            }
            slot = slot + 1 & SLOTS - 1;
        }
        if (!hasRoom) {
            return -1;
        }
        firstOf[slot] = connection + 1;
        return slot;
    }

    @ColdPath
    private void raise(
            int slot, String counted, int count, int leastSeconds, long nowNs, long frame) {
        int connection = firstOf[slot] - 1;
        long high = connections.clientHigh(connection);
        long low = connections.clientLow(connection);
        boolean proven =
                connections.isProven(connection)
                        || sources.isProven(sources.find(high, low), nowNs);
        boolean ban = proven && heads[slot] >= threshold;
        verdicts.raise(
                new Verdict(
                        frame,
                        nowNs,
                        Kind.SLOW_HTTP,
                        ban ? Action.BAN : Action.ALERT,
                        BanScope.ALL,
                        new IpAddress(high, low),
                        new IpAddress(
                                connections.serverHigh(connection),
                                connections.serverLow(connection)),
                        connections.serverPort(connection),
                        count,
                        nowNs - oldest[slot] * SECOND_NS,
                        nowNs,
                        Math.min(frame, connections.firstFrame(connection)),
                        frame,
                        Evidence.of(
                                "counted",
                                counted,
                                "connections",
                                count,
                                "threshold",
                                threshold,
                                "for_at_least_s",
                                leastSeconds,
                                "oldest_s",
                                oldest[slot])));
    }
}
