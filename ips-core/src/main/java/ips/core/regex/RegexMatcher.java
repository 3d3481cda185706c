package ips.core.regex;

import ips.core.ColdPath;
import ips.core.HotPath;
import org.agrona.DirectBuffer;

/**
 * Searches for one {@link Regex}. Belongs to one thread; allocates while it learns states, within
 * its {@link RegexBudget}, and nothing after that.
 */
@HotPath
public final class RegexMatcher {
    /**
     * Steps a search may take; a search that would take more is given up, finds nothing and is
     * counted in its budget. Some tens of milliseconds.
     */
    public static final int STEP_LIMIT = 5_000_000;

    private final Regex regex;
    private final RegexBudget budget;
    private LazyDfa forward;
    private LazyDfa backward;
    private Backtracker backtracker;

    private DirectBuffer subject;
    private int subjectStart;
    private int subjectEnd;
    private int searchedFrom;
    private int start = -1;
    private int end = -1;

    RegexMatcher(Regex regex, RegexBudget budget) {
        this.regex = regex;
        this.budget = budget;
    }

    /**
     * Finds the first match.
     *
     * @param offset where the subject begins: what {@code \A} and looking behind see
     * @param length bytes of the subject
     * @param from index in the buffer the search begins at, within the subject
     */
    public boolean find(DirectBuffer buffer, int offset, int length, int from) {
        subject = buffer;
        subjectStart = offset;
        subjectEnd = offset + length;
        searchedFrom = from;
        start = -1;
        end = -1;
        if (regex.isLinear()) {
            if (forward == null) {
                prepare();
            }
            end = forward.run(buffer, offset, subjectEnd, from, subjectEnd, STEP_LIMIT);
        } else {
            if (backtracker == null) {
                prepare();
            }
            backtrack();
        }
        if (end == -2) {
            budget.countLimitHit();
        }
        return end >= 0;
    }

    private void backtrack() {
        int left = STEP_LIMIT;
        int last = regex.isAnchored() ? searchedFrom : subjectEnd;
        for (int at = searchedFrom; at <= last; at++) {
            end = backtracker.run(subject, subjectStart, subjectEnd, at, left);
            left -= backtracker.steps();
            if (end != -1) {
                start = at;
                return;
            }
        }
    }

    /** Index in the buffer of the match's first byte; after a find that found only. */
    public int start() {
        if (start < 0 && end >= 0) {
            start = regex.isAnchored() ? searchedFrom : startOfMatch();
        }
        return start;
    }

    private int startOfMatch() {
        int found = backward.run(subject, subjectStart, subjectEnd, end, searchedFrom, STEP_LIMIT);
        if (found == -2) {
            budget.countLimitHit();
        }
        return found < 0 ? searchedFrom : found;
    }

    /** Index in the buffer behind the match's last byte; after a find that found only. */
    public int end() {
        return end;
    }

    /** Where the first group of a capturing expression matched, or -1; after a find that found. */
    public int groupStart() {
        return backtracker.slot(Program.begin(1));
    }

    /** The index behind the first group's last byte. */
    public int groupEnd() {
        return backtracker.slot(Program.begin(1) + 1);
    }

    @ColdPath
    private void prepare() {
        if (regex.isLinear()) {
            forward = new LazyDfa(regex.forward, regex.forwardClasses, false, budget);
            backward = new LazyDfa(regex.backward, regex.backwardClasses, true, budget);
        } else {
            backtracker = new Backtracker(regex.forward, budget);
        }
    }
}
