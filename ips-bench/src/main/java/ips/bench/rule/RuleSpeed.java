package ips.bench.rule;

import ips.bench.flood.Flood;
import ips.core.rule.SignatureSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The same as {@link RulesPipelineBenchmark} for a machine that is not idle: engines with different
 * numbers of rules take turns over the same traffic in one process, and of each the best round
 * counts. Prints nanoseconds a frame, of them the worker's processor time, Gbit/s, and the ratio of
 * processor time to the first.
 *
 * <p>Run: {@code java -cp "ips-bench/target/ips-bench.jar:ips-bench/target/lib/*"
 * ips.bench.rule.RuleSpeed SYN_ONE_SOURCE,HTTP 0,10,1000,10000 [ROUNDS] [FLOOD_FRAMES]}; with
 * {@code LOAD} in place of the traffic: seconds and memory to load so many rules. The number -1
 * stands for the rules that ship with the sensor, from the root of the repository.
 */
public final class RuleSpeed {
    private RuleSpeed() {}

    public static void main(String[] arguments) {
        int[] counts = Arrays.stream(arguments[1].split(",")).mapToInt(Integer::parseInt).toArray();
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        int frames = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 500_000;
        if (arguments[0].equals("LOAD")) {
            Arrays.stream(counts).forEach(RuleSpeed::load);
            return;
        }
        for (String traffic : arguments[0].split(",")) {
            compare(RuleTraffic.valueOf(traffic), counts, rounds, frames);
        }
    }

    private static void load(int rules) {
        long before = used();
        long begin = System.nanoTime();
        SignatureSet set = GeneratedRules.set(rules, Flood.SEED);
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%d rules: %.2f s, %.1f MB of automata, %.1f MB of heap%n",
                set.size(), seconds, set.memoryBytes() / 1e6, (used() - before) / 1e6);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void compare(RuleTraffic traffic, int[] counts, int rounds, int frames) {
        List<ReplayedTraffic> engines = new ArrayList<>();
        for (int rules : counts) {
            engines.add(new ReplayedTraffic(traffic, frames, rules, 1));
        }
        long[] clock = new long[counts.length];
        long[] worker = new long[counts.length];
        Arrays.fill(clock, Long.MAX_VALUE);
        Arrays.fill(worker, Long.MAX_VALUE);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < counts.length; i++) {
                long workerBegin = engines.get(i).workerNs();
                long begin = System.nanoTime();
                engines.get(i).round();
                clock[i] = Math.min(clock[i], System.nanoTime() - begin);
                worker[i] = Math.min(worker[i], engines.get(i).workerNs() - workerBegin);
            }
        }
        for (int i = 0; i < counts.length; i++) {
            ReplayedTraffic each = engines.get(i);
            each.check();
            System.out.printf(
                    "%-14s %6d rules: %7.1f ns/frame, worker %7.1f (%5.1f %%), %6.2f M frames/s,"
                            + " %6.2f Gbit/s%n",
                    traffic,
                    counts[i],
                    (double) clock[i] / each.framesPerRound(),
                    (double) worker[i] / each.framesPerRound(),
                    100.0 * worker[0] / worker[i],
                    each.framesPerRound() * 1e3 / clock[i],
                    each.bytesPerRound() * 8.0 / clock[i]);
            each.close();
        }
    }
}
