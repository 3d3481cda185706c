package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;
import ips.core.regex.Regex;
import ips.core.regex.RegexSyntaxException;

/** {@code pcre}: a Perl-compatible expression, its flags, and the buffers flags may name. */
final class PcreKeyword {
    private PcreKeyword() {}

    static void pcre(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).strip();
        boolean negated = text.startsWith("!");
        if (negated) {
            text = text.substring(1).strip();
        }
        if (text.startsWith("\"")) {
            text = text.substring(1, text.length() - 1);
        }
        if (text.startsWith("m") && text.length() > 2 && !text.startsWith("/")) {
            text = text.substring(1);
        }
        char delimiter = text.isEmpty() ? 0 : text.charAt(0);
        int end = text.lastIndexOf(delimiter);
        if (text.length() < 2 || end < 1 || Character.isLetterOrDigit(delimiter)) {
            throw new IllegalArgumentException("expected /expression/flags");
        }
        String expression = text.substring(1, end);
        int comma = text.indexOf(',', end);
        String flags = (comma < 0 ? text.substring(end + 1) : text.substring(end + 1, comma));
        StringBuilder options = new StringBuilder();
        boolean relative = false;
        Buffer buffer = null;
        for (char flag : flags.strip().toCharArray()) {
            if (buffer != null && "UIPQHDMCSYVWZ".indexOf(flag) >= 0) {
                throw new IllegalArgumentException("two flags that each name a buffer");
            }
            switch (flag) {
                case 'i', 's', 'm', 'x', 'A', 'E', 'G' -> options.append(flag);
                case 'O', 'B' -> {}
                case 'R' -> relative = true;
                default -> buffer = buffer(flag);
            }
        }
        Regex regex;
        try {
            regex = Regex.compile(expression, options.toString());
        } catch (RegexSyntaxException e) {
            throw new IllegalArgumentException("expression, " + e.getMessage(), e);
        }
        PcreStep step = new PcreStep(regex, negated, relative);
        if (relative && !draft.hasMatchBefore(buffer)) {
            throw new IllegalArgumentException("R without a match before it in its buffer");
        }
        if (buffer == null) {
            draft.step(step);
        } else {
            if (draft.current().buffer != buffer) {
                draft.refuseSticky();
            }
            draft.step(buffer, step);
            draft.app(AppProtocol.HTTP);
        }
    }

    private static Buffer buffer(char flag) {
        return switch (flag) {
            case 'U' -> Buffer.HTTP_URI;
            case 'I' -> Buffer.HTTP_URI_RAW;
            case 'P' -> Buffer.HTTP_REQUEST_BODY;
            case 'Q' -> Buffer.FILE_DATA;
            case 'H' -> Buffer.HTTP_HEADER;
            case 'D' -> Buffer.HTTP_HEADER_RAW;
            case 'M' -> Buffer.HTTP_METHOD;
            case 'C' -> Buffer.HTTP_COOKIE;
            case 'S' -> Buffer.HTTP_STAT_CODE;
            case 'Y' -> Buffer.HTTP_STAT_MSG;
            case 'V' -> Buffer.HTTP_USER_AGENT;
            case 'W' -> Buffer.HTTP_HOST;
            case 'Z' -> Buffer.HTTP_HOST_RAW;
            default -> throw new IllegalArgumentException("unknown flag " + flag);
        };
    }
}
