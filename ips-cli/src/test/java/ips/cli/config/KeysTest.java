package ips.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
    private static final List<String> KNOWN =
            List.of("syn-flood", "icmp-flood", "ban-time", "ban-scope", "rev", "threshold");

    @ParameterizedTest
    @CsvSource({
        "threshold, threshold",
        "threshhold, threshold",
        "treshold, threshold",
        "thershold, threshold",
        "thresh-hold, threshold",
        "thrsh, ",
        "ban_time, ban-time",
        "BanTime, ban-time",
        "banTime, ban-time",
        "bantime, ban-time",
        "ban-tim, ban-time",
        "ban, ",
        "rve, rev",
        "re, rev",
        "r, ",
        "xev, rev",
        "vex, ",
        "'', ",
        "syn-flod, syn-flood",
        "inspection, "
    })
    void namesTheKeyThatWasMeantWhereOneIsNear(String wrong, String meant) {
        assertEquals(Optional.ofNullable(meant), Keys.nearest(wrong, KNOWN));
    }

    @Test
    void namesTheNearestOfSeveralAndTheFirstOfEqualOnes() {
        assertEquals(Optional.of("ports"), Keys.nearest("port", List.of("parts", "ports", "post")));
        assertEquals(Optional.of("hosts"), Keys.nearest("posts", List.of("hosts", "ports")));
        assertEquals(Optional.of("ac"), Keys.nearest("ab", List.of("ac")));
        assertEquals(Optional.empty(), Keys.nearest("ab", List.of("cd")));
        assertEquals(Optional.of("a-b-c-d"), Keys.nearest("A_B_C_D", List.of("a-b-c-d")));
        assertEquals(Optional.empty(), Keys.nearest("port", List.of()));
    }

    /** A third of its letters, however long. */
    @Test
    void takesNoWordOfWhichMoreThanAThirdDiffersForMeant() {
        List<String> known = List.of("abcdefghi");

        assertEquals(Optional.of("abcdefghi"), Keys.nearest("abcdefxyz", known));
        assertEquals(Optional.empty(), Keys.nearest("abcdewxyz", known));
        assertEquals(Optional.of("abcdefghi"), Keys.nearest("abcdefghiwxyz", known));
        assertEquals(Optional.empty(), Keys.nearest("abcdefghivwxyz", known));
        assertEquals(Optional.empty(), Keys.nearest("x".repeat(100_000), known));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "'', abc, 3",
        "abc, '', 3",
        "abc, abc, 0",
        "abc, abd, 1",
        "abc, ab, 1",
        "abc, xabc, 1",
        "ab, ba, 1",
        "abcd, acbd, 1",
        "abcd, badc, 2",
        "ca, abc, 3",
        "aab, aba, 1",
        "kitten, sitting, 3"
    })
    void countsASwapOfNeighboursAsOneEdit(String a, String b, int edits) {
        assertEquals(edits, Keys.distance(a, b));
        assertEquals(edits, Keys.distance(b, a));
    }
}
