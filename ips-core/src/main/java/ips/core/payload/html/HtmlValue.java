package ips.core.payload.html;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/** A value that a page may hold, and where it came from. Reused for each value. */
@HotPath
final class HtmlValue {
    private static final int MOST_HARMLESS = 4;
    private static final int UNKNOWN = -1;

    /** How far from its ends a page has its head begin and its last tag. */
    private static final int PAGE_END = 256;

    private Text text;
    private Judgement out;
    private boolean rich;
    private boolean bare;
    private boolean surveyed;
    private int page;
    private int spaces;
    private int endOfCode;
    private int spokenFrom;
    private final int[] harmless = new int[2 * MOST_HARMLESS];
    private int harmlessCount;

    void read(Text value, PartKind part, Judgement judgement) {
        text = value;
        out = judgement;
        surveyed = false;
        page = UNKNOWN;
        harmlessCount = 0;
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

    /**
     * Whether the value is a page from its first tag to its last, or a component of one, as an
     * editor of templates sends it: what is put into a page has no head of its own.
     */
    boolean page() {
        if (page == UNKNOWN) {
            page = rich && (document() || component()) && !foreign() ? 1 : 0;
        }
        return page == 1;
    }

    private boolean document() {
        int n = text.length();
        int first = text.skipSpace(0);
        boolean begun = text.startsWith("<!doctype html", first) || text.startsWith("<html", first);
        return begun
                && text.find("</html>", Math.max(0, n - PAGE_END), n) > 0
                && text.find("<head", first, Math.min(n, PAGE_END)) > 0;
    }

    /** A component in one file, as frameworks have it: its markup, and a script that exports it. */
    private boolean component() {
        int first = text.skipSpace(0);
        boolean begun = text.startsWith("<template>", first) || text.startsWith("<script", first);
        int script = begun ? text.find("<script", first, text.length()) : -1;
        int content = script < 0 ? -1 : text.find(">", script, text.length()) + 1;
        return content > 0
                && (text.startsWith("export default ", text.skipSpace(content))
                        || text.startsWith("import ", text.skipSpace(content))
                                && text.find(" from ", content, content + PAGE_END) > 0)
                && text.find("</template>", first, text.length()) > 0;
    }

    /** Whether its script comes from another host, or there is nothing else in its body. */
    private boolean foreign() {
        int n = text.length();
        int at = text.find("<script", 0, n);
        while (at >= 0) {
            int content = text.find(">", at, n);
            int end = content < 0 ? -1 : text.find("</script", content, n);
            if (end < 0 || elsewhere(at, content) || imports(content, end)) {
                return true;
            }
            at = text.find("<script", end, n);
        }
        int body = text.find("<body", 0, n);
        int first = body < 0 ? -1 : text.skipSpace(text.find(">", body, n) + 1);
        while (first > 0 && text.startsWith("<script", first)) {
            int end = text.find("</script>", first, n);
            first = end < 0 ? n : text.skipSpace(end + 9);
            if (text.startsWith("</", first)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a tag in [from, to) has an address with a host or a scheme. */
    private boolean elsewhere(int from, int to) {
        int source = text.find("src", from, to);
        return source > 0 && (text.find("//", source, to) > 0 || text.find(":", source, to) > 0);
    }

    private boolean imports(int from, int to) {
        int at = text.find("import", from, to);
        while (at >= 0) {
            int stop = Math.min(to, at + PAGE_END);
            if (text.find("\"//", at, stop) > 0
                    || text.find("'//", at, stop) > 0
                    || text.find("://", at, stop) > 0
                    || text.find("data:", at, stop) > 0) {
                return true;
            }
            at = text.find("import", at + 6, to);
        }
        return false;
    }

    /** Whether four words and more stand before {@code at}: the markup is part of a text. */
    boolean spoken(int at) {
        survey();
        return spokenFrom <= at;
    }

    /**
     * The position behind the last byte that is a sign of code: a parenthesis, =, a closing tag.
     */
    int endOfCode() {
        survey();
        return endOfCode;
    }

    int spaces() {
        survey();
        return spaces;
    }

    /** One pass over the text, when it is first asked for. */
    private void survey() {
        if (surveyed) {
            return;
        }
        surveyed = true;
        spaces = 0;
        endOfCode = 0;
        spokenFrom = Integer.MAX_VALUE;
        boolean words = true;
        byte[] b = text.bytes();
        for (int i = 0; i < text.length(); i++) {
            byte c = b[i];
            if (c == ' ') {
                spaces++;
                spokenFrom = words && spaces == 4 ? i : spokenFrom;
            } else if (c == '(' || c == '=' || c == '/' && i > 0 && b[i - 1] == '<') {
                endOfCode = i + 1;
                words = false;
            } else {
                words &= letter(c) || c == ',' || c == '.';
            }
        }
    }

    /** Notes that the handler of an event in [from, to) does nothing; the last few are kept. */
    void harmless(int from, int to) {
        int at = harmlessCount++ % MOST_HARMLESS * 2;
        harmless[at] = from;
        harmless[at + 1] = to;
    }

    /** Whether a handler at {@code at} has been read and does nothing. */
    boolean harmless(int at) {
        int known = Math.min(harmlessCount, MOST_HARMLESS);
        for (int i = 0; i < known; i++) {
            if (at >= harmless[2 * i] && at < harmless[2 * i + 1]) {
                return true;
            }
        }
        return false;
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
