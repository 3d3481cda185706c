package ips.core.flow;

import ips.core.Setting;
import java.time.Duration;

/**
 * Sizes of the tables, in total over all workers, and the times connections are judged by. Sizes
 * are rounded up to powers of two per worker.
 */
public record TableConfig(
        @Setting("source addresses with a record of their own, 1024 to 16777216") int sources,
        @Setting("connections, UDP exchanges and pings tracked at once, 1024 to 16777216")
                int connections,
        @Setting("attempts awaiting an answer at once, 1024 to 16777216") int attempts,
        @Setting("destinations with flood counters, 64 to 1048576") int destinations,
        @Setting("time an attempt may go unanswered, 100ms to 10s") Duration grace,
        @Setting("whether connections whose beginning was not seen are followed")
                boolean midstream) {
    public static final TableConfig DEFAULTS =
            new TableConfig(65_536, 131_072, 65_536, 4_096, Duration.ofMillis(500), true);

    public TableConfig {
        within("sources", sources, 1024, 1 << 24);
        within("connections", connections, 1024, 1 << 24);
        within("attempts", attempts, 1024, 1 << 24);
        within("destinations", destinations, 64, 1 << 20);
        if (grace.compareTo(Duration.ofMillis(100)) < 0
                || grace.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("grace: " + grace + " is not within 100ms to 10s");
        }
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + ": " + value + " is not within " + least + " to " + most);
        }
    }

    /** A worker's share of a table's size, a power of two. */
    public static int share(int total, int workers) {
        int share = Math.max(8, (total + workers - 1) / workers);
        return Integer.highestOneBit(share - 1) << 1;
    }
}
