package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/** A value that a page may hold, and where it came from. Reused for each value. */
@HotPath
final class HtmlValue {
    private Text text;
    private Judgement out;
    private boolean rich;
    private boolean bare;

    void read(Text value, PartKind part, Judgement judgement) {
        text = value;
        out = judgement;
        // a body may hold a page; nobody writes one into a query, a cookie or a header
        rich = part.multiLine() || part == PartKind.REFERER;
        bare =
                !rich
                        || value.length() < 100
                                && !value.startsWith("<?xml", 0)
                                && (value.at(0) == '<' || value.at(1) == '<' || value.at(1) == '>');
    }

    Text text() {
        return text;
    }

    /** Whether honest values of this part may hold markup. */
    boolean rich() {
        return rich;
    }

    /** Whether there is no text around the markup, or should be none. */
    boolean bare() {
        return bare;
    }

    void raise(int points, String why, int from, int to) {
        out.raise(points, why, from, Math.min(to, text.length()));
    }

    void add(int points) {
        out.add(points);
    }

    static boolean letter(int c) {
        return c >= 'a' && c <= 'z';
    }

    static boolean nameByte(int c) {
        return letter(c) || c >= '0' && c <= '9' || c == '-' || c == '_';
    }
}
