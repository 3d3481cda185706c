package ips.core.rule;

import ips.core.match.PatternCompiler;
import ips.core.match.PatternSet;
import ips.core.rule.keyword.FastPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fast patterns of signatures for one buffer: which of them may match at all. Those that have
 * to lie near the buffer's beginning are kept apart, for they are looked for there alone.
 * Immutable.
 */
final class Prefilter {
    /** Patterns that are looked for in the same bytes. */
    static final class Part {
        final PatternSet patterns;

        /** Bytes of the longest pattern. */
        final int longest;

        private final int[][] owners;

        private Part(PatternSet patterns, int[][] owners) {
            this.patterns = patterns;
            this.owners = owners;
            int most = 0;
            for (int i = 0; i < patterns.size(); i++) {
                most = Math.max(most, patterns.pattern(i).length);
            }
            longest = most;
        }

        /** The signatures of a pattern, by their order. */
        int[] owners(int pattern) {
            return owners[pattern];
        }

        private long memoryBytes() {
            return patterns.memoryBytes() + 24L * owners.length;
        }
    }

    /** Null without any. */
    final Part anywhere;

    /** Null without any. */
    final Part near;

    /** Bytes of a buffer in which the near ones are looked for. */
    final int reach;

    private Prefilter(Part anywhere, Part near, int reach) {
        this.anywhere = anywhere;
        this.near = near;
        this.reach = reach;
    }

    /** Collects what a prefilter is made of; a pattern that many signatures have counts once. */
    static final class Builder {
        private final PartBuilder anywhere = new PartBuilder();
        private final PartBuilder near = new PartBuilder();
        private int reach;

        void add(FastPattern pattern, int order) {
            if (pattern.isNear()) {
                near.add(pattern, order);
                reach = Math.max(reach, pattern.reach());
            } else {
                anywhere.add(pattern, order);
            }
        }

        /** The prefilter, or null without any pattern. */
        Prefilter build() {
            Part far = anywhere.build();
            Part close = near.build();
            return far == null && close == null ? null : new Prefilter(far, close, reach);
        }
    }

    private static final class PartBuilder {
        private final PatternCompiler compiler = new PatternCompiler();
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<List<Integer>> owners = new ArrayList<>();

        void add(FastPattern pattern, int order) {
            String key = key(pattern);
            Integer number = numbers.get(key);
            if (number == null) {
                number = compiler.add(pattern.bytes(), pattern.ignoreCase());
                numbers.put(key, number);
                owners.add(new ArrayList<>(1));
            }
            owners.get(number).add(order);
        }

        private static String key(FastPattern pattern) {
            StringBuilder key = new StringBuilder(pattern.ignoreCase() ? "i" : "c");
            for (byte b : pattern.bytes()) {
                boolean folded = pattern.ignoreCase() && b >= 'A' && b <= 'Z';
                key.append((char) (folded ? b + 32 : b & 0xff));
            }
            return key.toString();
        }

        Part build() {
            return owners.isEmpty()
                    ? null
                    : new Part(
                            compiler.build(),
                            owners.stream().map(PartBuilder::array).toArray(int[][]::new));
        }

        private static int[] array(List<Integer> orders) {
            return orders.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    long memoryBytes() {
        return (anywhere == null ? 0 : anywhere.memoryBytes())
                + (near == null ? 0 : near.memoryBytes());
    }
}
