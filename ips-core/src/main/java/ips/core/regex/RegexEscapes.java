package ips.core.regex;

import ips.core.regex.Node.At;
import ips.core.regex.Node.Atomic;
import ips.core.regex.Node.BackReference;
import ips.core.regex.Node.Bytes;
import ips.core.regex.Node.Choice;
import ips.core.regex.Node.Sequence;
import java.util.List;

/** What a backslash stands for outside of square brackets: bytes, places, groups again. */
final class RegexEscapes {
    private final RegexText text;
    private final RegexGroups groups;

    RegexEscapes(RegexText text, RegexGroups groups) {
        this.text = text;
        this.groups = groups;
    }

    /** Reads one behind its backslash, which is at {@code begin}; null for what changes nothing. */
    Node parse(int begin, boolean ignoreCase) throws RegexSyntaxException {
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
                return special(c, begin, ignoreCase);
            }
            default -> {}
        }
        if (c >= '1' && c <= '9') {
            int group = text.number();
            if (group < 10 || c >= '8' || group <= groups.opened()) {
                return new BackReference(groups.referred(group, begin), ignoreCase);
            }
            text.backTo(begin + 1);
        }
        ByteSet letter = ByteSet.of(text.escapedByte(begin));
        return new Bytes(ignoreCase ? letter.caseless() : letter);
    }

    private Node special(char c, int begin, boolean ignoreCase) throws RegexSyntaxException {
        return switch (c) {
            case 'A' -> new At(Place.SUBJECT_START);
            case 'z' -> new At(Place.SUBJECT_END);
            case 'Z' -> new At(Place.END_OR_FINAL_NEWLINE);
            case 'b' -> new At(Place.WORD_BOUNDARY);
            case 'B' -> new At(Place.NO_WORD_BOUNDARY);
            case 'N' -> notNewline(begin);
            case 'C' -> new Bytes(ByteSet.ALL);
            case 'p', 'P' -> new Bytes(UnicodeProperty.parse(text, c == 'P', ignoreCase, begin));
            case 'K' -> null; // rules go on from where a match ends
            case 'R' -> newlineOr(ByteSet.VERTICAL);
            case 'X' -> newlineOr(ByteSet.ALL); // of bytes no others belong together
            case 'k' -> {
                char open = text.atEnd() ? ' ' : text.next();
                char end = open == '<' ? '>' : open == '{' ? '}' : open == '\'' ? '\'' : 0;
                if (end == 0) {
                    throw text.error("\\k needs a name in <>, {} or ''", begin);
                }
                yield new BackReference(groups.named(text.name(end), begin), ignoreCase);
            }
            case 'g' -> groupReference(begin, ignoreCase);
            case 'G' -> throw text.error("\\G is supported at the beginning alone", begin);
            default -> throw text.error("\\" + c + " is not supported", begin);
        };
    }

    private Node notNewline(int begin) throws RegexSyntaxException {
        int at = text.at();
        if (text.take("{")) {
            text.backTo(at);
            if (text.takeBounds() == null) {
                throw text.error("\\N{...} is not supported", begin);
            }
            text.backTo(at);
        }
        return new Bytes(ByteSet.NEWLINE.not());
    }

    /** A whole end of line, or one byte out of a set. */
    private static Node newlineOr(ByteSet set) {
        Node newline =
                new Sequence(List.of(new Bytes(ByteSet.of('\r')), new Bytes(ByteSet.NEWLINE)));
        return new Atomic(new Choice(List.of(newline, new Bytes(set))));
    }

    private Node groupReference(int begin, boolean ignoreCase) throws RegexSyntaxException {
        boolean braced = text.take("{");
        char sign = text.take("-") ? '-' : text.take("+") ? '+' : ' ';
        if (!text.atDigit()) {
            if (braced && sign == ' ') {
                return new BackReference(groups.named(text.name('}'), begin), ignoreCase);
            }
            throw text.error("\\g needs the number of a group", begin);
        }
        int number = text.number();
        if (braced && !text.take("}")) {
            throw text.error("unclosed \\g{", begin);
        }
        return new BackReference(groups.referred(sign, number, begin), ignoreCase);
    }
}
