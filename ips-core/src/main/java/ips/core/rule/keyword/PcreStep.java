package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import ips.core.regex.Regex;
import ips.core.regex.RegexMatcher;

/** {@code pcre}: a regular expression over the bytes of a buffer. */
final class PcreStep extends Step {
    private final Regex regex;
    private final boolean negated;
    private final boolean relative;

    PcreStep(Regex regex, boolean negated, boolean relative) {
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
        RegexMatcher matcher = in.pcre.of(regex);
        while (true) {
            boolean found =
                    matcher.find(
                            buffer.buffer,
                            buffer.offset + base,
                            buffer.length - base,
                            buffer.offset + from);
            if (!found) {
                return negated && next.matches(buffer, in);
            }
            if (negated) {
                return false;
            }
            in.position = matcher.end() - buffer.offset;
            int start = anchorsOthers ? matcher.start() - buffer.offset : 0;
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
