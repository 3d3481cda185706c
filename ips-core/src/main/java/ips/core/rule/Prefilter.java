package ips.core.rule;

import ips.core.match.PatternCompiler;
import ips.core.match.PatternSet;
import ips.core.rule.keyword.FastPattern;
import java.util.ArrayList;
import java.util.List;

/** The fast patterns of signatures for one buffer: which of them may match at all. Immutable. */
final class Prefilter {
    private final PatternSet patterns;
    private final int[] owners;

    private Prefilter(PatternSet patterns, int[] owners) {
        this.patterns = patterns;
        this.owners = owners;
    }

    /** Collects what a prefilter is made of. */
    static final class Builder {
        private final PatternCompiler compiler = new PatternCompiler();
        private final List<Integer> owners = new ArrayList<>();

        void add(FastPattern pattern, int order) {
            compiler.add(pattern.bytes(), pattern.ignoreCase());
            owners.add(order);
        }

        /** The prefilter, or null without any pattern. */
        Prefilter build() {
            return owners.isEmpty()
                    ? null
                    : new Prefilter(
                            compiler.build(),
                            owners.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    PatternSet patterns() {
        return patterns;
    }

    int owner(int pattern) {
        return owners[pattern];
    }

    long memoryBytes() {
        return patterns.memoryBytes() + 4L * owners.length;
    }
}
