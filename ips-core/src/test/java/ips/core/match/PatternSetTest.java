package ips.core.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatternSetTest {
    private static final long SEED = 4;

    @Test
    void reportsEveryOccurrenceWithItsEnd() {
        PatternSet set = set("he", "she", "his", "hers");

        assertEquals(List.of("0@4", "1@4", "3@6"), found(set, "ushers"));
    }

    @Test
    void mindsCaseUnlessToldToIgnoreIt() {
        PatternCompiler compiler = new PatternCompiler();
        compiler.add(bytes("Admin"), false);
        compiler.add(bytes("aDMIN"), true);
        compiler.add(bytes("admin"), false);
        PatternSet set = compiler.build();

        assertEquals(List.of("0@5", "1@5"), found(set, "Admin"));
        assertEquals(List.of("1@5", "2@5"), found(set, "admin"));
        assertEquals(List.of("1@5"), found(set, "ADMIN"));
    }

    @Test
    void readsNothingOutsideTheRange() {
        PatternSet set = set("abc");
        List<Integer> ends = new ArrayList<>();

        set.scan(bytes("abcabcabc"), 1, 7, (pattern, end) -> ends.add(end));

        assertEquals(List.of(6), ends);
    }

    @Test
    void refusesAnEmptyPattern() {
        PatternCompiler compiler = new PatternCompiler();

        assertThrows(IllegalArgumentException.class, () -> compiler.add(new byte[0], true));
    }

    @Test
    void findsNothingWithoutPatterns() {
        assertEquals(List.of(), found(new PatternCompiler().build(), "anything"));
    }

    @Test
    void agreesWithANaiveSearch() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            compareWithNaive(random, 1 + random.nextInt(30), 2 + random.nextInt(6), 200);
        }
    }

    @Test
    void agreesWithANaiveSearchForThousandsOfPatterns() {
        Random random = new Random(SEED);

        compareWithNaive(random, 30_000, 256, 2_000);
        compareWithNaive(random, 30_000, 64, 2_000);
    }

    @Test
    void comparesFewPatternsAtAPlaceThoughManyBeginAlike() {
        PatternCompiler compiler = new PatternCompiler();
        for (int i = 0; i < 1_000; i++) {
            compiler.add(bytes("/wp-content/plugins/" + Integer.toString(i * 7919, 36)), true);
        }

        assertTrue(compiler.build().mostCompared() < 20);
    }

    private static void compareWithNaive(Random random, int count, int alphabet, int length) {
        List<byte[]> patterns = new ArrayList<>();
        List<Boolean> caseless = new ArrayList<>();
        PatternCompiler compiler = new PatternCompiler();
        for (int i = 0; i < count; i++) {
            byte[] pattern = text(random, 1 + random.nextInt(20), alphabet);
            patterns.add(pattern);
            caseless.add(random.nextBoolean());
            compiler.add(pattern, caseless.get(i));
        }
        byte[] text = text(random, length, alphabet);
        for (int copies = 0; copies < length / 40; copies++) {
            byte[] pattern = patterns.get(random.nextInt(count));
            int at = random.nextInt(length - pattern.length);
            System.arraycopy(pattern, 0, text, at, pattern.length);
        }

        boolean[][] found = new boolean[count][length + 1];
        compiler.build()
                .scan(
                        text,
                        0,
                        length,
                        (pattern, end) -> {
                            assertFalse(found[pattern][end], "told twice");
                            found[pattern][end] = true;
                        });

        for (int p = 0; p < count; p++) {
            byte[] pattern = patterns.get(p);
            for (int end = pattern.length; end <= length; end++) {
                boolean here = occurs(pattern, text, end - pattern.length, caseless.get(p));
                if (here != found[p][end]) {
                    assertEquals(
                            here, found[p][end], new String(pattern, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private static boolean occurs(byte[] pattern, byte[] text, int at, boolean ignoreCase) {
        for (int i = 0; i < pattern.length; i++) {
            int p = pattern[i];
            int t = text[at + i];
            if (ignoreCase) {
                p = p >= 'A' && p <= 'Z' ? p + 32 : p;
                t = t >= 'A' && t <= 'Z' ? t + 32 : t;
            }
            if (p != t) {
                return false;
            }
        }
        return true;
    }

    /**
     * A small alphabet of letters in both cases, so that patterns overlap; a large one of bytes.
     */
    private static byte[] text(Random random, int length, int alphabet) {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i++) {
            int symbol = random.nextInt(alphabet);
            boolean letter = alphabet < 20;
            result[i] = (byte) (letter ? (random.nextBoolean() ? 'a' : 'A') + symbol : symbol);
        }
        return result;
    }

    private static PatternSet set(String... patterns) {
        PatternCompiler compiler = new PatternCompiler();
        for (String pattern : patterns) {
            compiler.add(bytes(pattern), false);
        }
        return compiler.build();
    }

    private static List<String> found(PatternSet set, String text) {
        List<String> found = new ArrayList<>();
        set.scan(bytes(text), 0, text.length(), (pattern, end) -> found.add(pattern + "@" + end));
        Collections.sort(found);
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
