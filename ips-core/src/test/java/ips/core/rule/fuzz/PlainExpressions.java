package ips.core.rule.fuzz;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expressions of pcre, which java.util.regex reads the same way where only LF ends a line. */
final class PlainExpressions {
    private PlainExpressions() {}

    static void add(PlainChain chain) {
        Random random = chain.random;
        String expression = choice(random, 2);
        boolean negated = chain.chance(4);
        boolean relative = chain.relative(chain.matched && random.nextBoolean());
        boolean noCase = chain.chance(3);
        boolean dotAll = chain.chance(3);
        boolean[] others = new boolean[1];
        chain.retried = others;
        Pattern pattern =
                Pattern.compile(
                        expression,
                        Pattern.UNIX_LINES
                                | (noCase ? Pattern.CASE_INSENSITIVE : 0)
                                | (dotAll ? Pattern.DOTALL : 0));
        String text =
                "pcre:%s\"/%s/%s%s%s\"; "
                        .formatted(
                                PlainChain.when(negated, "!"),
                                expression,
                                PlainChain.when(noCase, "i"),
                                PlainChain.when(dotAll, "s"),
                                PlainChain.when(relative, "R"));
        chain.add(
                text,
                (buffer, position, variables, rest) -> {
                    int base = relative ? Math.min(position, buffer.length) : 0;
                    Matcher matcher =
                            pattern.matcher(PlainChain.text(buffer, base, buffer.length - base));
                    int from = 0;
                    while (from <= buffer.length - base && matcher.find(from)) {
                        if (negated) {
                            return false;
                        }
                        if (rest.holds(base + matcher.end())) {
                            return true;
                        }
                        if (!others[0]) {
                            return false;
                        }
                        from = matcher.start() + 1;
                    }
                    return negated && rest.holds(position);
                });
        chain.anchored |= !negated;
        chain.matched = true;
    }

    // How an expression is made, in brackets at most two deep.

    private static String choice(Random random, int depth) {
        String first = sequence(random, depth);
        return random.nextInt(5) == 0 ? first + "|" + sequence(random, depth) : first;
    }

    private static String sequence(Random random, int depth) {
        StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "^" : "");
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text.append(repeated(random, depth));
        }
        return text.append(random.nextInt(10) == 0 ? "$" : "").toString();
    }

    private static String repeated(Random random, int depth) {
        String atom = atom(random, depth);
        if (atom.endsWith(")")) { // a group is not repeated at will: that may take for ever
            return random.nextInt(4) == 0 ? atom + "?" : atom;
        }
        return switch (random.nextInt(10)) {
            case 0 -> atom + "*";
            case 1 -> atom + "+";
            case 2 -> atom + "?";
            case 3 -> atom + "{1,3}";
            case 4 -> atom + (random.nextBoolean() ? "*?" : "+?");
            default -> atom;
        };
    }

    private static String atom(Random random, int depth) {
        char letter = PlainChain.LETTERS.charAt(random.nextInt(PlainChain.LETTERS.length()));
        return switch (random.nextInt(12)) {
            case 0 -> ".";
            case 1 -> "[ab]";
            case 2 -> "[^b0]";
            case 3 -> "\\d";
            case 4 -> "\\x0" + random.nextInt(8);
            case 5 -> "\\w";
            case 6 -> depth > 0 ? "(" + choice(random, depth - 1) + ")" : "a";
            case 7 -> depth > 0 ? "(?:" + choice(random, depth - 1) + ")" : "b";
            case 8 -> depth > 0 && random.nextInt(4) == 0 ? "(?=" + letter + ")" : "[A-B]";
            default -> "" + letter;
        };
    }
}
