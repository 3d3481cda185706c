package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules about what files are by their first bytes. */
class FileMagicRulesTest {
    private static RuleTraffic answered(String body, String... options) {
        String[] rules = new String[options.length];
        for (int i = 0; i < options.length; i++) {
            rules[i] = "alert http any any -> any any (" + options[i] + ")";
        }
        RuleTraffic traffic = RuleTraffic.of(rules);
        assertEquals(List.of(), traffic.errors());
        traffic.handshake().request("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
        traffic.response("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        return traffic.close().end();
    }

    /** The bytes of a text in which {@code \xHH} is one byte. */
    private static String bytes(String text) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i)) {
                bytes.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                bytes.append(text.charAt(i));
            }
        }
        return bytes.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%PDF-1.4 and more | PDF document, version 1.4",
                "GIF89a\\x0a\\x00\\x14\\x00\\x80\\x00\\x00 | GIF image data, version 89a, 10 x 20",
                "\\x1f\\x8b\\x08\\x00\\x00\\x00\\x00\\x00 | gzip compressed data",
                "hello world | ASCII text, with no line terminators",
                "<html><body>hi</body></html> | HTML document, ASCII text, with no line terminators",
                "\\x01\\x02\\xff\\xfe\\x00\\x07 | data",
            })
    void tellsWhatAFileIs(String body, String text) {
        String quoted = "content:\"" + text + "\";";
        RuleTraffic traffic =
                answered(
                        bytes(body),
                        "file.magic; " + quoted + " startswith;",
                        "filemagic:\"" + text + "\";",
                        "filemagic:!\"" + text + "\";");

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
        assertEquals(0, traffic.count(3));
    }

    /** The DOS header says where the other one lies, with four bytes of the sender's. */
    @ParameterizedTest
    @CsvSource({"\\xff\\xff\\xff\\x7f", "\\xff\\xff\\xff\\xff", "\\x3e\\x00\\x00\\x00"})
    void believesNoHeaderBeyondTheFile(String place) {
        String body = bytes("MZ\\xff" + "\\x00".repeat(0x3c - 3) + place);

        RuleTraffic traffic = answered(body, "file.magic; content:\"MS-DOS executable\";");

        assertEquals(1, traffic.count(1));
    }

    @Test
    void looksForKindsInAnyCaseByTheOlderWordAlone() {
        RuleTraffic traffic =
                answered("%PDF-1.4", "filemagic:\"pdf\";", "file.magic; content:\"pdf\";");

        assertEquals(1, traffic.count(1));
        assertEquals(0, traffic.count(2));
    }

    @Test
    void asksForNoFileWhereThereIsNone() {
        RuleTraffic traffic = answered("", "filemagic:!\"PDF\";");

        assertEquals(0, traffic.count(1));
    }
}
