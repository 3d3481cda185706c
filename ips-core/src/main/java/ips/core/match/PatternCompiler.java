package ips.core.match;

import ips.core.ColdPath;
import java.util.ArrayList;
import java.util.List;

/** Collects byte patterns and builds a {@link PatternSet} of them. Used by one thread. */
@ColdPath
public final class PatternCompiler {
    private final List<byte[]> patterns = new ArrayList<>();
    private final List<Boolean> caseless = new ArrayList<>();

    /**
     * Adds a pattern; the array is copied. The same bytes may be added several times.
     *
     * @param ignoreCase whether ASCII letters match in either case
     * @return the number the pattern is reported by: 0 for the first, 1 for the second, ...
     * @throws IllegalArgumentException if the pattern is empty
     */
    public int add(byte[] pattern, boolean ignoreCase) {
        if (pattern.length == 0) {
            throw new IllegalArgumentException("an empty pattern occurs everywhere");
        }
        patterns.add(pattern.clone());
        caseless.add(ignoreCase);
        return patterns.size() - 1;
    }

    /** What finds the patterns so far. */
    public PatternSet build() {
        boolean[] ignoreCase = new boolean[patterns.size()];
        for (int i = 0; i < ignoreCase.length; i++) {
            ignoreCase[i] = caseless.get(i);
        }
        return new PatternSet(new Patterns(patterns.toArray(new byte[0][]), ignoreCase));
    }
}
