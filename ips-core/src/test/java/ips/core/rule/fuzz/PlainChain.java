package ips.core.rule.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random chain of options on one buffer, as text and as a slow, plain matcher beside it, written
 * from the language's documentation. Every place that a content or an expression may lie at is
 * tried where a test goes on from it; as in Suricata its first place counts alone where another of
 * them stands between the two.
 */
final class PlainChain {
    /** Few letters, so that contents are found often and at several places. */
    static final String LETTERS = "abAB01";

    /** Variables that a rule may set. */
    static final int VARIABLES = 3;

    /** A test of the buffer, and then the rest of the tests. */
    interface Test {
        boolean holds(byte[] buffer, int position, long[] variables, Rest rest);
    }

    /** What follows a test, from a position on. */
    interface Rest {
        boolean holds(int position);
    }

    /** What a chain looks at. */
    enum Of {
        PACKET,
        STREAM,
        BUFFER
    }

    final Random random;
    final Of of;

    /** Whether it is of a payload, where sizes and negated contents bear upon each other. */
    final boolean ofPayload;

    /** What contents are made of: a transform leaves some letters nowhere. */
    String alphabet = LETTERS;

    /** Whether contents may be said to be of any case. */
    boolean mayIgnoreCase = true;

    /** Whether a test may go on from the one before. */
    boolean anchored;

    /** Variables set so far: a, b and c. */
    int variables;

    /** Whether there is a content that has to be there. */
    boolean positive;

    /** Whether there is a content or an expression, which another may go on from. */
    boolean matched;

    /** Whether a content is bound to a place counted from the beginning. */
    boolean placed;

    /** Whether the last content is tried at its other places when what follows fails. */
    boolean[] retried = new boolean[1];

    /** A size that the payload may not have: contents lie before it, as Suricata has it. */
    int sizeNotAllowed = Integer.MAX_VALUE;

    /** Whether there is a dsize, of which a rule has one. */
    boolean sized;

    /** Whether a size is named, other than one to be exceeded: nothing is left to the search. */
    boolean sizeBounded;

    /** The longest negated content without a place, by its number; it may lie nowhere at all. */
    int sought = -1;

    int soughtLength;

    private final StringBuilder options = new StringBuilder();
    private final List<Test> tests = new ArrayList<>();

    PlainChain(Random random, Of of) {
        this.random = random;
        this.of = of;
        ofPayload = of != Of.BUFFER;
    }

    /** Adds so many random options. */
    PlainChain fill(int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    if (of == Of.BUFFER || of == Of.PACKET && !sized) {
                        sized = true;
                        PlainSizes.size(this);
                    }
                }
                case 1 -> PlainSizes.dataAt(this);
                case 2 -> PlainNumbers.test(this);
                case 3 -> PlainNumbers.jump(this);
                case 4 -> PlainNumbers.extract(this);
                case 5 -> PlainNumbers.math(this);
                case 6 -> PlainExpressions.add(this);
                default -> PlainContents.add(this);
            }
        }
        return this;
    }

    /** Adds a content that has to be there, unless there is one. */
    PlainChain havingContent() {
        while (!positive) {
            PlainContents.add(this);
        }
        return this;
    }

    void add(String text, Test test) {
        options.append(text);
        tests.add(test);
    }

    int count() {
        return tests.size();
    }

    /** Says that what is added now goes on from the last match, or not. */
    boolean relative(boolean wanted) {
        boolean relative = anchored && wanted;
        retried[0] |= relative;
        return relative;
    }

    /** A variable set before, or a number of none. */
    int variable() {
        return variables > 0 && random.nextInt(4) == 0 ? random.nextInt(variables) : -1;
    }

    static String name(int variable) {
        return "v" + variable;
    }

    boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    static String when(boolean wanted, String text) {
        return wanted ? text : "";
    }

    boolean isEmpty() {
        return tests.isEmpty();
    }

    boolean holds(byte[] buffer) {
        return holds(buffer, 0, 0, new long[VARIABLES]);
    }

    private boolean holds(byte[] buffer, int test, int position, long[] variables) {
        return test == tests.size()
                || tests.get(test)
                        .holds(
                                buffer,
                                position,
                                variables,
                                next -> holds(buffer, test + 1, next, variables));
    }

    @Override
    public String toString() {
        return options.toString();
    }

    /** Random bytes of the same letters, with numbers among them. */
    static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[1 + random.nextInt(most)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] =
                    random.nextInt(5) == 0
                            ? (byte) random.nextInt(8)
                            : (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
        }
        return bytes;
    }

    /** Random letters of those that contents are made of. */
    String word(int most) {
        return letters(random, alphabet, most);
    }

    static String letters(Random random, String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
}
