package ips.core.rule.keyword;

/** {@code byte_test}, {@code byte_jump}, {@code byte_extract}, {@code byte_math}. */
final class ByteKeywords {
    private ByteKeywords() {}

    private static String[] parts(String value, int least) {
        String[] parts = RuleDraft.required(value).split(",");
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].strip();
        }
        if (parts.length < least) {
            throw new IllegalArgumentException("expected " + least + " values or more");
        }
        return parts;
    }

    static void test(String value, RuleDraft draft) {
        String[] parts = parts(value, 4);
        ByteValue number = new ByteValue();
        number.bytes(parts[0], draft);
        String operator = parts[1];
        boolean negated = operator.startsWith("!");
        if (negated) {
            operator = operator.substring(1).strip();
            operator = operator.isEmpty() ? "=" : operator;
        }
        if (!operator.matches("<|>|=|<=|>=|&|\\^")) {
            throw new IllegalArgumentException("unknown operator " + operator);
        }
        long with = 0;
        int variable = ByteValue.NONE;
        if (parts[2].matches("[+-]?\\d.*")) {
            with = number(parts[2]);
        } else {
            variable = draft.variable(parts[2]);
        }
        number.offset(parts[3], draft);
        options(number, parts, 4, draft);
        checkWidth(number, 8);
        draft.step(new ByteTestStep(number, operator, negated, with, variable));
    }

    /** As C reads numbers: hexadecimal behind 0x, octal behind 0. */
    private static long number(String text) {
        try {
            return text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.decode(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + text, e);
        }
    }

    private static void checkWidth(ByteValue number, int most) {
        int limit = number.text ? ByteValue.LONGEST_TEXT : most;
        if (number.bytesVariable == ByteValue.NONE && number.bytes > limit) {
            throw new IllegalArgumentException(number.bytes + " bytes; at most " + limit);
        }
    }

    private static void options(ByteValue number, String[] parts, int from, RuleDraft draft) {
        for (int i = from; i < parts.length; i++) {
            if (!parts[i].isEmpty() && !number.option(parts[i], draft)) {
                throw new IllegalArgumentException("unknown word " + parts[i]);
            }
        }
    }

    static void jump(String value, RuleDraft draft) {
        String[] parts = parts(value, 2);
        ByteValue number = new ByteValue();
        number.bytes(parts[0], draft);
        number.offset(parts[1], draft);
        ByteJumpStep jump = new ByteJumpStep(number);
        for (int i = 2; i < parts.length; i++) {
            String word = parts[i];
            if (word.equals("from_beginning")) {
                jump.fromBeginning = true;
            } else if (word.equals("from_end")) {
                jump.fromEnd = true;
            } else if (word.equals("align")) {
                jump.align = true;
            } else if (word.startsWith("post_offset")) {
                String by = word.substring("post_offset".length()).strip();
                if (by.matches("[+-]?\\d+")) {
                    jump.postOffset = Long.parseLong(by);
                } else {
                    jump.postOffsetVariable = draft.variable(by);
                }
            } else if (!number.option(word, draft)) {
                throw new IllegalArgumentException("unknown word " + word);
            }
        }
        checkWidth(number, 8);
        draft.step(jump);
    }

    static void extract(String value, RuleDraft draft) {
        String[] parts = parts(value, 3);
        ByteValue number = new ByteValue();
        number.bytes(parts[0], draft);
        number.offset(parts[1], draft);
        for (int i = 3; i < parts.length; i++) {
            if (parts[i].startsWith("align")) {
                number.align = (int) NumberTest.number(parts[i].substring(5), 4);
            } else if (!number.option(parts[i], draft)) {
                throw new IllegalArgumentException("unknown word " + parts[i]);
            }
        }
        checkWidth(number, 8);
        int result = draft.newVariable(parts[2]);
        draft.step(new ByteExtractStep(number, result, "", 0, ByteValue.NONE));
    }

    static void math(String value, RuleDraft draft) {
        ByteValue number = new ByteValue();
        String operator = null;
        String operand = null;
        String result = null;
        for (String part : parts(value, 5)) {
            String[] pair = part.split("\\s+", 2);
            String second = pair.length > 1 ? pair[1].strip() : "";
            switch (pair[0]) {
                case "bytes" -> number.bytes(second, draft);
                case "offset" -> number.offset(second, draft);
                case "oper" -> operator = second;
                case "rvalue" -> operand = second;
                case "result" -> result = second;
                default -> {
                    if (!number.option(part, draft)) {
                        throw new IllegalArgumentException("unknown word " + part);
                    }
                }
            }
        }
        if (operator == null || operand == null || result == null) {
            throw new IllegalArgumentException("oper, rvalue and result are needed");
        }
        if (!operator.matches("\\+|-|\\*|/|<<|>>")) {
            throw new IllegalArgumentException("unknown operator " + operator);
        }
        checkWidth(number, 10);
        boolean constant = operand.matches("[+-]?\\d.*");
        long with = constant ? number(operand) : 0;
        int variable = constant ? ByteValue.NONE : draft.variable(operand);
        draft.step(
                new ByteExtractStep(number, draft.newVariable(result), operator, with, variable));
    }
}
