package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** What a file without a known beginning is: a text of some kind, or data. As libmagic has it. */
final class TextMagic {
    /** How far from the beginning marks are looked for. */
    private static final int NEAR = 4096;

    private static final int LONG_LINE = 300;

    private static final String[] HTML = {
        "<!doctype html",
        "<head>",
        "<head ",
        "<title>",
        "<title ",
        "<html>",
        "<html ",
        "<script>",
        "<script ",
        "<style>",
        "<style ",
        "<table>",
        "<table ",
        "<a href=",
    };

    /** Programs that run scripts, and what the scripts of each are. */
    private static final String[] SHELLS = {"bash", "python", "perl", "ruby", "php", "node", "sh"};

    private static final String[] SCRIPTS = {
        "Bourne-Again shell script",
        "Python script",
        "Perl script",
        "Ruby script",
        "PHP script",
        "Node.js script",
        "POSIX shell script"
    };

    /** What texts of a kind begin with, in small letters, and what they are. */
    private static final String[] BEGINNINGS = {
        "<?xml", "<?php", "<svg", "#include", "@echo off", "return-path:", "received:", "--- ",
    };

    private static final String[] KINDS = {
        "XML 1.0 document",
        "PHP script",
        "SVG Scalable Vector Graphics image",
        "C source",
        "DOS batch file",
        "SMTP mail",
        "SMTP mail",
        "unified diff output",
    };

    private TextMagic() {}

    static boolean isAscii(ByteRange file) {
        for (int i = 0; i < file.length; i++) {
            if (!isText(file.at(i) & 0xff)) {
                return false;
            }
        }
        return true;
    }

    static void describe(ByteRange file, Inspection.Memory to) {
        boolean ascii = true;
        boolean latin = true;
        boolean unicode = true;
        int followers = 0;
        for (int i = 0; i < file.length; i++) {
            int c = file.at(i) & 0xff;
            ascii &= isText(c);
            latin &= isText(c) || c >= 0xa0;
            if (followers > 0) {
                unicode &= (c & 0xc0) == 0x80;
                followers--;
            } else {
                followers = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : 0;
                unicode &= isText(c) || followers > 0 && c < 0xf5;
            }
        }
        boolean html = hasAny(file);
        if (!ascii && !unicode && !latin) {
            to.add(html ? "HTML document" : "data");
            return;
        }
        if (isJson(file)) {
            to.add("JSON text data");
            return;
        }
        String kind = html ? "HTML document" : kind(file);
        boolean script = is(file, 0, "#!");
        to.add(kind);
        to.add(kind.isEmpty() ? "" : ", ");
        to.add(ascii ? "ASCII text" : unicode ? "Unicode text, UTF-8 text" : "ISO-8859 text");
        to.add(script ? " executable" : "");
        lines(file, to);
    }

    private static boolean isText(int c) {
        return c >= ' ' && c < 0x7f || c >= 7 && c <= 13 || c == 0x1b;
    }

    /** Whether it begins and ends as an object or a list does. */
    private static boolean isJson(ByteRange file) {
        int end = file.length;
        while (end > 0 && file.at(end - 1) <= ' ' && file.at(end - 1) >= 0) {
            end--;
        }
        boolean object = end > 4 && file.at(0) == '{' && file.at(end - 1) == '}';
        boolean list = end > 2 && file.at(0) == '[' && file.at(end - 1) == ']';
        return object && file.at(1) == '"' || list && file.at(1) != ']' && file.at(1) != '[';
    }

    private static String kind(ByteRange file) {
        if (is(file, 0, "#!")) {
            return shell(file);
        }
        for (int n = 0; n < BEGINNINGS.length; n++) {
            if (is(file, 0, BEGINNINGS[n])) {
                return KINDS[n];
            }
        }
        return "";
    }

    private static String shell(ByteRange file) {
        for (int n = 0; n < SHELLS.length; n++) {
            for (int at = 2; at < file.length && file.at(at) != '\n'; at++) {
                if (is(file, at, SHELLS[n])) {
                    return SCRIPTS[n];
                }
            }
        }
        return "script";
    }

    private static boolean hasAny(ByteRange file) {
        int end = Math.min(NEAR, file.length);
        for (int at = 0; at < end; at++) {
            if (file.at(at) != '<') {
                continue;
            }
            for (String mark : HTML) {
                if (is(file, at, mark)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a text in small letters stands at a place, in any case. */
    private static boolean is(ByteRange file, int at, String text) {
        if (file.length < at + text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (ContentStep.lower(file.at(at + i)) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static void lines(ByteRange file, Inspection.Memory to) {
        int crlf = 0;
        int lf = 0;
        int cr = 0;
        int longest = 0;
        int start = 0;
        for (int i = 0; i < file.length; i++) {
            byte c = file.at(i);
            if (c != '\r' && c != '\n') {
                continue;
            }
            longest = Math.max(longest, i - start);
            if (c == '\n') {
                lf++;
            } else if (i + 1 < file.length && file.at(i + 1) == '\n') {
                crlf++;
                i++;
            } else {
                cr++;
            }
            start = i + 1;
        }
        longest = Math.max(longest, file.length - start);
        if (longest > LONG_LINE) {
            to.add(", with very long lines (").number(longest).add(")");
        }
        if (crlf + lf + cr == 0) {
            to.add(", with no line terminators");
        } else if (crlf + cr > 0) {
            to.add(", with ").add(crlf > 0 ? "CRLF" : "").add(crlf > 0 && cr > 0 ? ", " : "");
            to.add(cr > 0 ? "CR" : "").add(lf > 0 ? ", LF" : "").add(" line terminators");
        }
    }
}
