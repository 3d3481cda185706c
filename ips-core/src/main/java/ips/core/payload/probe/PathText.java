package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.text.Text;

/**
 * A value read as a path: every way to write a slash or a dot made plain ({@code \\}, {@code 0x2f},
 * {@code %5c}), runs of slashes one, and {@code /./} nothing. Owned by one judge; its text is
 * reused.
 */
@HotPath
final class PathText {
    private final Text copy;
    private final byte[] path;
    private int slashes;

    PathText(int capacity) {
        copy = new Text(capacity);
        path = copy.bytes();
    }

    /** The path last read. */
    Text text() {
        return copy;
    }

    /** How many slashes of it were written oddly beside dots. */
    int slashes() {
        return slashes;
    }

    /** Copies the text with all forms of slash and dot made plain; odd ones are counted. */
    void read(Text text) {
        byte[] in = text.bytes();
        int n = text.length();
        int to = 0;
        slashes = 0;
        for (int i = 0; i < n; i++) {
            byte c = in[i];
            if (c == '?' && dots(text.at(i - 1)) != dots(text.at(i + 1))) {
                c = '.';
            } else if (c == '\\'
                    && text.at(i + 1) == '.'
                    && text.at(i - 1) == '.'
                    && text.at(i - 2) != '.') {
                // \.\. is .. to a shell
                continue;
            } else if ((text.startsWith("2f", i) || text.startsWith("5c", i))
                    && text.at(i - 1) == '.'
                    && text.at(i - 2) == '.') {
                c = '/';
                i++;
                slashes++;
            } else if (c == '%'
                    && text.at(i - 1) == '.'
                    && i + 2 < n
                    && word(text.at(i + 1))
                    && word(text.at(i + 2))
                    && text.at(i + 3) == '%') {
                // %bg%qf: hexadecimal to a decoder that does not check
                c = '/';
                i += 5;
                slashes++;
            } else if (c == '\\') {
                c = '/';
                slashes += text.at(i - 1) == '.' || text.at(i + 1) == '.' ? 1 : 0;
            } else if (c == '0' && text.startsWith("x2f", i + 1)
                    || c == '%' && text.startsWith("2f", i + 1)) {
                c = '/';
                i += in[i] == '0' ? 3 : 2;
                slashes++;
            } else if (c == '0' && text.startsWith("x5c", i + 1)
                    || c == '%' && text.startsWith("5c", i + 1)) {
                i += in[i] == '0' ? 3 : 2;
                c = '/';
                slashes++;
            } else if (c == '0' && text.startsWith("x2e", i + 1)) {
                i += 3;
                c = '.';
            }
            if (c == '/' && to > 0 && path[to - 1] == '/') {
                continue;
            }
            // /./ is nothing
            if (c == '/' && to > 1 && path[to - 1] == '.' && path[to - 2] == '/') {
                to--;
                continue;
            }
            path[to++] = c;
        }
        copy.resize(to);
    }

    /** Whether the text has more than a few spaces. */
    boolean prose() {
        int spaces = 0;
        for (int i = 0; i < copy.length() && spaces < 6; i++) {
            spaces += path[i] == ' ' || path[i] == '\n' ? 1 : 0;
        }
        return spaces >= 5;
    }

    private static boolean dots(int c) {
        return c == '.' || c == '?';
    }

    static boolean word(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }
}
