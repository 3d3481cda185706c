package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import ips.core.regex.Regex;
import ips.core.regex.RegexMatcher;
import ips.core.regex.RegexSyntaxException;
import java.util.HexFormat;

/** The transforms: what is made of a buffer before it is looked at. */
final class Transforms {
    private Transforms() {}

    static Keyword of(Transform transform) {
        return (value, draft) -> {
            RuleDraft.none(value);
            draft.transform(transform);
        };
    }

    /**
     * A transform that leaves no place with certain bytes.
     *
     * @param text what it removes, as a person says it
     * @param removed whether the bytes at a place of a content are what it removes
     */
    static Keyword of(Transform transform, String text, Removed removed) {
        Transform checked =
                new Transform() {
                    @Override
                    public ByteRange apply(ByteRange bytes, Inspection.Memory memory) {
                        return transform.apply(bytes, memory);
                    }

                    @Override
                    public String neverMakes(byte[] content) {
                        for (int i = 0; i < content.length; i++) {
                            if (removed.at(content, i)) {
                                return text;
                            }
                        }
                        return null;
                    }
                };
        return of(checked);
    }

    /** Whether a content has at a place what a transform leaves nowhere. */
    interface Removed {
        boolean at(byte[] content, int place);
    }

    static boolean upper(byte[] content, int place) {
        return content[place] >= 'A' && content[place] <= 'Z';
    }

    static boolean lower(byte[] content, int place) {
        return content[place] >= 'a' && content[place] <= 'z';
    }

    static boolean space(byte[] content, int place) {
        return isSpace(content[place]);
    }

    static boolean spaces(byte[] content, int place) {
        return place > 0 && isSpace(content[place]) && isSpace(content[place - 1]);
    }

    static ByteRange toLower(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length);
        for (int i = 0; i < in.length; i++) {
            out[i] = ContentStep.lower(in.at(i));
        }
        return memory.filled(in.length);
    }

    static ByteRange toUpper(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length);
        for (int i = 0; i < in.length; i++) {
            byte b = in.at(i);
            out[i] = b >= 'a' && b <= 'z' ? (byte) (b - 32) : b;
        }
        return memory.filled(in.length);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    static ByteRange stripWhitespace(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length);
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            if (!isSpace(in.at(i))) {
                out[n++] = in.at(i);
            }
        }
        return memory.filled(n);
    }

    static ByteRange compressWhitespace(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length);
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            byte b = in.at(i);
            boolean again = i > 0 && isSpace(b) && isSpace(in.at(i - 1));
            if (!again) {
                out[n++] = b;
            }
        }
        return memory.filled(n);
    }

    static ByteRange urlDecode(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length);
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            byte b = in.at(i);
            if (b == '+') {
                b = ' ';
            } else if (b == '%' && i + 2 < in.length) {
                int high = Character.digit(in.at(i + 1), 16);
                int low = Character.digit(in.at(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    b = (byte) (high << 4 | low);
                    i += 2;
                }
            }
            out[n++] = b;
        }
        return memory.filled(n);
    }

    static ByteRange dotPrefix(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length + 1);
        out[0] = '.';
        in.buffer.getBytes(in.offset, out, 1, in.length);
        return memory.filled(in.length + 1);
    }

    /** Names of headers in lower case, their values as they are. */
    static ByteRange headerLowercase(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length);
        boolean name = true;
        for (int i = 0; i < in.length; i++) {
            byte b = in.at(i);
            if (b == ':') {
                name = false;
            } else if (b == '\n') {
                name = true;
            }
            out[i] = name ? ContentStep.lower(b) : b;
        }
        return memory.filled(in.length);
    }

    /** Leaves out lines that begin with a colon, as HTTP/2 names its pseudo headers. */
    static ByteRange stripPseudoHeaders(ByteRange in, Inspection.Memory memory) {
        byte[] out = memory.room(in.length);
        int n = 0;
        boolean lineStart = true;
        boolean pseudo = false;
        for (int i = 0; i < in.length; i++) {
            byte b = in.at(i);
            if (lineStart) {
                pseudo |= b == ':';
                lineStart = b == '\r' || b == '\n';
            } else if (b == '\n') {
                lineStart = true;
            }
            if (!pseudo) {
                out[n++] = b;
            }
            pseudo &= !lineStart;
        }
        return memory.filled(n);
    }

    static Keyword hash(String algorithm) {
        return of((in, memory) -> memory.hash(algorithm, in));
    }

    /** What the first group of an expression matches; all of it where the expression does not. */
    static void pcrexform(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).strip();
        if (text.length() < 3 || !text.startsWith("\"") || !text.endsWith("\"")) {
            throw new IllegalArgumentException("expected an expression in quotes");
        }
        Regex regex;
        try {
            regex = Regex.compileCapturing(text.substring(1, text.length() - 1));
        } catch (RegexSyntaxException e) {
            throw new IllegalArgumentException("expression, " + e.getMessage(), e);
        }
        draft.transform(
                (in, memory) -> {
                    RegexMatcher matcher = memory.matcher(regex);
                    if (!matcher.find(in.buffer, in.offset, in.length, in.offset)
                            || matcher.groupStart() < 0) {
                        return in;
                    }
                    int length = matcher.groupEnd() - matcher.groupStart();
                    byte[] out = memory.room(length);
                    in.buffer.getBytes(matcher.groupStart(), out, 0, length);
                    return memory.filled(length);
                });
    }

    static void xor(String value, RuleDraft draft) {
        String hex = RuleDraft.required(value).strip().replace("\"", "");
        byte[] key = HexFormat.of().parseHex(hex);
        if (key.length == 0) {
            throw new IllegalArgumentException("an empty key");
        }
        draft.transform(
                (in, memory) -> {
                    byte[] out = memory.room(in.length);
                    for (int i = 0; i < in.length; i++) {
                        out[i] = (byte) (in.at(i) ^ key[i % key.length]);
                    }
                    return memory.filled(in.length);
                });
    }
}
