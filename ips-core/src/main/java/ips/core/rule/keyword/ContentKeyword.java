package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** {@code content} and what may follow it. */
final class ContentKeyword {
    private ContentKeyword() {}

    static void content(String value, RuleDraft draft) {
        if (!RuleDraft.required(value).matches("(?s)\\s*!?\\s*\".*")) {
            throw new IllegalArgumentException("expected a text in quotes");
        }
        draft.content(parse(value));
    }

    static void uricontent(String value, RuleDraft draft) {
        draft.refuseSticky();
        draft.content(Buffer.HTTP_URI, parse(value));
        draft.app(AppProtocol.HTTP);
    }

    /** A content that names its buffer itself. */
    static Keyword within(Buffer buffer) {
        return (value, draft) -> {
            draft.content(buffer, parse(value));
            draft.app(buffer.app());
        };
    }

    static ContentStep parse(String value) {
        String text = RuleDraft.required(value).strip();
        boolean negated = text.startsWith("!");
        if (negated) {
            text = text.substring(1).strip();
        }
        if (text.startsWith("\"")) {
            text = text.substring(1, text.length() - 1);
        }
        byte[] bytes = bytes(text);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("empty content");
        }
        if (bytes.length > 65_535) {
            throw new IllegalArgumentException("longer than 65535 bytes");
        }
        return new ContentStep(bytes, negated);
    }

    /** The bytes of a quoted text: escapes undone, hexadecimal between bars. */
    static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean hex = false;
        int high = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '|') {
                if (high >= 0) {
                    throw new IllegalArgumentException("half a byte in hexadecimal");
                }
                hex = !hex;
            } else if (hex) {
                if (c == ' ' || c == ',') {
                    continue;
                }
                int digit = c < 128 ? Character.digit(c, 16) : -1;
                if (digit < 0) {
                    throw new IllegalArgumentException("not hexadecimal: " + c);
                }
                if (high < 0) {
                    high = digit;
                } else {
                    out.write(high << 4 | digit);
                    high = -1;
                }
            } else if (c == '\\') {
                if (++i == text.length()) {
                    throw new IllegalArgumentException("nothing behind the last backslash");
                }
                char escaped = text.charAt(i);
                if ("\\:;\"".indexOf(escaped) < 0) {
                    throw new IllegalArgumentException("\\" + escaped + " is no escape");
                }
                out.write(escaped);
            } else if (c == '"') {
                throw new IllegalArgumentException("a quote within it that is not escaped");
            } else if (c < 128) {
                out.write(c);
            } else {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        if (hex) {
            throw new IllegalArgumentException("unclosed | of hexadecimal");
        }
        return out.toByteArray();
    }

    static void nocase(String value, RuleDraft draft) {
        RuleDraft.none(value);
        refuseSecond(draft.lastContent().noCase);
        draft.lastContent().ignoreCase();
    }

    /** Contents are looked for in bytes as they came in any case. */
    static void rawbytes(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.lastContent();
    }

    private static void refuseSecond(boolean said) {
        if (said) {
            throw new IllegalArgumentException("there is one before it for the same content");
        }
    }

    private static void refuseBeside(boolean said, String others) {
        if (said) {
            throw new IllegalArgumentException("cannot be together with " + others);
        }
    }

    private static boolean isNumber(String value) {
        return value.strip().matches("[+-]?\\d\\w*");
    }

    static void offset(String value, RuleDraft draft) {
        ContentStep content = draft.lastContent();
        refuseSecond(content.hasOffset);
        refuseBeside(content.relative(), "distance or within");
        refuseBeside(content.startsWith, "startswith");
        content.hasOffset = true;
        if (isNumber(RuleDraft.required(value))) {
            content.offset = (int) NumberTest.ofAnyBase(value, 65_535);
        } else {
            content.offsetVariable = draft.variable(value.strip());
        }
    }

    static void depth(String value, RuleDraft draft) {
        ContentStep content = draft.lastContent();
        refuseSecond(content.hasDepth);
        refuseBeside(content.relative(), "distance or within");
        content.hasDepth = true;
        if (isNumber(RuleDraft.required(value))) {
            content.depth = (int) NumberTest.ofAnyBase(value, 65_535);
        } else {
            content.depthVariable = draft.variable(value.strip());
        }
    }

    static void distance(String value, RuleDraft draft) {
        ContentStep content = draft.lastContent();
        refuseSecond(content.hasDistance);
        refuseBeside(content.hasOffset || content.hasDepth, "offset or depth");
        content.hasDistance = true;
        if (isNumber(RuleDraft.required(value))) {
            content.distance = signed(value);
        } else {
            content.distanceVariable = draft.variable(value.strip());
        }
    }

    static void within(String value, RuleDraft draft) {
        ContentStep content = draft.lastContent();
        refuseSecond(content.hasWithin);
        refuseBeside(content.hasOffset || content.hasDepth, "offset or depth");
        content.hasWithin = true;
        if (isNumber(RuleDraft.required(value))) {
            content.within = signed(value);
        } else {
            content.withinVariable = draft.variable(value.strip());
        }
    }

    private static int signed(String value) {
        long number = Long.decode(value.strip());
        if (number < -1_048_576 || number > 1_048_576) {
            throw new IllegalArgumentException(value + " does not lie within 1048576 either way");
        }
        return (int) number;
    }

    static void startswith(String value, RuleDraft draft) {
        RuleDraft.none(value);
        ContentStep content = draft.lastContent();
        refuseSecond(content.hasDepth);
        refuseBeside(content.hasOffset || content.relative(), "offset, distance or within");
        content.startsWith = true;
        content.hasDepth = true;
        content.depth = content.bytes.length;
    }

    static void endswith(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.lastContent().endsWith = true;
    }

    static void fastPattern(String value, RuleDraft draft) {
        ContentStep content = draft.lastContent();
        refuseSecond(content.fastPattern);
        content.fastPattern = true;
        if (value == null || value.isBlank() || value.strip().equals("only")) {
            content.fastPatternOnly = value != null && value.strip().equals("only");
            return;
        }
        String[] parts = value.split(",");
        if (parts.length != 2) {
            throw new IllegalArgumentException("expected only, or offset,length");
        }
        content.chopOffset = (int) NumberTest.number(parts[0], 65_535);
        content.chopLength = (int) NumberTest.number(parts[1], 65_535);
        if (content.chopOffset + content.chopLength > content.bytes.length) {
            throw new IllegalArgumentException("reaches behind the content");
        }
    }

    static void dataAt(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).strip();
        boolean negated = text.startsWith("!");
        String[] parts = (negated ? text.substring(1) : text).split(",");
        boolean relative = false;
        for (int i = 1; i < parts.length; i++) {
            switch (parts[i].strip()) {
                case "relative" -> relative = true;
                case "rawbytes" -> {}
                default -> throw new IllegalArgumentException("unknown word " + parts[i].strip());
            }
        }
        String bytes = parts[0].strip();
        boolean constant = isNumber(bytes);
        if (negated && relative && bytes.equals("1")) {
            ContentStep before = draft.contentBefore();
            if (before != null) {
                before.endsWith = true; // as Suricata has it, also of one that is negated
                return;
            }
        }
        draft.step(
                new DataAtStep(
                        negated,
                        relative,
                        constant ? (int) NumberTest.number(bytes, 65_535) : 0,
                        constant ? -1 : draft.variable(bytes)));
    }

    static void bsize(String value, RuleDraft draft) {
        if (draft.current().buffer == Buffer.PAYLOAD) {
            throw new IllegalArgumentException("there is no buffer before it");
        }
        draft.step(new SizeStep(NumberTest.parse(RuleDraft.required(value), Long.MAX_VALUE)));
    }

    static void urilen(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",", 2);
        boolean raw = parts.length > 1 && parts[1].strip().equals("raw");
        draft.step(
                raw ? Buffer.HTTP_URI_RAW : Buffer.HTTP_URI,
                new SizeStep(NumberTest.beginning(parts[0], 65_535)));
        draft.app(AppProtocol.HTTP);
    }
}
