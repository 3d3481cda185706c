package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PrintableAsciiTest {
    @Test
    void leavesNothingThatEndsALineOrUpsetsATerminal() {
        assertEquals("a\\r\\n\\tb", PrintableAscii.escape("a\r\n\tb"));
        assertEquals("\\u001b[2J\\u0000\\u007f", PrintableAscii.escape("\u001b[2J\0\u007f"));
        assertEquals("\\u009b\\u2028\\u00e9", PrintableAscii.escape("\u009b\u2028é"));
    }

    /** Else nobody could tell a line's end from somebody who writes one's escape. */
    @Test
    void escapesTheBackslashItself() {
        assertEquals("\\\\n", PrintableAscii.escape("\\n"));
    }

    @Test
    void leavesPlainTextAlone() {
        assertEquals(" SYN flood: 51 ~", PrintableAscii.escape(" SYN flood: 51 ~"));
        assertTrue(PrintableAscii.isPrintable(" \\~"));
        assertFalse(PrintableAscii.isPrintable("\u001f"));
        assertFalse(PrintableAscii.isPrintable("\u007f"));
    }
}
