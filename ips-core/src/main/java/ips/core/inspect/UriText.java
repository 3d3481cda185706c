package ips.core.inspect;

/**
 * A request's URI as rules look at it, normalised as Suricata's parser does by default. Scheme and
 * authority are taken off. In the path escapes ({@code %41}, {@code %u0041}) are undone once, a
 * backslash counts for a slash, several slashes for one; UTF-8 becomes the byte of the same
 * character of ISO 8859-1, or the nearest of ASCII, or a question mark; then dot segments are
 * removed (RFC 3986 §5.2.4, but no slash is left where the last of them was). In the query only
 * {@code %41} is undone. A plus stays.
 */
final class UriText {
    private static final int FULL_WIDTH = 0xff01;
    private static final int FULL_WIDTH_LAST = 0xff5e;
    private static final int UNDECODABLE = '?';

    private UriText() {}

    static void normalize(GrowingBytes raw, GrowingBytes to) {
        to.clear();
        int at = pathStart(raw);
        int end = raw.length();
        int query = plainEnd(raw.array(), at, end);
        if (query < end && raw.at(query) != '?') {
            while (query < end && raw.at(query) != '?') {
                query++;
            }
            path(raw, at, query, to);
            decodeUtf8(to);
            removeDotSegments(to);
        } else {
            to.add(raw, at, query - at);
        }
        query(raw, query, end, to);
    }

    /**
     * The end of what a path may hold that stays as it is: it begins with a slash, none of its
     * segments is empty or begins with a dot, nothing is escaped and all is ASCII. Behind it stands
     * the query or something else.
     */
    private static int plainEnd(byte[] raw, int from, int end) {
        if (from < end && raw[from] != '/') {
            return from;
        }
        byte before = 0;
        int at = from;
        while (at < end) {
            byte b = raw[at];
            if (b == '?' || b < 0 || b == '%' || b == '\\') {
                break;
            }
            if (before == '/' && (b == '/' || b == '.')) {
                break;
            }
            before = b;
            at++;
        }
        return at;
    }

    private static void query(GrowingBytes raw, int from, int end, GrowingBytes to) {
        byte[] text = raw.array();
        int copied = from;
        for (int i = from; i + 2 < end; i++) {
            if (text[i] == '%') {
                int value = hex(raw, i + 1, 2);
                if (value >= 0) {
                    to.add(raw, copied, i - copied);
                    to.add((byte) value);
                    i += 2;
                    copied = i + 1;
                }
            }
        }
        to.add(raw, copied, end - copied);
    }

    /** Where the path begins: behind a scheme and, if there is one, the authority. */
    private static int pathStart(GrowingBytes raw) {
        int at = authorityStart(raw);
        return at >= 0 ? authorityEnd(raw, at) : behindScheme(raw);
    }

    /** What begins with no slash has a scheme if there is a colon in it. */
    private static int behindScheme(GrowingBytes raw) {
        int length = raw.length();
        if (length == 0 || raw.at(0) == '/') {
            return 0;
        }
        int colon = 0;
        while (colon < length && raw.at(colon) != ':') {
            colon++;
        }
        return colon == length ? 0 : colon + 1;
    }

    /** Where the authority begins, or -1. */
    private static int authorityStart(GrowingBytes raw) {
        int at = behindScheme(raw);
        boolean named =
                at > 0
                        && at + 2 < raw.length()
                        && raw.at(at) == '/'
                        && raw.at(at + 1) == '/'
                        && raw.at(at + 2) != '/';
        return named ? at + 2 : -1;
    }

    private static int authorityEnd(GrowingBytes raw, int start) {
        int at = start;
        while (at < raw.length() && raw.at(at) != '/' && raw.at(at) != '?' && raw.at(at) != '#') {
            at++;
        }
        return at;
    }

    /** Adds the host of an absolute URI with its port; false where it has none. */
    static boolean authority(GrowingBytes raw, GrowingBytes to) {
        int from = authorityStart(raw);
        if (from < 0) {
            return false;
        }
        int end = authorityEnd(raw, from);
        int start = end;
        while (start > from && raw.at(start - 1) != '@') {
            start--;
        }
        to.add(raw, start, end - start);
        return true;
    }

    private static void path(GrowingBytes raw, int from, int end, GrowingBytes to) {
        int i = from;
        while (i < end) {
            int value = raw.at(i) & 0xff;
            int length = 1;
            if (value == '%') {
                int wide = i + 5 < end ? wideEscaped(raw, i) : -1;
                int plain = i + 2 < end ? escaped(raw, i) : -1;
                if (wide >= 0) {
                    value = nearest(wide);
                    length = 6;
                } else if (plain >= 0) {
                    value = plain;
                    length = 3;
                }
            }
            value = value == '\\' ? '/' : value;
            boolean again = value == '/' && to.length() > 0 && to.at(to.length() - 1) == '/';
            if (!again) {
                to.add((byte) value);
            }
            i += length;
        }
    }

    /** The byte that {@code %xx} stands for, or -1. */
    private static int escaped(GrowingBytes raw, int at) {
        return raw.at(at) == '%' ? hex(raw, at + 1, 2) : -1;
    }

    /** The character that {@code %uxxxx} stands for, or -1. */
    private static int wideEscaped(GrowingBytes raw, int at) {
        return (raw.at(at + 1) | 0x20) == 'u' ? hex(raw, at + 2, 4) : -1;
    }

    private static int hex(GrowingBytes raw, int at, int digits) {
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(raw.at(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** A character as one byte. */
    private static int nearest(int character) {
        if (character < 0x100) {
            return character;
        }
        boolean full = character >= FULL_WIDTH && character <= FULL_WIDTH_LAST;
        return full ? character - FULL_WIDTH + '!' : UNDECODABLE;
    }

    /** In place; forms longer than need be are decoded, too, for servers did so. */
    private static void decodeUtf8(GrowingBytes path) {
        int kept = 0;
        for (int i = 0; i < path.length(); ) {
            int first = path.at(i) & 0xff;
            int more = continuations(first);
            int character = more <= 0 ? first : first & 0x3f >> more;
            boolean whole = more >= 0;
            for (int k = 1; whole && k <= more; k++) {
                if (i + k == path.length()) {
                    path.truncate(kept); // what is cut short is left out
                    return;
                }
                int next = path.at(i + k) & 0xff;
                whole = next >> 6 == 2;
                character = character << 6 | next & 0x3f;
            }
            path.set(kept++, (byte) (whole ? nearest(character) : UNDECODABLE));
            i += whole ? more + 1 : 1;
        }
        path.truncate(kept);
    }

    /** How many bytes follow the first of a character; -1 where it can be no first one. */
    private static int continuations(int first) {
        if (first < 0x80) {
            return 0;
        }
        if (first < 0xc0 || first >= 0xf8) {
            return -1;
        }
        return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    }

    /** In place, for what is kept is never longer than what was read. */
    private static void removeDotSegments(GrowingBytes path) {
        int length = path.length();
        int at = leadingDots(path);
        int kept = 0;
        boolean removed = false;
        while (at < length) {
            int slash = at + 1;
            while (slash < length && path.at(slash) != '/') {
                slash++;
            }
            int dots = dots(path, at, slash);
            if (dots == 2) {
                kept = previousSlash(path, kept);
            } else if (dots == 0 && !(removed && slash == length && at == length - 1)) {
                for (int i = at; i < slash; i++) {
                    path.set(kept++, path.at(i));
                }
            }
            removed = dots > 0;
            at = slash;
        }
        path.truncate(kept);
    }

    /** How long {@code ./} and {@code ../} at the beginning are. */
    private static int leadingDots(GrowingBytes path) {
        int at = 0;
        while (true) {
            int dots = 0;
            while (dots < 2 && at + dots < path.length() && path.at(at + dots) == '.') {
                dots++;
            }
            int slash = at + dots;
            if (dots == 0 || slash >= path.length() || path.at(slash) != '/') {
                return at;
            }
            at = slash + 1;
        }
    }

    /** How many dots a segment and its slash consist of, if of one or two; else 0. */
    private static int dots(GrowingBytes path, int slash, int end) {
        int dots = end - slash - 1;
        if (path.at(slash) != '/' || dots < 1 || dots > 2) {
            return 0;
        }
        return path.at(slash + 1) == '.' && path.at(end - 1) == '.' ? dots : 0;
    }

    private static int previousSlash(GrowingBytes path, int end) {
        int at = end;
        while (at > 0) {
            at--;
            if (path.at(at) == '/') {
                return at;
            }
        }
        return 0;
    }
}
