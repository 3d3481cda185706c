package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.util.HashSet;
import java.util.Set;

/**
 * {@code base64_decode}: decodes from a place on (RFC 4648), as far as the characters are base64's.
 * What {@code base64_data} asks of the bytes then decides all; without, it never holds, as Suricata
 * has it.
 */
final class Base64Step extends Step {
    private final boolean relative;
    private final int offset;
    private final int mostCharacters;

    /** What is asked of the decoded bytes. */
    final BufferDraft decoded = new BufferDraft(Buffer.PAYLOAD);

    private Step ofDecoded = END;

    Base64Step(boolean relative, int offset, int mostCharacters) {
        this.relative = relative;
        this.offset = offset;
        this.mostCharacters = mostCharacters;
    }

    static void decode(String value, RuleDraft draft) {
        boolean relative = false;
        int offset = 0;
        int most = Integer.MAX_VALUE;
        Set<String> said = new HashSet<>();
        for (String option : value == null ? new String[0] : value.split(",")) {
            String[] parts = option.strip().split("\\s+", 2);
            if (!said.add(parts[0])) {
                throw new IllegalArgumentException(parts[0] + " twice");
            }
            switch (parts[0]) {
                case "relative" -> relative = true;
                case "offset" -> offset = (int) NumberTest.number(parts[1], 65_535);
                case "bytes" -> most = (int) NumberTest.number(parts[1], 65_535);
                default -> throw new IllegalArgumentException("unknown word " + parts[0]);
            }
        }
        draft.base64(new Base64Step(relative, offset, most));
    }

    /** {@code base64_data}. */
    static void data(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.useDecoded();
    }

    @Override
    boolean relative() {
        return relative;
    }

    /** Once the rule is read. */
    void chainDecoded() {
        ofDecoded = Step.chain(decoded.steps);
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        long from = (relative ? in.position : 0) + (long) offset;
        if (from >= buffer.length) {
            return false;
        }
        ByteRange bytes = decode(buffer, (int) from, in.decoded());
        if (bytes.length == 0 || decoded.steps.isEmpty()) {
            return false;
        }
        in.position = 0;
        return ofDecoded.matches(bytes, in);
    }

    private ByteRange decode(ByteRange in, int from, Inspection.Memory memory) {
        int end = (int) Math.min(in.length, (long) from + mostCharacters);
        byte[] out = memory.room((end - from) / 4 * 3 + 3);
        int length = 0;
        int bits = 0;
        int characters = 0;
        for (int i = from; i < end; i++) {
            int digit = digit(in.at(i));
            if (digit < 0) {
                break;
            }
            bits = bits << 6 | digit;
            if (++characters == 4) {
                out[length++] = (byte) (bits >> 16);
                out[length++] = (byte) (bits >> 8);
                out[length++] = (byte) bits;
                characters = 0;
                bits = 0;
            }
        }
        if (characters == 2) {
            out[length++] = (byte) (bits >> 4);
        } else if (characters == 3) {
            out[length++] = (byte) (bits >> 10);
            out[length++] = (byte) (bits >> 2);
        }
        return memory.filled(length);
    }

    private static int digit(byte c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }
}
