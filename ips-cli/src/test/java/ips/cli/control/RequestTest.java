package ips.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static Request parse(String text) throws IOException {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        return Request.parse(line, line.length);
    }

    @Test
    void readsInOneLineWhateverTextsItWrote() throws IOException {
        Request request =
                new Request(
                        new TreeMap<>(
                                Map.of(
                                        "command",
                                        "ban",
                                        "reason",
                                        "\"}\n{\r\u0000\u001b \\ \u00fc \u2028 \ud83d\ude00",
                                        "",
                                        "")));

        String line = request.line();

        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertEquals(request, parse(line));
    }

    @Test
    void looksAtNothingBehindItsLength() throws IOException {
        byte[] buffer = "{\"command\":\"bans\"}\n{\"command\":\"reload\"}".getBytes();

        assertEquals("bans", Request.parse(buffer, 19).command());
    }

    /** Whoever writes two means both, and would not hear that one was not done. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"command\":\"bans\"}{\"command\":\"reload\"}\n",
                "{\"command\":\"bans\"}\n{\"command\":\"reload\"}\n",
                "{\"command\":\"bans\"} reload\n",
                "{\"command\":\"bans\"}}\n",
                "{\"command\":\"bans\"}\u0000\n",
                "{\"command\":\"bans\"}, {}\n"
            })
    void refusesWhatStandsBehindTheObject(String line) {
        assertThrows(IOException.class, () -> parse(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "bans\n",
                "\"bans\"\n",
                "[\"bans\"]\n",
                "{\"command\":\"bans\"\n",
                "{\"command\":\"bans\",}\n",
                "{\"command\"}\n",
                "{'command':'bans'}\n",
                "{\"command\":1}\n",
                "{\"command\":null}\n",
                "{\"command\":true}\n",
                "{\"command\":[\"bans\"]}\n",
                "{\"command\":{\"command\":\"bans\"}}\n",
                "{\"command\":\"bans\",\"command\":\"reload\"}\n",
                "{\"command\":\"ba\tns\"}\n",
                "// {\"command\":\"bans\"}\n"
            })
    void refusesWhatIsNoObjectOfTextsEachOfAnotherName(String line) {
        assertThrows(IOException.class, () -> parse(line));
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] line = "{\"reason\":\"??\"}\n".getBytes(StandardCharsets.US_ASCII);
        line[11] = (byte) 0xc3;

        assertThrows(IOException.class, () -> Request.parse(line, line.length));
    }

    @Test
    void refusesNestingAsDeepAsALineAllows() {
        String deep = "{\"a\":" + "[".repeat(Request.MOST_BYTES - 5);

        assertThrows(IOException.class, () -> parse(deep));
    }
}
