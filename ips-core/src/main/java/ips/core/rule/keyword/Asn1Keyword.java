package ips.core.rule.keyword;

/** {@code asn1:oversize_length 500, absolute_offset 0}: signs of attack in what BER encodes. */
final class Asn1Keyword {
    private static final int FARTHEST = 65_535;

    private Asn1Keyword() {}

    static void asn1(String value, RuleDraft draft) {
        boolean bitString = false;
        boolean real = false;
        long size = -1;
        long absolute = -1;
        boolean relative = false;
        int by = 0;
        String[] words = RuleDraft.required(value).strip().split("[\\s,]+");
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "bitstring_overflow" -> bitString = true;
                case "double_overflow" -> real = true;
                case "oversize_length" ->
                        size = NumberTest.number(operand(words, ++i), 0xffff_ffffL);
                case "absolute_offset" ->
                        absolute = NumberTest.number(operand(words, ++i), FARTHEST);
                case "relative_offset" -> {
                    relative = true;
                    by = offset(operand(words, ++i));
                }
                default -> throw new IllegalArgumentException("unknown word " + words[i]);
            }
        }
        draft.step(
                new Asn1Step(
                        new Asn1Step.Wanted(
                                bitString, real, size, absolute, relative && absolute < 0, by)));
    }

    private static String operand(String[] words, int at) {
        if (at == words.length) {
            throw new IllegalArgumentException("a number is missing behind " + words[at - 1]);
        }
        return words[at];
    }

    private static int offset(String text) {
        boolean negative = text.startsWith("-");
        int bytes = (int) NumberTest.number(negative ? text.substring(1) : text, FARTHEST);
        return negative ? -bytes : bytes;
    }
}
