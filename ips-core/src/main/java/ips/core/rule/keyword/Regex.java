package ips.core.rule.keyword;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;

/** A regular expression over bytes. */
final class Regex {
    private final ThreadLocal<Matcher> matcher;
    private final ThreadLocal<Text> text = ThreadLocal.withInitial(Text::new);

    Regex(String pattern, int flags) {
        Pattern compiled = Pattern.compile(pattern, flags);
        matcher = ThreadLocal.withInitial(() -> compiled.matcher(""));
    }

    /** Bytes as characters of ISO 8859-1. */
    private static final class Text implements CharSequence {
        private DirectBuffer buffer;
        private int offset;
        private int length;

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            return (char) (buffer.getByte(offset + index) & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            Text part = new Text();
            part.buffer = buffer;
            part.offset = offset + start;
            part.length = end - start;
            return part;
        }

        @Override
        public String toString() {
            StringBuilder all = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                all.append(charAt(i));
            }
            return all.toString();
        }
    }

    /**
     * The first match at or behind {@code from}.
     *
     * @return its beginning in the upper half and its end in the lower, from {@code offset}; or -1
     */
    long find(DirectBuffer buffer, int offset, int length, int from) {
        Text bytes = text.get();
        bytes.buffer = buffer;
        bytes.offset = offset;
        bytes.length = length;
        Matcher m = matcher.get();
        m.reset(bytes);
        if (from > length || !m.find(from)) {
            return -1;
        }
        return (long) m.start() << 32 | m.end();
    }
}
