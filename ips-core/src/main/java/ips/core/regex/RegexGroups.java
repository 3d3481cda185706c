package ips.core.regex;

import java.util.HashMap;
import java.util.Map;

/**
 * The capturing groups of an expression while it is read: their numbers in the order they open,
 * their names, and whether every group that is referred to is there in the end.
 */
final class RegexGroups {
    private final RegexText text;
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, Integer> known;
    private boolean complete = true;
    private int opened;
    private int count;
    private int highestReferred;
    private int referredAt;

    /**
     * @param known the names of all groups, as reading all of it once has told; null while it does
     */
    RegexGroups(RegexText text, Map<String, Integer> known) {
        this.text = text;
        this.known = known;
    }

    /** Opens the next one and gives it its number. */
    int open(String name, int begin) throws RegexSyntaxException {
        opened++;
        count = Math.max(count, opened);
        if (name != null) {
            Integer before = names.put(name, opened);
            if (before != null && before != opened) {
                throw text.error("two groups named " + name, begin);
            }
            if (before == null && names.values().stream().filter(n -> n == opened).count() > 1) {
                throw text.error("another name for a group that has one", begin);
            }
        }
        return opened;
    }

    /** The number of the group that opened last. */
    int opened() {
        return opened;
    }

    /** Numbers the next groups from behind this one, as each branch of {@code (?|} begins. */
    void goBackTo(int number) {
        opened = number;
    }

    /** How many numbers were given. */
    int count() {
        return count;
    }

    /** The number of the group of a name; any for one that may come later, see isComplete. */
    int named(String name, int begin) throws RegexSyntaxException {
        Integer number = known == null ? names.get(name) : known.get(name);
        if (number != null) {
            return number;
        }
        if (known != null) {
            throw text.error("no group named " + name, begin);
        }
        complete = false;
        return 1;
    }

    /** Whether all names that were asked for were known; otherwise it is to be read anew. */
    boolean isComplete() {
        return complete;
    }

    Map<String, Integer> names() {
        return names;
    }

    /** A number that must be that of a group, maybe one that comes later. */
    int referred(int number, int begin) throws RegexSyntaxException {
        if (number < 1) {
            throw text.error("no group " + number, begin);
        }
        if (number > highestReferred) {
            highestReferred = number;
            referredAt = begin;
        }
        return number;
    }

    /** A number as it stands: counted back or on from here behind a sign. */
    int referred(char sign, int number, int begin) throws RegexSyntaxException {
        int meant = sign == '-' ? opened + 1 - number : sign == '+' ? opened + number : number;
        return referred(meant, begin);
    }

    /** Asks, at the end, whether all numbers that were referred to are there. */
    void checkNumbers() throws RegexSyntaxException {
        if (highestReferred > count) {
            throw text.error("no group " + highestReferred, referredAt);
        }
    }
}
