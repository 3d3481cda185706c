package ips.core.inspect;

/**
 * A request's URI as rules look at it: scheme and host taken off, escapes undone once, dot segments
 * of the path removed (RFC 3986 §5.2.4). An escaped slash stays escaped and parts no segments; a
 * plus, a backslash and double slashes stay.
 */
final class UriText {
    private UriText() {}

    static void normalize(GrowingBytes raw, GrowingBytes to) {
        to.clear();
        int at = pathStart(raw);
        int end = raw.length();
        int query = at;
        while (query < end && raw.at(query) != '?') {
            query++;
        }
        int start = to.length();
        for (int i = at; i < query; i++) {
            i = decode(raw, i, query, to, true);
        }
        removeDotSegments(to, start);
        for (int i = query; i < end; i++) {
            i = decode(raw, i, end, to, false);
        }
    }

    /** Where the path begins: behind scheme and authority of an absolute URI. */
    private static int pathStart(GrowingBytes raw) {
        int colon = 0;
        while (colon < raw.length() && Character.isLetter(raw.at(colon))) {
            colon++;
        }
        boolean absolute =
                colon > 0
                        && colon + 2 < raw.length()
                        && raw.at(colon) == ':'
                        && raw.at(colon + 1) == '/'
                        && raw.at(colon + 2) == '/';
        if (!absolute) {
            return 0;
        }
        int at = colon + 3;
        while (at < raw.length() && raw.at(at) != '/' && raw.at(at) != '?') {
            at++;
        }
        return at;
    }

    /** Adds the host of an absolute URI with its port; false where it has none. */
    static boolean authority(GrowingBytes raw, GrowingBytes to) {
        int end = pathStart(raw);
        if (end == 0) {
            return false;
        }
        int start = end;
        while (raw.at(start - 1) != '/' && raw.at(start - 1) != '@') {
            start--;
        }
        to.add(raw, start, end - start);
        return true;
    }

    private static int decode(GrowingBytes raw, int i, int end, GrowingBytes to, boolean path) {
        byte b = raw.at(i);
        if (b == '%' && i + 2 < end) {
            int high = Character.digit(raw.at(i + 1), 16);
            int low = Character.digit(raw.at(i + 2), 16);
            int value = high << 4 | low;
            if (high >= 0 && low >= 0 && !(path && value == '/')) {
                to.add((byte) value);
                return i + 2;
            }
        }
        to.add(b);
        return i;
    }

    /** In place, for what is kept is never longer than what was read. */
    private static void removeDotSegments(GrowingBytes path, int start) {
        int length = path.length();
        int kept = start;
        int at = start;
        while (at < length) {
            int slash = at + 1;
            while (slash < length && path.at(slash) != '/') {
                slash++;
            }
            int dots = dots(path, at, slash);
            if (dots == 0) {
                for (int i = at; i < slash; i++) {
                    path.set(kept++, path.at(i));
                }
            } else {
                if (dots == 2) {
                    kept = previousSlash(path, start, kept);
                }
                if (slash == length) {
                    path.set(kept++, (byte) '/');
                }
            }
            at = slash;
        }
        path.truncate(kept);
    }

    /** How many dots a segment and its slash consist of, if of one or two; else 0. */
    private static int dots(GrowingBytes path, int slash, int end) {
        int dots = end - slash - 1;
        if (path.at(slash) != '/' || dots < 1 || dots > 2) {
            return 0;
        }
        return path.at(slash + 1) == '.' && path.at(end - 1) == '.' ? dots : 0;
    }

    private static int previousSlash(GrowingBytes path, int start, int end) {
        int at = end;
        while (at > start) {
            at--;
            if (path.at(at) == '/') {
                return at;
            }
        }
        return start;
    }
}
