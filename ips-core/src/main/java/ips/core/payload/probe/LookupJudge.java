package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds Log4Shell (CVE-2021-44228) behind the lookups that hide it.
 *
 * <p>A stack of fixed depth resolves {@code ${lower:x}}, {@code ${upper:x}}, {@code ${env:NAME:-x}},
 * {@code ${::-x}} and {@code ${date:'x'}} to x while the text is copied; then {@code ${jndi:} is
 * looked for. Deeper nesting than {@value #DEPTH} is an attack by itself.
 */
@HotPath
public final class LookupJudge implements Judge {
    private static final int DEPTH = 24;

    /** Further lookups that only read something, where a value begins with one. */
    private static final Words LOOKUPS =
            Words.of("main bundle docker spring k8s sd jvmrunargs log4j marker event web");

    private final Text resolved;
    private final byte[] b;
    private final int[] opened = new int[DEPTH];

    /** Lookups that were resolved, but for those that a shell writes as well. */
    private int lookups;

    public LookupJudge(int capacity) {
        resolved = new Text(capacity);
        b = resolved.bytes();
    }

    @Override
    public void judge(Text text, PartKind part, Judgement out) {
        int at = text.find("${", 0, text.length());
        int bare = text.find("jndi:", 0, text.length());
        boolean fetches = bare >= 0 && scheme(text, bare + 5);
        if (at >= 0) {
            if (!resolve(text, at, out)) {
                judgeResolved(text, at, fetches, part, out);
            }
        } else if (fetches) {
            out.raise(90, "jndi", bare, bare + 8);
        }
    }

    /**
     * Copies the text with its lookups resolved, from the innermost outwards.
     *
     * @return whether an attack showed, and was raised, before the end
     */
    private boolean resolve(Text text, int first, Judgement out) {
        byte[] in = text.bytes();
        int n = text.length();
        int to = 0;
        int depth = 0;
        lookups = 0;
        for (int i = 0; i < n; i++) {
            byte c = in[i];
            if (c == '$' && i + 1 < n && in[i + 1] == '{') {
                if (depth == DEPTH) {
                    out.raise(100, "nested-lookups", first, i);
                    return true;
                }
                opened[depth++] = to;
                b[to++] = '$';
                b[to++] = '{';
                i++;
            } else if (c == '}' && depth > 0) {
                int start = opened[--depth];
                resolved.resize(to);
                if (resolved.startsWith("${jndi:", start) || compact(start, to)) {
                    out.raise(100, "jndi", first, Math.min(n, i + 1));
                    return true;
                }
                to = close(start, to);
            } else {
                b[to++] = c;
            }
        }
        resolved.resize(to);
        return false;
    }

    /**
     * Ends the lookup in [start, to): puts its value in its place, or the brace behind it if it has
     * none.
     *
     * @return the end of what was copied
     */
    private int close(int start, int to) {
        if (to == start + 2) {
            return start; // ${} is nothing
        }
        int value = value(start, to);
        if (value == 0) {
            b[to] = '}';
            return to + 1;
        }
        // ${name:-text} by itself is a default of the shell's
        lookups += shell(start, value) ? 0 : 1;
        // ${date:'j'}: a letter that the date's pattern quotes
        boolean quoted = b[value] == '\'' && b[to - 1] == '\'' && to - value > 2;
        int from = quoted ? value + 1 : value;
        int length = (quoted ? to - 1 : to) - from;
        System.arraycopy(b, from, b, start, length);
        return start + length;
    }

    private void judgeResolved(Text text, int at, boolean fetches, PartKind part, Judgement out) {
        int to = resolved.length();
        int end = Math.min(text.length(), at + 24);
        if (fetches || resolved.find("${jndi:", 0, to) >= 0) {
            out.raise(100, "jndi", at, end);
        } else if (lookups >= 3) {
            out.raise(85, "lookups", at, end);
        } else if (resolved.find("jndi:", 0, to) >= 0) {
            out.raise(100, "jndi", at, end);
        } else if (resolved.find("${env:", 0, to) >= 0
                || resolved.find("${sys:", 0, to) >= 0
                || resolved.find("${java:", 0, to) >= 0
                || resolved.find("${ctx:", 0, to) >= 0
                || at == 0 && LOOKUPS.code(b, 2, Math.max(2, resolved.find(":", 2, to))) != 0) {
            // a template may hold one, but no client writes templates into its headers
            boolean header = part == PartKind.HEADER || part == PartKind.USER_AGENT;
            boolean whole = at == 0 && text.at(text.length() - 1) == '}' && !part.multiLine();
            out.raise(header || whole ? 85 : 60, "lookups", at, end);
        }
    }

    /** "${j n d i:" with spaces or signs that Log4j 2.x drops. */
    private boolean compact(int start, int to) {
        int k = 0;
        String word = "jndi:";
        for (int i = start + 2; i < to && i < start + 24; i++) {
            if (b[i] == word.charAt(k)) {
                if (++k == word.length()) {
                    return true;
                }
            } else if (b[i] != ' ' && b[i] != '\n') {
                return false;
            }
        }
        return false;
    }

    private static boolean scheme(Text text, int at) {
        return text.startsWith("ldap", at)
                || text.startsWith("rmi", at)
                || text.startsWith("dns", at)
                || text.startsWith("nis", at)
                || text.startsWith("iiop", at)
                || text.startsWith("corba", at)
                || text.startsWith("nds", at)
                || text.startsWith("http", at);
    }

    /** Whether a name and nothing else stands before the default that begins at {@code value}. */
    private boolean shell(int start, int value) {
        int end = value - 2;
        if (b[end] != ':' || b[end + 1] != '-') {
            return false;
        }
        for (int i = start + 2; i < end; i++) {
            // an element of an array, as scripts of shells have it, is a name too
            boolean name =
                    b[i] >= 'a' && b[i] <= 'z'
                            || b[i] >= '0' && b[i] <= '9'
                            || b[i] == '_'
                            || b[i] == '[' && i > start + 2
                            || b[i] == ']'
                            || b[i] == '('
                            || b[i] == ')';
            if (!name) {
                return false;
            }
        }
        return end > start + 2;
    }

    /** Where the value of the lookup in [start, to) begins, or 0 if it has none that is known. */
    private int value(int start, int to) {
        for (int i = start + 2; i + 1 < to; i++) {
            if (b[i] == ':' && b[i + 1] == '-') {
                return i + 2;
            }
        }
        if (resolved.startsWith("${lower:", start) || resolved.startsWith("${upper:", start)) {
            return start + 8;
        }
        return resolved.startsWith("${date:", start) ? start + 7 : 0;
    }
}
