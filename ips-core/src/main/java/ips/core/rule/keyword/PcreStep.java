package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** {@code pcre}: a regular expression over the bytes of a buffer. */
final class PcreStep extends Step {
    private final Regex regex;
    private final boolean negated;
    private final boolean relative;
    final String text;

    PcreStep(String text, Regex regex, boolean negated, boolean relative) {
        this.text = text;
        this.regex = regex;
        this.negated = negated;
        this.relative = relative;
    }

    @Override
    boolean relative() {
        return relative;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        int base = relative ? Math.min(in.position, buffer.length) : 0;
        int from = base;
        while (true) {
            long found =
                    regex.find(
                            buffer.buffer, buffer.offset + base, buffer.length - base, from - base);
            if (found < 0) {
                return negated && next.matches(buffer, in);
            }
            if (negated) {
                return false;
            }
            int start = base + (int) (found >>> 32);
            in.position = base + (int) found;
            if (next.matches(buffer, in)) {
                return true;
            }
            if (!anchorsOthers || --in.budget < 0 || start + 1 > buffer.length) {
                return false;
            }
            from = start + 1;
        }
    }
}
