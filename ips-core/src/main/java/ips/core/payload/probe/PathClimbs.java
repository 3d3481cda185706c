package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Counts and judges the climbs of a path: runs of dots, at least two, next to a slash.
 *
 * <p>One or two are how pages link to what lies beside them; how they are written, where they lead
 * and where the value stands tells those apart. Owned by one {@link TraversalJudge}.
 */
@HotPath
final class PathClimbs {
    /** Endings of what pages link to. */
    static final Words LINKED =
            Words.of(
                    "png jpg jpeg gif svg webp ico css js map woff woff2 html htm"
                            + " doc docx xls xlsx ppt pptx odt csv mp3 mp4 md rst adoc pdf scss less ts tsx jsx vue");

    /** Disguises of a text that no link has. */
    private static final int DISGUISES =
            Text.ENCODED_TWICE | Text.OVERLONG | Text.LOOKALIKE | Text.PERCENT_U | Text.NUL;

    private final PathText whole;
    private final byte[] path;

    private int climbs;
    private int first;

    /** Climbs of more than two dots, which some decoders shorten. */
    private int odd;

    /** Whether one is written {@code ..;/}, which climbs where a proxy sees a name. */
    private boolean hidden;

    private boolean disguised;
    private boolean file;

    PathClimbs(PathText whole) {
        this.whole = whole;
        path = whole.text().bytes();
    }

    /** Counts the climbs of the path at hand. */
    void count() {
        int n = whole.text().length();
        climbs = 0;
        first = -1;
        odd = 0;
        hidden = false;
        for (int i = 0; i < n; i++) {
            if (path[i] == '.') {
                int start = i;
                i = dotsEnd(start, n);
                run(start, i, n);
            }
        }
    }

    /** The end of a run of dots, spaces before further dots or a slash included. */
    private int dotsEnd(int start, int n) {
        int i = start;
        while (i < n
                && (path[i] == '.'
                        || path[i] == ' '
                                && i + 1 < n
                                && (path[i + 1] == '.' || path[i + 1] == '/'))) {
            i++;
        }
        return i;
    }

    private void run(int start, int end, int n) {
        // ". /x" is how a shell reads a script
        int dots = end - start == 2 && path[start + 1] == ' ' ? 1 : end - start;
        boolean before = start > 0 && path[start - 1] == '/';
        boolean semicolon = end < n && path[end] == ';';
        boolean after =
                end < n && path[end] == '/' || semicolon && end + 1 < n && path[end + 1] == '/';
        boolean edge = start == 0 || !PathText.word(path[start - 1]);
        if (dots >= 2 && edge && (after || before && (end == n || path[end] == '{'))) {
            climbs++;
            odd += dots != 2 ? 1 : 0;
            hidden |= semicolon;
        } else if (dots >= 6 && before) {
            climbs += 2;
            odd += 2;
        } else {
            return;
        }
        first = first < 0 ? start : first;
    }

    /**
     * Judges what was counted.
     *
     * @param namesFile whether a file that no client should name is among it
     */
    void judge(Text text, PartKind part, boolean namesFile, Judgement out) {
        if (climbs == 0) {
            return;
        }
        disguised = (text.flags() & DISGUISES) != 0;
        file = namesFile;
        boolean leads =
                first <= 1
                        || climbs > 1 && (first == 2 && path[0] == '.' || path[first - 1] == '=');
        int points = climbs >= 3 ? many(part, leads) : few(part, leads);
        if (plain()) {
            points = asPlain(points, part, leads);
        }
        if (whole.prose() && !file) {
            points = points * 2 / 5;
        }
        if (part == PartKind.REFERER && !disguised && !file && climbs < 3) {
            points /= 2;
        }
        out.raise(points, "climbs", first, Math.min(text.length(), first + 8));
    }

    /** Three climbs and more are an attack, unless most of them may be an ellipsis. */
    private int many(PartKind part, boolean leads) {
        boolean ellipses =
                odd > 2 * climbs / 3 && !disguised && !leads && whole.slashes() == 0 && !file;
        if (!ellipses) {
            return 100;
        }
        return part == PartKind.PATH ? 85 : 60;
    }

    private int few(PartKind part, boolean leads) {
        int points = climbs == 2 ? 75 : 45;
        points += leads && !(climbs == 1 && endsAsLinked()) ? 35 : 0;
        points += disguised ? 40 : 0;
        points += odd > 0 && (leads || climbs > 1) ? 20 : 0;
        points += whole.slashes() > 0 ? 25 : 0;
        points += hidden ? 40 : 0;
        points += part == PartKind.FILE_NAME || part == PartKind.PATH ? 40 : 0;
        points += file ? 60 : 0;
        return points;
    }

    /** Whether nothing about the path is odd but that it climbs. */
    private boolean plain() {
        return !disguised && whole.slashes() == 0 && odd == 0 && !file;
    }

    /** What is left of the points of a path that is not odd. */
    private int asPlain(int points, PartKind part, boolean leads) {
        boolean linked = endsAsLinked();
        if (linked && part == PartKind.PATH && inside()) {
            // a link of a page's style that its reader put together: /css/../img/a.png
            return Math.min(points, 60);
        }
        if (linked && leads && climbs <= 3) {
            // a page's link to its style
            return Math.min(points, 45);
        }
        // a path that a text speaks of
        boolean mentioned = first > 2 && path[first - 1] == ' ' && part.multiLine();
        return mentioned ? Math.min(points, 60) : points;
    }

    /** Whether one or two climbs stay inside the directories named before them. */
    private boolean inside() {
        int names = 0;
        for (int i = 1; i < first; i++) {
            names += path[i] == '/' && path[i - 1] != '/' ? 1 : 0;
        }
        return climbs <= Math.min(2, names);
    }

    /** A relative link of a page: ../images/logo.png, ../next.html?x=1. */
    private boolean endsAsLinked() {
        int n = whole.text().length();
        int query = whole.text().find("?", 0, n);
        int end = query > 0 ? query : n;
        int dot = end - 1;
        while (dot > 0 && path[dot] != '.' && end - dot < 6) {
            dot--;
        }
        return LINKED.code(path, dot + 1, end) != 0;
    }
}
