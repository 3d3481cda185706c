package ips.bench.block;

import ips.core.block.Ban;
import ips.core.block.nft.NftConfig;
import ips.core.block.nft.NftablesEnforcer;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many bans a second the kernel takes in batches, into sets that hold many already, and how
 * long one ban takes alone. As root, in a namespace of its own, after {@code ./mvnw -DskipTests
 * package}:
 *
 * <pre>ip netns add bench; ip netns exec bench java -cp 'ips-bench/target/*:ips-cli/target/lib/*' \
 *     ips.bench.block.NftablesSpeed 1000 100000; ip netns del bench</pre>
 */
public final class NftablesSpeed {
    private static final int BATCH = 5000;
    private static final int BATCHES = 4;
    private static final int SINGLE = 50;

    private NftablesSpeed() {}

    private static List<Ban> bans(int from, int count) {
        long nowNs = System.currentTimeMillis() * 1_000_000;
        List<Ban> bans = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            Cidr address = Cidr.of(IpAddress.ofIpv4(0x14000000 + i));
            long untilNs = nowNs + Duration.ofHours(1).toNanos();
            bans.add(new Ban(address, BanScope.ALL, null, "bench", nowNs, untilNs, 0));
        }
        return bans;
    }

    private static double add(NftablesEnforcer enforcer, int from, int count)
            throws InterruptedException {
        List<Ban> bans = bans(from, count);
        long begin = System.nanoTime();
        enforcer.enforce(bans);
        while (!enforcer.isEnforced(bans.get(count - 1))) {
            Thread.sleep(0, 200_000);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Sizes of the set before each measurement, ascending. */
    public static void main(String[] arguments) throws InterruptedException {
        int largest = Integer.parseInt(arguments[arguments.length - 1]);
        NftablesEnforcer enforcer =
                new NftablesEnforcer(NftConfig.DEFAULTS, largest + 100_000, System.err::println);
        int have = 0;
        for (String argument : arguments) {
            int size = Integer.parseInt(argument);
            double filled = add(enforcer, have, size - have);
            System.out.printf(
                    "filled from %,d to %,d: %,.0f bans/s%n", have, size, (size - have) / filled);
            have = size;
            List<String> batches = new ArrayList<>();
            for (int i = 0; i < BATCHES; i++) {
                batches.add("%,.0f".formatted(BATCH / add(enforcer, have, BATCH)));
                have += BATCH;
            }
            List<Double> alone = new ArrayList<>();
            for (int i = 0; i < SINGLE; i++) {
                alone.add(add(enforcer, have++, 1) * 1e3);
            }
            alone.sort(null);
            System.out.printf(
                    "set of %,d: batches of %,d at %s bans/s; one alone p50 %.1f ms, p99 %.1f ms%n",
                    size,
                    BATCH,
                    String.join(", ", batches),
                    alone.get(SINGLE / 2),
                    alone.get(SINGLE * 99 / 100));
        }
        enforcer.close();
    }
}
