package ips.core.payload.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import ips.core.payload.RequestJudge;
import ips.core.payload.RequestVerdict;
import ips.core.verdict.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Injections rewritten as attack tools rewrite them to pass filters (sqlmap's tamper scripts, by
 * their names): each rewriting of each injection is found.
 */
class SqlTamperingTest {
    private static final List<String> INJECTIONS =
            List.of(
                    "1' AND 1=1-- -",
                    "1 UNION ALL SELECT NULL,CONCAT(0x71,user(),0x71),NULL-- x",
                    "1' AND SLEEP(5) AND 'a'='a",
                    "1) OR 2=2#",
                    "1 AND ORD(MID((SELECT IFNULL(CAST(user() AS CHAR),0x20)),1,1))>64",
                    "-1' UNION SELECT 1,2,table_name FROM information_schema.tables-- ",
                    "1; DROP TABLE users-- ",
                    "' OR 'x'='x",
                    "1' ORDER BY 5-- ");

    private static final Pattern KEYWORD =
            Pattern.compile("\\b(UNION|SELECT|AND|OR|FROM|ORDER|BY|ALL|NULL|SLEEP|DROP|TABLE)\\b");

    private static final Pattern LONG_KEYWORD =
            Pattern.compile("\\b(UNION|SELECT|SLEEP|ORDER|DROP|TABLE)\\b");

    private static final Map<String, UnaryOperator<String>> TAMPERINGS = new TreeMap<>();

    static {
        spaces("space2comment", "/**/");
        spaces("space2morecomment", "/**_**/");
        spaces("space2plus", "+");
        spaces("space2hash", "%23aXb%0A");
        spaces("space2dash", "--aXb%0A");
        spaces("space2morehash", "%23a%0A%23b%0A");
        spaces("space2mssqlblank", "%0E");
        spaces("space2mysqlblank", "%A0");
        spaces("tab", "%09");
        spaces("vertical tab", "%0b");
        spaces("multiplespaces", "    ");
        words("versionedkeywords", KEYWORD, "/*!$1*/");
        words("versionedmorekeywords", KEYWORD, "/*!50000$1*/");
        words("halfversionedmorekeywords", KEYWORD, "/*!0$1");
        bytes("charencode", "%%%02X");
        bytes("chardoubleencode", "%%25%02X");
        bytes("charunicodeencode", "%%u%04X");
        bytes("charunicodeescape", "\\u%04X");
        bytes("decentities", "&#%d;");
        bytes("hexentities", "&#x%x;");
        TAMPERINGS.put(
                "randomcomments",
                s -> KEYWORD.matcher(s).replaceAll(m -> split(m.group(1), 1, "/**/")));
        TAMPERINGS.put(
                "overlongutf8",
                s ->
                        mapped(
                                s,
                                c ->
                                        Character.isLetterOrDigit(c)
                                                ? String.valueOf(c)
                                                : String.format("%%C0%%%02X", 0x80 | c)));
        TAMPERINGS.put("apostrophemask", s -> encoded(s).replace("'", "%EF%BC%87"));
        TAMPERINGS.put("apostrophenullencode", s -> encoded(s).replace("'", "%00%27"));
        TAMPERINGS.put("appendnullbyte", s -> encoded(s) + "%00");
        TAMPERINGS.put("equaltolike", s -> encoded(s.replace("=", " LIKE ")));
        TAMPERINGS.put(
                "nonrecursivereplacement",
                s ->
                        encoded(
                                LONG_KEYWORD
                                        .matcher(s)
                                        .replaceAll(m -> split(m.group(1), 2, m.group(1)))));
        TAMPERINGS.put(
                "base64encode",
                s ->
                        Base64.getEncoder()
                                .encodeToString((s + " ").getBytes(StandardCharsets.US_ASCII)));
    }

    private final RequestJudge judge = new RequestJudge(RequestJudge.Config.DEFAULTS);

    private static void spaces(String name, String with) {
        TAMPERINGS.put(name, s -> s.replace("#", "%23").replace(" ", with));
    }

    private static void words(String name, Pattern words, String with) {
        TAMPERINGS.put(name, s -> encoded(words.matcher(s).replaceAll(with)));
    }

    private static void bytes(String name, String format) {
        TAMPERINGS.put(name, s -> mapped(s, c -> String.format(format, (int) c)));
    }

    private static String split(String word, int at, String with) {
        return word.substring(0, at) + with + word.substring(at);
    }

    private static String mapped(String text, java.util.function.Function<Character, String> each) {
        StringBuilder mapped = new StringBuilder();
        text.chars().forEach(c -> mapped.append(each.apply((char) c)));
        return mapped.toString();
    }

    private static String encoded(String text) {
        return text.replace(" ", "%20").replace("#", "%23");
    }

    private static List<String> tamperings() {
        return List.copyOf(TAMPERINGS.keySet());
    }

    @ParameterizedTest
    @MethodSource("tamperings")
    void findsEachInjectionBehind(String tampering) {
        List<String> missed =
                INJECTIONS.stream()
                        .filter(s -> !tampering.equals("base64encode") || s.length() >= 12)
                        .filter(
                                s ->
                                        !tampering.equals("nonrecursivereplacement")
                                                || LONG_KEYWORD.matcher(s).find())
                        .map(TAMPERINGS.get(tampering))
                        .filter(tampered -> !found(tampered))
                        .toList();

        assertEquals(List.of(), missed);
    }

    private boolean found(String value) {
        FrameBuffer buffer = new FrameBuffer(value.getBytes(StandardCharsets.ISO_8859_1));
        judge.begin();
        judge.part(PartKind.QUERY, buffer, 0, buffer.capacity());
        RequestVerdict verdict = judge.verdict();
        return verdict.attack() && verdict.kind() == Kind.SQLI;
    }
}
