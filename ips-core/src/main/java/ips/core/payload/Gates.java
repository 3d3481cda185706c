package ips.core.payload;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.payload.text.Phrases;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Tells cheaply which judges a value is worth: by the signs that occur in it, one table look-up a
 * byte, and by short phrases that every attack of some class must hold, one pass over all of them.
 *
 * <p>A value of letters, digits, dots and commas ends after the first pass; that is most of honest
 * traffic. A judge is asked when a sign or a phrase of its {@link Judges} line occurs, so a gate
 * that is too wide costs time, and one that is too narrow costs an attack.
 */
@HotPath
final class Gates {
    // signs: what bytes occur
    static final int LETTER = 1;
    static final int PLAIN = 1 << 1;
    static final int DIGIT = 1 << 2;
    static final int SPACE = 1 << 3;
    static final int SLASH = 1 << 4;
    static final int COLON = 1 << 5;
    static final int PERCENT = 1 << 6;
    static final int QUOTE = 1 << 7;
    static final int PAREN = 1 << 8;
    static final int ANGLE = 1 << 9;
    static final int SEMICOLON = 1 << 10;
    static final int PIPE = 1 << 11;
    static final int AMPERSAND = 1 << 12;
    static final int DOLLAR = 1 << 13;
    static final int BRACE = 1 << 14;
    static final int EQUALS = 1 << 15;
    static final int STAR = 1 << 16;
    static final int BACKSLASH = 1 << 17;
    static final int BACKTICK = 1 << 18;
    static final int LINE = 1 << 19;
    static final int HASH = 1 << 20;
    static final int BRACKET = 1 << 21;
    static final int QUESTION = 1 << 22;
    static final int PLUS = 1 << 23;
    static final int OTHER = 1 << 24;
    static final int HIGH = 1 << 25;
    static final int DASH = 1 << 26;
    static final int AT = 1 << 27;
    static final int DOT = 1 << 28;

    /** Signs that a value may hold and need no look at phrases. */
    private static final int QUIET = LETTER | PLAIN | DIGIT | DASH | DOT;

    /** Signs by which the folded form may differ from the bytes in more than case and spaces. */
    static final int FOLDED = HIGH | LINE;

    // phrases: what they are for
    static final int SQL = 1;
    static final int LOGIC = 1 << 1;
    static final int FILE = 1 << 2;
    static final int SCRIPT = 1 << 3;
    static final int CODE = 1 << 4;
    static final int HOST = 1 << 5;
    static final int COMMAND = 1 << 6;
    static final int JNDI = 1 << 7;
    static final int INCLUDE = 1 << 8;
    static final int RETURN = 1 << 9;
    static final int TEMPLATE = 1 << 10;
    static final int FILTER = 1 << 11;
    static final int ENTITY = 1 << 12;

    /** The least length of a value that is {@link #telling}. */
    private static final int TELLING = 8;

    // The first four bytes of the attacks that are plain words, read as a little-endian int.
    private static final int PROTO = beginning("__pr");
    private static final int CONSTRUCT = beginning("__co");
    private static final int CALL = beginning("call");
    private static final int CLASS = beginning("clas");
    private static final int SHELL = beginning("shel");
    private static final int PASS = beginning("pass");
    private static final int PROC = beginning("proc");
    private static final int PCNTL = beginning("pcnt");
    private static final int COM = beginning("com.");
    private static final int JAVA = beginning("java");
    private static final int ORG = beginning("org.");
    private static final int HTPASSWD = beginning(".htp");
    private static final int HTACCESS = beginning(".hta");
    private static final int DOCKERENV = beginning(".doc");
    private static final int BLOG = beginning("wp-c");
    private static final int LOWER_CASE = 0x20202020;

    // The last eight bytes of hosts that wait to be called, read in the same way.
    private static final long OAST_SITE = ending("ast.site");
    private static final long OAST_FUN = ending("oast.fun");
    private static final long OAST_PRO = ending("oast.pro");
    private static final long OAST_LIVE = ending("ast.live");
    private static final long OAST_ONLINE = ending("t.online");
    private static final long OAST_ME = ending(".oast.me");
    private static final long OASTIFY = ending("tify.com");
    private static final long INTERACTSH = ending("ctsh.com");
    private static final long INTERACT = ending("eract.sh");
    private static final long COLLABORATOR = ending("ator.net");
    private static final long DNSLOG = ending("nslog.cn");
    private static final long CEYE = ending(".ceye.io");
    private static final long BXSS = ending(".bxss.me");

    /** One in each byte of a word, to work on eight bytes at once. */
    private static final long EACH = 0x0101010101010101L;

    private static final long HIGH_BITS = 0x80 * EACH;

    private static final int[] SIGNS = new int[256];

    static {
        Arrays.fill(SIGNS, HIGH);
        for (int c = 0; c < 128; c++) {
            SIGNS[c] = Character.isLetter(c) ? LETTER : Character.isDigit(c) ? DIGIT : OTHER;
        }
        set(PLAIN, "_,");
        set(DOT, ".");
        set(DASH, "-");
        set(SPACE, " ");
        set(SLASH, "/");
        set(COLON, ":");
        set(PERCENT, "%");
        set(QUOTE, "'\"");
        set(PAREN, "()");
        set(ANGLE, "<>");
        set(SEMICOLON, ";");
        set(PIPE, "|");
        set(AMPERSAND, "&");
        set(DOLLAR, "$");
        set(BRACE, "{}");
        set(EQUALS, "=");
        set(STAR, "*");
        set(BACKSLASH, "\\");
        set(BACKTICK, "`");
        set(HASH, "#");
        set(BRACKET, "[]");
        set(QUESTION, "?");
        set(PLUS, "+");
        set(AT, "@");
        for (int c = 0; c < ' '; c++) {
            SIGNS[c] = LINE;
        }
    }

    private static void set(int sign, String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            SIGNS[bytes.charAt(i)] = sign;
        }
    }

    private static final Phrases PHRASES = GatePhrases.all();

    private Gates() {}

    /** Makes the tables, by being called: the class is initialised then. */
    @ColdPath
    static void prepare() {}

    /**
     * Whether a value holds nothing but letters, digits, {@code _}, {@code -}, {@code ,} and single
     * dots: eight bytes at a time, where they lie. Such a value is {@link #quiet}.
     */
    static boolean plain(DirectBuffer buffer, int offset, int length) {
        if (length < 8 && buffer.capacity() - offset >= 8) {
            // one read for all of a short value; the bytes behind it count as letters
            long behind = length == 0 ? -1 : -1L << 8 * length;
            long all = buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
            long word = all & ~behind | 'a' * EACH & behind;
            long dots = equal(word, '.');
            return plain(word, dots) && (dots & dots << 8) == 0;
        }
        int i = 0;
        long before = 0;
        for (; i + 8 <= length; i += 8) {
            long word = buffer.getLong(offset + i, ByteOrder.LITTLE_ENDIAN);
            long dots = equal(word, '.');
            if (!plain(word, dots) || (dots & (dots << 8 | before >>> 56)) != 0) {
                return false;
            }
            before = dots;
        }
        boolean dot = before < 0;
        for (; i < length; i++) {
            int sign = SIGNS[buffer.getByte(offset + i) & 0xff];
            if ((sign & ~QUIET) != 0 || dot && sign == DOT) {
                return false;
            }
            dot = sign == DOT;
        }
        return true;
    }

    /** Each byte below 0x80 compared at once; the results are the bytes' high bits. */
    private static boolean plain(long word, long dots) {
        if ((word & HIGH_BITS) != 0) {
            return false;
        }
        long lower = word | 0x20 * EACH;
        long letters = lower + (0x80 - 'a') * EACH & ~(lower + (0x7f - 'z') * EACH);
        long digits = word + (0x80 - '0') * EACH & ~(word + (0x7f - '9') * EACH);
        long others = dots | equal(word, '_') | equal(word & ~EACH, ',');
        return ((letters | digits | others) & HIGH_BITS) == HIGH_BITS;
    }

    /** The high bit of each byte of {@code word}, all below 0x80, that is {@code c}. */
    private static long equal(long word, int c) {
        return ~((word ^ c * EACH) + 0x7f * EACH) & HIGH_BITS;
    }

    /** Which signs occur. */
    static int signs(byte[] bytes, int length) {
        int seen = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            seen |=
                    SIGNS[bytes[i] & 0xff]
                            | SIGNS[bytes[i + 1] & 0xff]
                            | SIGNS[bytes[i + 2] & 0xff]
                            | SIGNS[bytes[i + 3] & 0xff];
        }
        for (; i < length; i++) {
            seen |= SIGNS[bytes[i] & 0xff];
        }
        return seen;
    }

    /** Whether a value with these signs cannot be an attack (unless it is base64 of one). */
    static boolean quiet(byte[] bytes, int length, int signs) {
        return (signs & ~QUIET) == 0 && ((signs & DOT) == 0 || !climbs(bytes, length));
    }

    @ColdPath
    private static int beginning(String word) {
        return (word.charAt(0) | word.charAt(1) << 8 | word.charAt(2) << 16 | word.charAt(3) << 24)
                | LOWER_CASE;
    }

    /**
     * Whether a value may be one of the few attacks that are plain words, by how it begins or ends:
     * {@code __proto__}, {@code shell_exec}, {@code class.module.classLoader}, {@code .htpasswd},
     * {@code x.oast.site}.
     */
    static boolean telling(DirectBuffer buffer, int offset, int length) {
        return length >= TELLING
                && (begins(buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN))
                        || ends(buffer.getLong(offset + length - 8, ByteOrder.LITTLE_ENDIAN)));
    }

    /** Whether eight bytes are the last of the name of a host that waits to be called. */
    private static boolean ends(long last) {
        long word = last | 0x20 * EACH;
        return word == OAST_SITE
                || word == OAST_FUN
                || word == OAST_PRO
                || word == OAST_LIVE
                || word == OAST_ONLINE
                || word == OAST_ME
                || word == OASTIFY
                || word == INTERACTSH
                || word == INTERACT
                || word == COLLABORATOR
                || word == DNSLOG
                || word == CEYE
                || word == BXSS;
    }

    private static boolean begins(int begin) {
        int word = begin | LOWER_CASE;
        return word == PROTO
                || word == CONSTRUCT
                || word == CALL
                || word == CLASS
                || word == SHELL
                || word == PASS
                || word == PROC
                || word == PCNTL
                || word == COM
                || word == JAVA
                || word == ORG
                || word == HTPASSWD
                || word == HTACCESS
                || word == DOCKERENV
                || word == BLOG;
    }

    @ColdPath
    private static long ending(String word) {
        return beginning(word) & 0xffff_ffffL | (long) beginning(word.substring(4)) << 32;
    }

    /** Whether two dots stand side by side. */
    private static boolean climbs(byte[] bytes, int length) {
        for (int i = 1; i < length; i += 2) {
            if (bytes[i] == '.' && (bytes[i - 1] == '.' || i + 1 < length && bytes[i + 1] == '.')) {
                return true;
            }
        }
        return false;
    }

    /** Which phrases occur. */
    static int phrases(byte[] bytes, int length, int signs) {
        int found = PHRASES.mask(bytes, length);
        boolean tested =
                (signs & (EQUALS | PAREN | ANGLE | AT | HASH | STAR | OTHER)) != 0
                        || (signs & DIGIT) != 0 && (signs & (SPACE | PLUS)) != 0;
        if ((found & LOGIC) != 0 && tested) {
            found |= SQL;
        }
        // a quote begins an injection, but not where it is one of many of a JSON document
        if ((signs & QUOTE) != 0 && (signs & (BRACE | COLON)) != (BRACE | COLON)) {
            found |= SQL;
        }
        // 1 | 1=1
        if (length < 32 && (signs & PIPE) != 0 && (signs & EQUALS) != 0 && (signs & DIGIT) != 0) {
            found |= SQL;
        }
        // a value that begins with what ends a command of a shell
        if ((signs & (SEMICOLON | PIPE | AMPERSAND)) != 0
                && (bytes[0] == ';' || bytes[0] == '|' || bytes[0] == '&')) {
            found |= COMMAND;
        }
        // signs with which a shell's word can be written in another way
        if ((signs & (SEMICOLON | PIPE | AMPERSAND)) != 0
                && (signs & (QUOTE | BRACE | PLUS | QUESTION | OTHER)) != 0
                && (signs & (BRACE | COLON)) != (BRACE | COLON)) {
            found |= COMMAND;
        }
        // a file to include ends its URL with a question mark
        boolean marked = (found & HOST) != 0 && bytes[length - 1] == '?';
        if (marked || (signs & BACKSLASH) != 0) {
            found |= FILE;
        }
        return found;
    }
}
