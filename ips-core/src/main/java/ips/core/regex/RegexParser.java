package ips.core.regex;

import ips.core.regex.Node.At;
import ips.core.regex.Node.Atomic;
import ips.core.regex.Node.BackReference;
import ips.core.regex.Node.Bytes;
import ips.core.regex.Node.Choice;
import ips.core.regex.Node.Group;
import ips.core.regex.Node.Look;
import ips.core.regex.Node.Repeat;
import ips.core.regex.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of an expression to its {@link Node}, by PCRE2's grammar. What PCRE2 knows and this does
 * not (recursion, conditions, verbs, {@code \K}) is an error that says so.
 */
final class RegexParser {
    private static final int MAX_REPEAT = 65_535;
    private static final int MAX_DEPTH = 200;

    private final RegexText text;
    private final Map<String, Integer> names = new HashMap<>();
    private final int groupsInAll;
    private int groups;
    private int depth;
    private int flags;

    static final int IGNORE_CASE = 1;
    static final int DOT_ALL = 2;
    static final int MULTI_LINE = 4;
    static final int EXTENDED = 8;
    static final int END_ONLY = 16;
    static final int UNGREEDY = 32;

    private RegexParser(String pattern, int flags) {
        text = new RegexText(pattern);
        this.flags = flags;
        groupsInAll = countGroups(pattern);
    }

    static Node parse(String pattern, int flags) throws RegexSyntaxException {
        RegexParser parser = new RegexParser(pattern, flags);
        Node node = parser.choice();
        if (!parser.text.atEnd()) {
            throw parser.text.error("unmatched )", parser.text.at());
        }
        return node;
    }

    /** Opening brackets that capture, at least roughly: to tell \11 from an octal number. */
    static int countGroups(String pattern) {
        int count = 0;
        boolean inClass = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
            } else if (c == '(') {
                boolean named =
                        pattern.startsWith("?P<", i + 1)
                                || pattern.startsWith("?'", i + 1)
                                || pattern.startsWith("?<", i + 1)
                                        && !pattern.startsWith("?<=", i + 1)
                                        && !pattern.startsWith("?<!", i + 1);
                count += named || !pattern.startsWith("?", i + 1) ? 1 : 0;
            }
        }
        return count;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private Node choice() throws RegexSyntaxException {
        if (++depth > MAX_DEPTH) {
            throw text.error("brackets nest deeper than " + MAX_DEPTH, text.at());
        }
        List<Node> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (text.take("|"));
        depth--;
        return branches.size() == 1 ? branches.get(0) : new Choice(List.copyOf(branches));
    }

    private Node sequence() throws RegexSyntaxException {
        List<Node> parts = new ArrayList<>();
        while (true) {
            if (has(EXTENDED)) {
                text.skipSpaceAndComments();
            }
            if (text.atEnd() || text.peek() == '|' || text.peek() == ')') {
                return parts.size() == 1 ? parts.get(0) : new Sequence(List.copyOf(parts));
            }
            if (text.take("\\Q")) {
                quoted(parts);
                continue;
            }
            if (text.take("\\E")) {
                continue;
            }
            Node atom = atom();
            if (atom != null) {
                parts.add(repeated(atom));
            }
        }
    }

    private void quoted(List<Node> parts) throws RegexSyntaxException {
        while (!text.atEnd() && !text.take("\\E")) {
            Node literal = literal(text.next());
            boolean last = text.take("\\E");
            parts.add(last ? repeated(literal) : literal);
            if (last) {
                return;
            }
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
            case '(' -> bracket(begin);
            case '\\' -> escape(begin);
            case '*', '+', '?' -> throw text.error("nothing to repeat", begin);
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
        Node node = atom;
        while (true) {
            if (has(EXTENDED)) {
                text.skipSpaceAndComments();
            }
            int at = text.at();
            int min;
            int max;
            if (text.take("*")) {
                min = 0;
                max = Node.UNLIMITED;
            } else if (text.take("+")) {
                min = 1;
                max = Node.UNLIMITED;
            } else if (text.take("?")) {
                min = 0;
                max = 1;
            } else {
                int[] bounds = text.takeBounds();
                if (bounds == null) {
                    return node;
                }
                min = bounds[0];
                max = bounds[1];
            }
            if (min > MAX_REPEAT || max > MAX_REPEAT) {
                throw text.error("more than " + MAX_REPEAT + " repetitions", at);
            }
            if (max != Node.UNLIMITED && max < min) {
                throw text.error("repetitions out of order: {" + min + "," + max + "}", at);
            }
            boolean lazy = text.take("?");
            boolean possessive = !lazy && text.take("+");
            node = new Repeat(node, min, max, lazy == has(UNGREEDY));
            if (possessive) {
                node = new Atomic(new Repeat(((Repeat) node).body(), min, max, true));
            }
        }
    }

    // Brackets.

    private Node bracket(int begin) throws RegexSyntaxException {
        if (text.take("*")) {
            throw text.error("verbs (*...) are not supported", begin);
        }
        if (!text.take("?")) {
            return capture(begin, null);
        }
        if (text.take("#")) {
            while (!text.atEnd() && text.peek() != ')') {
                text.next();
            }
            close(begin);
            return null;
        }
        if (text.take(":")) {
            return enclosed(begin);
        }
        if (text.take(">")) {
            return new Atomic(enclosed(begin));
        }
        if (text.take("=")) {
            return new Look(enclosed(begin), true, false);
        }
        if (text.take("!")) {
            return new Look(enclosed(begin), true, true);
        }
        if (text.take("<=")) {
            return behind(begin, false);
        }
        if (text.take("<!")) {
            return behind(begin, true);
        }
        if (text.take("P<") || text.take("<")) {
            return capture(begin, text.name('>'));
        }
        if (text.take("'")) {
            return capture(begin, text.name('\''));
        }
        if (text.take("P=")) {
            return backReference(text.name(')'), begin);
        }
        return options(begin);
    }

    private Node capture(int begin, String name) throws RegexSyntaxException {
        int number = ++groups;
        if (name != null && names.put(name, number) != null) {
            throw text.error("two groups named " + name, begin);
        }
        return new Group(number, enclosed(begin));
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

    private Node behind(int begin, boolean negative) throws RegexSyntaxException {
        Node body = enclosed(begin);
        List<Node> branches = body instanceof Choice c ? c.branches() : List.of(body);
        for (Node branch : branches) {
            if (branch.fixedLength() < 0) {
                throw text.error("look-behind of no fixed length", begin);
            }
        }
        return new Look(body, false, negative);
    }

    private Node options(int begin) throws RegexSyntaxException {
        int set = flags;
        boolean on = true;
        while (!text.atEnd()) {
            char c = text.next();
            int flag =
                    switch (c) {
                        case 'i' -> IGNORE_CASE;
                        case 's' -> DOT_ALL;
                        case 'm' -> MULTI_LINE;
                        case 'x' -> EXTENDED;
                        case 'U' -> UNGREEDY;
                        default -> 0;
                    };
            if (flag != 0) {
                set = on ? set | flag : set & ~flag;
            } else if (c == '-' && on) {
                on = false;
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
            case '(' -> "conditions (?(...) are not supported";
            case '|' -> "branch reset (?| is not supported";
            case 'C' -> "callouts (?C) are not supported";
            case 'R', '&', 'P', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                    "recursion (?" + c + ") is not supported";
            default -> "unknown (?" + c;
        };
    }

    // Escapes.

    private Node escape(int begin) throws RegexSyntaxException {
        if (text.atEnd()) {
            throw text.error("\\ at the end", begin);
        }
        char c = text.peek();
        ByteSet set = RegexClassParser.shorthand(c);
        if (set != null) {
            text.next();
            return new Bytes(set);
        }
        switch (c) {
            case 'A', 'z', 'Z', 'b', 'B', 'G', 'K', 'N', 'R', 'X', 'C', 'p', 'P', 'k', 'g' -> {
                text.next();
                return special(c, begin);
            }
            default -> {}
        }
        if (c >= '1' && c <= '9') {
            int group = text.number();
            if (group < 10 || group <= groupsInAll) {
                return backReference(group, begin);
            }
            text.backTo(begin + 1);
        }
        return literal(text.escapedByte(begin));
    }

    private Node special(char c, int begin) throws RegexSyntaxException {
        return switch (c) {
            case 'A' -> new At(Place.SUBJECT_START);
            case 'z' -> new At(Place.SUBJECT_END);
            case 'Z' -> new At(Place.END_OR_FINAL_NEWLINE);
            case 'b' -> new At(Place.WORD_BOUNDARY);
            case 'B' -> new At(Place.NO_WORD_BOUNDARY);
            case 'N' -> new Bytes(ByteSet.NEWLINE.not());
            case 'C' -> new Bytes(ByteSet.ALL);
            case 'p', 'P' -> new Bytes(UnicodeProperty.parse(text, c == 'P', begin));
            case 'K' -> new Sequence(List.of()); // rules go on from where a match ends
            case 'R' ->
                    new Atomic(
                            new Choice(
                                    List.of(
                                            new Sequence(
                                                    List.of(
                                                            new Bytes(ByteSet.of('\r')),
                                                            new Bytes(ByteSet.NEWLINE))),
                                            new Bytes(ByteSet.VERTICAL))));
            case 'k' -> {
                char open = text.atEnd() ? ' ' : text.next();
                char end = open == '<' ? '>' : open == '{' ? '}' : open == '\'' ? '\'' : 0;
                if (end == 0) {
                    throw text.error("\\k needs a name in <>, {} or ''", begin);
                }
                yield backReference(text.name(end), begin);
            }
            case 'g' -> groupReference(begin);
            default -> throw text.error("\\" + c + " is not supported", begin);
        };
    }

    private Node groupReference(int begin) throws RegexSyntaxException {
        boolean braced = text.take("{");
        boolean relative = text.take("-");
        if (text.atEnd() || text.peek() < '0' || text.peek() > '9') {
            if (braced && !relative) {
                return backReference(text.name('}'), begin);
            }
            throw text.error("\\g needs the number of a group", begin);
        }
        int number = text.number();
        if (braced && !text.take("}")) {
            throw text.error("unclosed \\g{", begin);
        }
        return backReference(relative ? groups + 1 - number : number, begin);
    }

    private Node backReference(String name, int begin) throws RegexSyntaxException {
        Integer number = names.get(name);
        if (number == null) {
            throw text.error("no group named " + name + " before it", begin);
        }
        return new BackReference(number, has(IGNORE_CASE));
    }

    private Node backReference(int number, int begin) throws RegexSyntaxException {
        if (number < 1 || number > groupsInAll) {
            throw text.error("no group " + number, begin);
        }
        return new BackReference(number, has(IGNORE_CASE));
    }
}
