package ips.core.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import ips.core.packet.FrameBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Random expressions over random text, against {@code java.util.regex} where both agree. See {@link
 * Fuzz} for more.
 */
class RegexFuzzTest {
    private static final String ALPHABET = "aaabbbcAB_1 \n\n.-\u0080";

    @Test
    void agreesWithJavaOnRegularExpressions() throws RegexSyntaxException {
        compare(new Random(Fuzz.SEED), Fuzz.cases(60_000), false);
    }

    @Test
    void agreesWithJavaOnLooksReferencesAndAtomicGroups() throws RegexSyntaxException {
        compare(new Random(Fuzz.SEED), Fuzz.cases(40_000), true);
    }

    private static void compare(Random random, int rounds, boolean irregular)
            throws RegexSyntaxException {
        RegexBudget budget = new RegexBudget(Long.MAX_VALUE);
        for (int round = 0; round < rounds; round++) {
            ExpressionMaker maker = new ExpressionMaker(random, irregular);
            String pattern = maker.make();
            int flags = Pattern.UNIX_LINES;
            StringBuilder letters = new StringBuilder();
            flags |= flag(random, letters, 'i', Pattern.CASE_INSENSITIVE);
            flags |= flag(random, letters, 's', Pattern.DOTALL);
            flags |= flag(random, letters, 'm', Pattern.MULTILINE);
            boolean anchored = random.nextInt(4) == 0;
            Pattern java = Pattern.compile(pattern, flags);
            Regex ours = Regex.compile(pattern, anchored ? letters + "A" : letters.toString());
            RegexMatcher matcher = ours.matcher(budget);
            for (int texts = 0; texts < 4; texts++) {
                String text = text(random);
                int from = random.nextInt(3) == 0 ? random.nextInt(text.length() + 1) : 0;
                Matcher expected =
                        java.matcher(text).useAnchoringBounds(false).useTransparentBounds(true);
                expected.region(from, text.length());
                boolean found = anchored ? expected.lookingAt() : expected.find();
                String want = found ? expected.start() + "-" + expected.end() : "none";

                byte[] padded = ("xx" + text + "yy").getBytes(StandardCharsets.ISO_8859_1);
                FrameBuffer buffer = new FrameBuffer(padded);
                boolean have = matcher.find(buffer, 2, text.length(), 2 + from);
                String got = have ? matcher.start() - 2 + "-" + (matcher.end() - 2) : "none";

                assertEquals(
                        want,
                        got,
                        () ->
                                "/"
                                        + pattern
                                        + "/"
                                        + letters
                                        + (anchored ? "A" : "")
                                        + " on '"
                                        + text
                                        + "' from "
                                        + from);
            }
        }
        // Regular ones are never given up; of the others some backtrack without end in any engine.
        int allowed = irregular ? rounds / 10_000 : 0;
        assertTrue(budget.limitHits() <= allowed, budget.limitHits() + " given up");
    }

    private static int flag(Random random, StringBuilder letters, char letter, int flag) {
        if (random.nextInt(3) > 0) {
            return 0;
        }
        letters.append(letter);
        return flag;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        // of no text at all, Java says that no line begins in it
        for (int length = 1 + random.nextInt(16); length > 0; length--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
