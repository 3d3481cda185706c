package ips.core.payload.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizerTest {
    private static final int ROUNDS = Fuzz.cases(50_000);

    private final Normalizer normalizer = new Normalizer(4096);

    private Text normalize(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, normalizer.raw(), 0, bytes.length);
        return normalizer.normalize(bytes.length, true);
    }

    private static String string(Text text) {
        return new String(text.bytes(), 0, text.length(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Or%201%3D1 | or 1=1",
                "a+b | a b",
                "%2527 | '",
                "%25252527 | '",
                "%u0027%uff07 | ''",
                "%c0%a7x%e0%80%a7 | 'x'",
                "%ef%bc%87 | '",
                "..%c0%af.. | ../..",
                "%2%e%2%e%2%f | ../",
                "%%32%%65 | .",
                "a%00b | ab",
                "a%09%0b%20%c2%a0b | a b",
                "100% | 100%",
                "%zz%4 | %zz%4",
                "%e2%91%a0%e2%91%a1 | 12"
            })
    void decodes(String value, String plain) {
        assertEquals(plain, string(normalize(value)));
    }

    @Test
    void countsWhatItHadToUndo() {
        assertTrue(normalize("%2527").has(Text.ENCODED_TWICE));
        assertTrue(normalize("%c0%a7").has(Text.OVERLONG));
        assertTrue(normalize("%ef%bc%87").has(Text.LOOKALIKE));
        assertTrue(normalize("%u0041").has(Text.PERCENT_U));
        assertTrue(normalize("%00").has(Text.NUL));
        assertEquals(0, normalize("%27").flags());
    }

    @Test
    void writesLineEndsAsOneLineFeed() {
        assertEquals("a\nb\n\nc", string(normalize("a%0d%0ab%0d%0a%0d%0ac")));
    }

    @Test
    void keepsNoMoreThanTwoOfARunOfLineEnds() {
        assertEquals("a\n\nb", string(normalize("a%0a%09%0d%0a%e5%98%8a%0a%0ab")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "&lt;b&gt; | <b>",
                "&#60;b&#x3e | <b>",
                "&#0000060;b | <b",
                "\\u003cb\\x3e | <b>",
                "&amp;lt;b | <b",
                "java&Tab;script&colon; | java script:",
                "\\u{3c}b | <b",
                "\\047\\74\\1411 | '<a1",
                "&#x25;27 | '",
                "\\u0025\\u0032\\u0037 | '",
                "&#92;u0027 | '"
            })
    void unescapes(String value, String plain) {
        assertEquals(plain, string(normalizer.unescape(normalize(value))));
    }

    @Test
    void tellsWhenThereIsNothingToUnescape() {
        assertNull(normalizer.unescape(normalize("a & b \\ c &copy; &#; c:\\2024\\9")));
    }

    @Test
    void decodesBase64OfTextOnly() {
        normalize("MScgT1IgJzEnPScxJy0t");
        assertEquals("1' or '1'='1'--", string(normalizer.base64()));

        normalize("SGVsbG8K_not_base64!");
        assertNull(normalizer.base64());
        normalize("iVBORw0KGgoAAAANSUhEUgAA");
        assertNull(normalizer.base64());
    }

    /** Whatever comes in, what comes out has the form that judges rely on. */
    @Test
    void writesPlainTextOfAnything() {
        Random random = new Random(Fuzz.SEED << 1);
        String[] pieces = {
            "%",
            "%2",
            "%25",
            "%u00",
            "%c0%af",
            "+",
            " ",
            "\t",
            "\r\n",
            "\n",
            "\0",
            "&#",
            "&lt;",
            "\\u00",
            "\\x4",
            "A",
            "z",
            "\u00c0",
            "\u00ef\u00bc\u0087",
            "\u00e2\u0080\u0083",
            "27",
            "0a",
            "41"
        };
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder value = new StringBuilder();
            for (int n = random.nextInt(24); n > 0; n--) {
                value.append(
                        random.nextInt(5) == 0
                                ? (char) random.nextInt(256)
                                : pieces[random.nextInt(pieces.length)]);
            }
            Text text = normalize(value.toString());
            assertPlain(text, value.length());
            Text unescaped = normalizer.unescape(text);
            if (unescaped != null) {
                assertPlain(unescaped, value.length());
            }
        }
    }

    private static void assertPlain(Text text, int length) {
        assertTrue(text.length() <= length);
        String plain = string(text);
        assertTrue(plain.chars().noneMatch(c -> c >= 'A' && c <= 'Z' || c == 0 || c == 127));
        assertTrue(plain.chars().noneMatch(c -> c < ' ' && c != '\n'));
        assertFalse(plain.contains("  "));
        assertFalse(plain.contains("\n\n\n"));
    }

    /** Percent encoding of any bytes changes nothing but the number of layers. */
    @Test
    void seesThroughUpToThreeLayersOfPercentEncoding() {
        Random random = new Random(Fuzz.SEED << 1 | 1);
        for (int round = 0; round < ROUNDS / 10; round++) {
            StringBuilder value = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                char c = (char) (' ' + random.nextInt(95));
                value.append(c == '%' || c == '+' ? 'x' : c);
            }
            String plain = string(normalize(value.toString()));
            String encoded = value.toString();
            for (int layer = 0; layer < 3; layer++) {
                encoded = encode(encoded, random);
                assertEquals(plain, string(normalize(encoded)), encoded);
            }
        }
    }

    private static String encode(String value, Random random) {
        StringBuilder encoded = new StringBuilder();
        for (char c : value.toCharArray()) {
            boolean plain = c != '%' && random.nextInt(3) > 0;
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }
}
