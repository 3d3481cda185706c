package ips.core.regex;

/**
 * A regular expression of Perl's kind over bytes, as the {@code pcre} of rules has them: PCRE2's
 * grammar in the C locale, every character of the text a byte (ISO 8859-1).
 *
 * <p>Runs in time linear in the subject, whatever the subject, unless it has look-around, back
 * references, conditions, atomic or possessive parts; those are tried by backtracking, under a
 * limit of steps. Not supported: recursion, most verbs, {@code \G} elsewhere than at the begin.
 *
 * <p>Immutable and shared; each worker searches with a {@link #matcher} of its own.
 */
public final class Regex {
    private final String pattern;
    private final boolean anchored;
    final Program forward;
    final Program backward;
    final ByteClasses forwardClasses;
    final ByteClasses backwardClasses;

    private Regex(String pattern, Node node, boolean anchored, int groups, boolean capturing)
            throws RegexSyntaxException {
        this.pattern = pattern;
        this.anchored = anchored;
        Program plain = ProgramCompiler.compile(node, groups, false);
        if (plain.regular() && !capturing) {
            forward = anchored ? plain : ProgramCompiler.compileSearch(node, groups);
            backward = ProgramCompiler.compile(node, groups, true);
            forwardClasses = new ByteClasses(forward);
            backwardClasses = new ByteClasses(backward);
        } else {
            forward = plain;
            backward = null;
            forwardClasses = null;
            backwardClasses = null;
        }
    }

    /**
     * Compiles an expression.
     *
     * @param pattern without delimiters
     * @param flags any of {@code i} (ignore case), {@code s} (dot matches newline), {@code m}
     *     (multi-line), {@code x} (extended: white space and comments are skipped), {@code A}
     *     (anchored where the search begins), {@code E} (dollar only at the end), {@code G}
     *     (ungreedy)
     * @throws RegexSyntaxException if the pattern or a flag cannot be understood
     */
    public static Regex compile(String pattern, String flags) throws RegexSyntaxException {
        int options = 0;
        boolean anchored = false;
        for (int i = 0; i < flags.length(); i++) {
            switch (flags.charAt(i)) {
                case 'i' -> options |= RegexParser.IGNORE_CASE;
                case 's' -> options |= RegexParser.DOT_ALL;
                case 'm' -> options |= RegexParser.MULTI_LINE;
                case 'x' -> options |= RegexParser.EXTENDED;
                case 'E' -> options |= RegexParser.END_ONLY;
                case 'G' -> options |= RegexParser.UNGREEDY;
                case 'A' -> anchored = true;
                default ->
                        throw new RegexSyntaxException(
                                "unknown flag " + flags.charAt(i), pattern.length() + 1 + i);
            }
        }
        RegexParser.Parsed parsed = RegexParser.parse(pattern, options);
        anchored |= parsed.anchored();
        return new Regex(pattern, parsed.node(), anchored, parsed.groups(), false);
    }

    /**
     * Compiles an expression whose one group is asked for: tried by backtracking.
     *
     * @throws RegexSyntaxException if it cannot be understood, or has no group or several
     */
    public static Regex compileCapturing(String pattern) throws RegexSyntaxException {
        RegexParser.Parsed parsed = RegexParser.parse(pattern, 0);
        if (parsed.groups() != 1) {
            throw new RegexSyntaxException(
                    parsed.groups() == 0
                            ? "no group"
                            : parsed.groups() + " groups; of all but one make (?:...)",
                    pattern.length());
        }
        return new Regex(pattern, parsed.node(), parsed.anchored(), 1, true);
    }

    /**
     * Something to search with, for one thread. Takes little memory until it is first used.
     *
     * @param budget that of the thread
     */
    public RegexMatcher matcher(RegexBudget budget) {
        return new RegexMatcher(this, budget);
    }

    /** Whether it runs in linear time, without backtracking. */
    public boolean isLinear() {
        return backward != null;
    }

    boolean isAnchored() {
        return anchored;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
