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

    /** The host of an absolute URI with its port, or null. */
    static String authority(GrowingBytes raw) {
        int path = pathStart(raw);
        if (path == 0) {
            return null;
        }
        String all = raw.text(0, path);
        String authority = all.substring(all.indexOf("//") + 2);
        return authority.substring(authority.lastIndexOf('@') + 1);
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

    private static void removeDotSegments(GrowingBytes path, int start) {
        String text = path.text(start, path.length() - start);
        if (!text.contains("/.")) {
            return;
        }
        StringBuilder kept = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int slash = text.indexOf('/', at + 1);
            String segment = text.substring(at, slash < 0 ? text.length() : slash);
            if (segment.equals("/.")) {
                if (slash < 0) {
                    kept.append('/');
                }
            } else if (segment.equals("/..")) {
                kept.setLength(Math.max(0, kept.lastIndexOf("/")));
                if (slash < 0) {
                    kept.append('/');
                }
            } else {
                kept.append(segment);
            }
            at += segment.length();
        }
        path.truncate(start);
        path.add(kept.toString());
    }
}
