package ips.core.rule.keyword;

import ips.core.rule.keyword.ByteValue.Word;
import java.util.Locale;

/** {@code byte_test}, {@code byte_jump}, {@code byte_extract}, {@code byte_math}. */
final class ByteKeywords {
    private ByteKeywords() {}

    private static String[] parts(String value, int least) {
        String[] parts = RuleDraft.required(value).split(",", -1);
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
        if (parts[2].matches("[+-]?(\\d+|0[xX]\\w+)")) {
            with = number(parts[2]);
        } else {
            variable = draft.variable(parts[2]);
        }
        if (parts[3].matches("0\\w+")) {
            number.offset = (int) NumberTest.ofAnyBase(parts[3], Integer.MAX_VALUE);
        } else {
            number.offset(parts[3], draft);
        }
        for (int i = 4; i < parts.length; i++) {
            if (!number.option(oneWord(parts[i], "bitmask"))) {
                throw unknown(parts[i]);
            }
        }
        checkBase(number);
        checkWidth(number, 8);
        draft.step(new ByteTestStep(number, operator, negated, with, variable));
    }

    /** As C reads numbers: hexadecimal behind 0x, octal behind 0. */
    private static long number(String text) {
        try {
            if (text.startsWith("0x")) {
                return Long.parseUnsignedLong(text.substring(2), 16);
            }
            return text.matches("[1-9]\\d*") ? Long.parseUnsignedLong(text) : Long.decode(text);
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

    private static void checkBase(ByteValue number) {
        if (number.says(Word.BASE) && !number.text) {
            throw new IllegalArgumentException("a base without string");
        }
    }

    private static IllegalArgumentException unknown(String word) {
        return new IllegalArgumentException("unknown word " + word);
    }

    /** The option, where nothing but the one named takes a value. */
    private static String oneWord(String option, String named) {
        if (option.contains(" ") && !option.startsWith(named + " ")) {
            throw unknown(option);
        }
        return option;
    }

    static void jump(String value, RuleDraft draft) {
        String[] parts = parts(value, 2);
        ByteValue number = new ByteValue();
        number.bytes(parts[0], draft);
        number.offset(parts[1], draft);
        ByteValue.place(number.offset);
        ByteJumpStep jump = new ByteJumpStep(number);
        for (int i = 2; i < parts.length; i++) {
            String word = parts[i].toLowerCase(Locale.ROOT);
            if (word.equals("from_beginning")) {
                jump.fromBeginning = true;
            } else if (word.equals("from_end")) {
                jump.fromEnd = true;
            } else if (word.equals("align")) {
                jump.align = true;
            } else if (word.startsWith("post_offset ")) {
                String by = word.substring("post_offset ".length()).strip();
                jump.postOffset = ByteValue.place(Long.parseLong(by));
            } else if (!number.option(oneWord(word, "multiplier")) || number.says(Word.MASK)) {
                throw unknown(word);
            }
        }
        if (jump.fromBeginning && jump.fromEnd) {
            throw new IllegalArgumentException("from_beginning and from_end");
        }
        checkBase(number);
        checkWidth(number, 8);
        draft.step(jump);
    }

    static void extract(String value, RuleDraft draft) {
        String[] parts = parts(value, 3);
        ByteValue number = new ByteValue();
        number.bytes(parts[0], draft);
        number.offset(parts[1], draft);
        if (number.bytesVariable != ByteValue.NONE || number.offsetVariable != ByteValue.NONE) {
            throw new IllegalArgumentException("bytes or an offset that are a variable");
        }
        ByteValue.place(number.offset);
        for (int i = 3; i < parts.length; i++) {
            if (parts[i].matches("align\\s+[24]")) {
                number.align = parts[i].endsWith("4") ? 4 : 2;
            } else if (parts[i].matches("string\\s+\\w+")
                    ? !number.optionOnce(parts[i])
                    : !number.optionOnce(oneWord(parts[i], "multiplier"))
                            || number.says(Word.MASK)) {
                throw unknown(parts[i]);
            }
        }
        checkBase(number);
        if (number.text && number.says(Word.ENDIAN)) {
            throw new IllegalArgumentException("an order of bytes beside string");
        }
        checkWidth(number, 8);
        if (!number.says(Word.BASE)) {
            number.radix = 10;
        }
        int digits = number.radix == 16 ? 14 : number.radix == 10 ? 20 : ByteValue.LONGEST_TEXT;
        if (number.text && number.bytes > digits) {
            throw new IllegalArgumentException(number.bytes + " digits; at most " + digits);
        }
        int result = draft.newVariable(parts[2]);
        draft.step(new ByteExtractStep(number, result, "", 0, ByteValue.NONE));
    }

    static void math(String value, RuleDraft draft) {
        ByteValue number = new ByteValue();
        number.ofMath = true;
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
                    if (!number.optionOnce(part)) {
                        throw unknown(part);
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
        if (number.bytesVariable == ByteValue.NONE && number.bytes == 0) {
            throw new IllegalArgumentException("0 bytes");
        }
        if (number.offsetVariable != ByteValue.NONE) {
            throw new IllegalArgumentException("an offset that is a variable");
        }
        if (operator.length() == 2 && number.bytes > Integer.BYTES) {
            throw new IllegalArgumentException(number.bytes + " bytes; at most 4 can be shifted");
        }
        boolean constant = operand.matches("[+]?\\d.*");
        long with = constant ? NumberTest.ofAnyBase(operand, 0xffff_ffffL) : 0;
        int variable = constant ? ByteValue.NONE : draft.variable(operand);
        draft.step(
                new ByteExtractStep(number, draft.newVariable(result), operator, with, variable));
    }
}
