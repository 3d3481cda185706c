package ips.core.rule;

import ips.core.match.PatternCompiler;
import ips.core.match.PatternSet;
import ips.core.rule.keyword.FastPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fast patterns of signatures for one buffer: which of them may match at all. Immutable. */
final class Prefilter {
    private final PatternSet patterns;
    private final int[][] owners;
    private final int longest;

    private Prefilter(PatternSet patterns, int[][] owners) {
        this.patterns = patterns;
        this.owners = owners;
        int most = 0;
        for (int i = 0; i < patterns.size(); i++) {
            most = Math.max(most, patterns.pattern(i).length);
        }
        longest = most;
    }

    /** Collects what a prefilter is made of; a pattern that many signatures have counts once. */
    static final class Builder {
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

        /** The prefilter, or null without any pattern. */
        Prefilter build() {
            return owners.isEmpty()
                    ? null
                    : new Prefilter(
                            compiler.build(),
                            owners.stream().map(Builder::array).toArray(int[][]::new));
        }

        private static int[] array(List<Integer> orders) {
            return orders.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    PatternSet patterns() {
        return patterns;
    }

    /** Bytes of the longest pattern. */
    int longest() {
        return longest;
    }

    /** The signatures of a pattern, by their order. */
    int[] owners(int pattern) {
        return owners[pattern];
    }

    long memoryBytes() {
        return patterns.memoryBytes() + 24L * owners.length;
    }
}
