package ips.core.regex;

import java.util.Random;

/** Makes random expressions that PCRE2 and {@code java.util.regex} read alike. */
final class ExpressionMaker {
    private static final String[] LEAVES = {
        "a",
        "b",
        "c",
        "A",
        "ab",
        "\\.",
        ".",
        "[ab]",
        "[^a]",
        "[a-c1]",
        "[^\\n]",
        "\\w",
        "\\W",
        "\\d",
        "\\s",
        "\\S",
        "\\x61",
        "\\n",
        "[\\w-]",
        "\\Qa.\\E"
    };
    private static final String[] PLACES = {"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"};
    private static final String[] REPEATS = {
        "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}", "{0,1}"
    };

    private final Random random;
    private final boolean irregular;
    private int groups;

    ExpressionMaker(Random random, boolean irregular) {
        this.random = random;
        this.irregular = irregular;
    }

    String make() {
        groups = 0;
        return choice(3, true);
    }

    private String choice(int depth, boolean capture) {
        StringBuilder text = new StringBuilder(sequence(depth, capture));
        while (random.nextInt(4) == 0) {
            text.append('|').append(sequence(depth, capture));
        }
        return text.toString();
    }

    private String sequence(int depth, boolean capture) {
        if (random.nextInt(20) == 0) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
            text.append(part(depth, capture));
        }
        return text.toString();
    }

    private String part(int depth, boolean capture) {
        int what = random.nextInt(irregular ? 14 : 9);
        if (depth == 0 || what < 4) {
            String leaf = LEAVES[random.nextInt(LEAVES.length)];
            boolean repeatable = !leaf.endsWith("?") && !leaf.endsWith("E");
            return repeatable && random.nextInt(3) == 0 ? leaf + repeat() : leaf;
        }
        switch (what) {
            case 4:
                return PLACES[random.nextInt(PLACES.length)];
            case 5, 6:
                // rounds of a loop take a byte each: what an empty round does, engines dispute
                String round = LEAVES[random.nextInt(LEAVES.length)];
                return "(?:"
                        + round
                        + "(?:"
                        + choice(depth - 1, capture && !irregular)
                        + "))"
                        + repeat();
            case 7:
                return "(?i:" + choice(depth - 1, capture) + ")";
            case 8:
                if (!capture) {
                    return "a";
                }
                // its number is known only behind it, so that no reference is inside
                String body = choice(depth - 1, false);
                groups++;
                return "(" + body + ")";
            case 9:
                return "(?=" + choice(depth - 1, false) + ")";
            case 10:
                return "(?!" + choice(depth - 1, false) + ")";
            case 11:
                return (random.nextBoolean() ? "(?<=" : "(?<!") + "a|[bc]1|\\n" + ")";
            case 12:
                return random.nextBoolean()
                        ? "(?>" + choice(depth - 1, false) + ")"
                        : "[ab]" + (random.nextBoolean() ? "*+" : "?+");
            default:
                return groups == 0 ? "b" : "\\" + (1 + random.nextInt(groups)) + "(?:)";
        }
    }

    private String repeat() {
        return REPEATS[random.nextInt(REPEATS.length)];
    }
}
