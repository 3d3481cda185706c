package ips.core.regex;

import ips.core.regex.Node.At;
import ips.core.regex.Node.Atomic;
import ips.core.regex.Node.BackReference;
import ips.core.regex.Node.Bytes;
import ips.core.regex.Node.Choice;
import ips.core.regex.Node.Condition;
import ips.core.regex.Node.Group;
import ips.core.regex.Node.Look;
import ips.core.regex.Node.Repeat;
import ips.core.regex.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The text of an expression to its {@link Node}, by PCRE2's grammar. What PCRE2 knows and this does
 * not (recursion, verbs, names that several groups share) is an error that says so.
 */
final class RegexParser {
    private static final int MAX_REPEAT = 65_535;
    private static final int MAX_DEPTH = 200;

    private final RegexText text;
    private final RegexGroups groups;
    private final RegexEscapes escapes;
    private int depth;
    private int flags;
    private boolean inLookedFor;
    private int looking;

    static final int IGNORE_CASE = 1;
    static final int DOT_ALL = 2;
    static final int MULTI_LINE = 4;
    static final int EXTENDED = 8;
    static final int END_ONLY = 16;
    static final int UNGREEDY = 32;
    private static final int NO_CAPTURE = 64;

    private RegexParser(String pattern, int flags, Map<String, Integer> names) {
        text = new RegexText(pattern);
        groups = new RegexGroups(text, names);
        escapes = new RegexEscapes(text, groups);
        this.flags = flags;
    }

    /**
     * What was read.
     *
     * @param groups how many groups capture
     * @param anchored whether it begins with {@code \\G}: matches where the search begins alone
     */
    record Parsed(Node node, int groups, boolean anchored) {}

    static Parsed parse(String pattern, int flags) throws RegexSyntaxException {
        RegexParser first = new RegexParser(pattern, flags, null);
        Parsed parsed = first.whole();
        return first.groups.isComplete()
                ? parsed
                : new RegexParser(pattern, flags, first.groups.names()).whole();
    }

    private Parsed whole() throws RegexSyntaxException {
        boolean anchored = text.take("\\G");
        Node node = choice();
        if (!text.atEnd()) {
            throw text.error("unmatched )", text.at());
        }
        if (anchored && node instanceof Choice) {
            throw text.error("\\G is supported for all branches alone: \\G(?:...|...)", 0);
        }
        groups.checkNumbers();
        return new Parsed(node, groups.count(), anchored);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private Node choice() throws RegexSyntaxException {
        List<Node> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (text.take("|"));
        return branches.size() == 1 ? branches.get(0) : new Choice(List.copyOf(branches));
    }

    private Node sequence() throws RegexSyntaxException {
        if (++depth > MAX_DEPTH) {
            throw text.error("brackets nest deeper than " + MAX_DEPTH, text.at());
        }
        List<Node> parts = new ArrayList<>();
        while (true) {
            text.skipComments(has(EXTENDED));
            if (text.atEnd() || text.peek() == '|' || text.peek() == ')') {
                depth--;
                return parts.size() == 1 ? parts.get(0) : new Sequence(List.copyOf(parts));
            }
            if (text.take("\\Q")) {
                quoted(parts);
                continue;
            }
            Node atom = atom();
            if (atom != null) {
                parts.add(atom instanceof At ? atom : repeated(atom));
            }
        }
    }

    /** Letters up to {@code \E}; what repeats behind it repeats the last of them. */
    private void quoted(List<Node> parts) throws RegexSyntaxException {
        int before = parts.size();
        while (!text.atEnd() && !text.take("\\E")) {
            parts.add(literal(text.next()));
        }
        if (parts.size() > before) {
            parts.add(repeated(parts.remove(parts.size() - 1)));
        }
    }

    private Node literal(int b) {
        return bytes(ByteSet.of(b));
    }

    private Node bytes(ByteSet set) {
        return new Bytes(has(IGNORE_CASE) ? set.caseless() : set);
    }

    /** One atom, or null for what sets options or comments. */
    private Node atom() throws RegexSyntaxException {
        int begin = text.at();
        char c = text.next();
        return switch (c) {
            case '.' -> new Bytes(has(DOT_ALL) ? ByteSet.ALL : ByteSet.NEWLINE.not());
            case '^' -> new At(has(MULTI_LINE) ? Place.LINE_START : Place.SUBJECT_START);
            case '$' -> new At(dollar());
            case '[' -> bytes(new RegexClassParser(text, has(IGNORE_CASE)).parse());
            case '(' -> {
                Node node = bracket(begin);
                // a place by itself does not repeat, one in brackets does
                yield node instanceof At ? new Sequence(List.of(node)) : node;
            }
            case '\\' -> {
                if (looking > 0 && !text.atEnd() && text.peek() == 'K') {
                    throw text.error("\\K in what is looked for ahead or behind", begin);
                }
                yield escapes.parse(begin, has(IGNORE_CASE));
            }
            case '*', '+', '?' -> throw text.error("nothing to repeat", begin);
            case '{' -> {
                text.backTo(begin);
                if (text.takeBounds() != null) {
                    throw text.error("nothing to repeat", begin);
                }
                text.backTo(begin + 1);
                yield literal(c);
            }
            default -> literal(c);
        };
    }

    private Place dollar() {
        if (has(MULTI_LINE)) {
            return Place.LINE_END;
        }
        return has(END_ONLY) ? Place.SUBJECT_END : Place.END_OR_FINAL_NEWLINE;
    }

    // Repetition.

    private Node repeated(Node atom) throws RegexSyntaxException {
        text.skipComments(has(EXTENDED));
        int at = text.at();
        int[] bounds = text.takeQuantifier();
        if (bounds == null) {
            return atom;
        }
        int min = bounds[0];
        int max = bounds[1];
        if (min > MAX_REPEAT || max > MAX_REPEAT) {
            throw text.error("more than " + MAX_REPEAT + " repetitions", at);
        }
        if (max != Node.UNLIMITED && max < min) {
            throw text.error("repetitions out of order: {" + min + "," + max + "}", at);
        }
        text.skipEmptyQuotes();
        boolean lazy = text.take("?");
        return !lazy && text.take("+")
                ? new Atomic(new Repeat(atom, min, max, true))
                : new Repeat(atom, min, max, lazy == has(UNGREEDY));
    }

    // Brackets.

    private Node bracket(int begin) throws RegexSyntaxException {
        if (text.take("*")) {
            return verb(begin);
        }
        if (!text.take("?")) {
            return has(NO_CAPTURE) ? enclosed(begin) : capture(begin, null);
        }
        if (text.take(":")) {
            return enclosed(begin);
        }
        if (text.take("|")) {
            return branchReset(begin);
        }
        if (text.take("(")) {
            return condition(begin);
        }
        Assertion assertion = Assertion.takeSign(text);
        if (assertion != null) {
            return asserted(assertion, begin);
        }
        if (text.take("P<") || text.take("<")) {
            return capture(begin, text.name('>'));
        }
        if (text.take("'")) {
            return capture(begin, text.name('\''));
        }
        if (text.take("P=")) {
            return new BackReference(groups.named(text.name(')'), begin), has(IGNORE_CASE));
        }
        return options(begin);
    }

    private Node asserted(Assertion assertion, int begin) throws RegexSyntaxException {
        looking += assertion == Assertion.ATOMIC ? 0 : 1;
        Node body = enclosed(begin);
        looking -= assertion == Assertion.ATOMIC ? 0 : 1;
        Node node = assertion.of(body);
        if (node instanceof Look look && !look.ahead()) {
            List<Node> branches = body instanceof Choice c ? c.branches() : List.of(body);
            if (branches.stream().anyMatch(branch -> branch.fixedLength() < 0)) {
                throw text.error("look-behind of no fixed length", begin);
            }
        }
        return node;
    }

    /**
     * Words in capitals steer the search; those in small letters are brackets of other spelling.
     */
    private Node verb(int begin) throws RegexSyntaxException {
        if (text.take("FAIL)") || text.take("F)")) {
            return new Bytes(ByteSet.of(b -> false));
        }
        Assertion assertion = Assertion.takeWord(text);
        if (assertion != null) {
            return asserted(assertion, begin);
        }
        throw text.error("verbs (*...) are not supported", begin);
    }

    private Node capture(int begin, String name) throws RegexSyntaxException {
        return new Group(groups.open(name, begin), enclosed(begin));
    }

    /** {@code (?|...)}: each branch numbers its groups anew. */
    private Node branchReset(int begin) throws RegexSyntaxException {
        int before = flags;
        int first = groups.opened();
        int last = first;
        List<Node> branches = new ArrayList<>();
        do {
            groups.goBackTo(first);
            branches.add(sequence());
            last = Math.max(last, groups.opened());
        } while (text.take("|"));
        groups.goBackTo(last);
        flags = before;
        close(begin);
        return new Choice(List.copyOf(branches));
    }

    /** {@code (?(1)yes|no)}, {@code (?(<name>)yes)}, {@code (?(?=ahead)yes|no)}. */
    private Node condition(int begin) throws RegexSyntaxException {
        int before = flags;
        Node node = decided(begin);
        flags = before;
        close(begin);
        return node;
    }

    private Node decided(int begin) throws RegexSyntaxException {
        int at = text.at();
        if (!text.atEnd() && (text.peek() == '?' || text.peek() == '*')) {
            // what it looks for is compiled twice, so that nesting would double it each time
            if (inLookedFor) {
                throw text.error("a condition in what a condition looks for", begin);
            }
            inLookedFor = true;
            Node lookedFor = bracket(at);
            inLookedFor = false;
            if (!(lookedFor instanceof Look look)) {
                throw text.error("a condition is a group, or looks ahead or behind", at);
            }
            Node yes = sequence();
            Node no = otherwise(begin);
            Look not = new Look(look.body(), look.ahead(), !look.negative());
            return new Choice(
                    List.of(new Sequence(List.of(look, yes)), new Sequence(List.of(not, no))));
        }
        int group = conditionGroup(begin);
        Node yes = sequence();
        return new Condition(group, yes, otherwise(begin));
    }

    private int conditionGroup(int begin) throws RegexSyntaxException {
        char sign = text.take("-") ? '-' : text.take("+") ? '+' : ' ';
        if (text.atDigit()) {
            int number = groups.referred(sign, text.number(), begin);
            close(begin);
            return number;
        }
        char end = text.take("<") ? '>' : text.take("'") ? '\'' : ')';
        String name = text.name(end);
        if (end != ')') {
            close(begin);
        } else if (name.equals("R") || name.equals("DEFINE")) {
            throw text.error("conditions about recursion are not supported", begin);
        }
        return groups.named(name, begin);
    }

    private Node otherwise(int begin) throws RegexSyntaxException {
        Node no = text.take("|") ? sequence() : new Sequence(List.of());
        if (text.take("|")) {
            throw text.error("a condition of more than two branches", begin);
        }
        return no;
    }

    /** What is in brackets, up to and with the closing one; options set inside end there. */
    private Node enclosed(int begin) throws RegexSyntaxException {
        int before = flags;
        Node node = choice();
        flags = before;
        close(begin);
        return node;
    }

    private void close(int begin) throws RegexSyntaxException {
        if (!text.take(")")) {
            throw text.error("unclosed (", begin);
        }
    }

    private Node options(int begin) throws RegexSyntaxException {
        int set = text.take("^") ? flags & (END_ONLY | UNGREEDY) : flags;
        boolean on = true;
        while (!text.atEnd()) {
            char c = text.next();
            int flag =
                    switch (c) {
                        case 'i' -> IGNORE_CASE;
                        case 's' -> DOT_ALL;
                        case 'm' -> MULTI_LINE;
                        case 'x' -> text.take("x") ? 0 : EXTENDED;
                        case 'n' -> NO_CAPTURE;
                        case 'U' -> UNGREEDY;
                        default -> 0;
                    };
            if (flag != 0) {
                set = on ? set | flag : set & ~flag;
            } else if (c == '-' && on) {
                on = false;
            } else if (c == 'a') {
                text.takeOneOf("DSWPT"); // bytes are ASCII's as it is
            } else if (c == ')') {
                flags = set;
                return null;
            } else if (c == ':') {
                int before = flags;
                flags = set;
                Node node = choice();
                flags = before;
                close(begin);
                return node;
            } else {
                throw text.error(unsupported(c), begin);
            }
        }
        throw text.error("unclosed (", begin);
    }

    private static String unsupported(char c) {
        return switch (c) {
            case 'x' -> "(?xx) is not supported";
            case 'C' -> "callouts (?C) are not supported";
            case 'R', '&', 'P', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                    "recursion (?" + c + ") is not supported";
            default -> "unknown (?" + c;
        };
    }
}
