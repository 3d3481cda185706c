package ips.core.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    private final RegexBudget budget = new RegexBudget(1 << 20);

    @Test
    void findsTheFirstMatchAndItsBounds() throws RegexSyntaxException {
        assertEquals("2-6", find("b+c?", "", "aabbbcbb"));
        assertEquals("none", find("x", "", "aab"));
        assertEquals("0-0", find("", "", "aab"));
    }

    @Test
    void prefersTheFirstBranchNotTheLongest() throws RegexSyntaxException {
        assertEquals("0-1", find("a|ab", "", "ab"));
        assertEquals("0-2", find("a??b|ab", "", "ab"));
    }

    @Test
    void readsTheFlagsOfRules() throws RegexSyntaxException {
        assertEquals("0-3", find("aBc", "i", "AbC"));
        assertEquals("0-3", find("a.c", "s", "a\nc"));
        assertEquals("none", find("a.c", "", "a\nc"));
        assertEquals("2-3", find("^b", "m", "a\nb"));
        assertEquals("none", find("^b", "", "a\nb"));
        assertEquals("0-2", find("a b # tail", "x", "ab"));
        assertEquals("none", find("b", "A", "ab"));
        assertEquals("0-1", find("a$", "", "a\n"));
        assertEquals("none", find("a$", "E", "a\n"));
        assertEquals("0-1", find("a+", "G", "aaa"));
        assertEquals("0-3", find("a+?", "G", "aaa"));
    }

    @Test
    void searchesFromInsideTheSubject() throws RegexSyntaxException {
        RegexMatcher matcher = Regex.compile("\\Ba|^a", "").matcher(budget);
        FrameBuffer buffer = new FrameBuffer(bytes("aba"));

        assertTrue(matcher.find(buffer, 0, 3, 1));
        assertEquals(2, matcher.start());
        assertFalse(Regex.compile("^b", "").matcher(budget).find(buffer, 0, 3, 1));
        assertTrue(Regex.compile("^b", "").matcher(budget).find(buffer, 1, 2, 1));
    }

    @Test
    void matchesEveryByteThereIs() throws RegexSyntaxException {
        byte[] all = new byte[256];
        for (int b = 0; b < 256; b++) {
            all[b] = (byte) b;
        }
        for (int b = 0; b < 256; b++) {
            Regex regex = Regex.compile(String.format("\\x%02x", b), "");

            RegexMatcher matcher = regex.matcher(budget);

            assertTrue(matcher.find(new FrameBuffer(all), 0, 256, 0));
            assertEquals(b, matcher.start());
        }
    }

    @Test
    void takesLinearTimeWhereBacktrackingWouldTakeForever() throws RegexSyntaxException {
        String text = "a".repeat(50_000) + "b";

        assertEquals("none", find("(a*)*(a|aa)+c", "", text));
        assertEquals("none", find("(x+x+)+y", "", "x".repeat(50_000)));
        assertEquals(0, budget.limitHits());
    }

    @Test
    void givesUpAndCountsWhereOnlyBacktrackingWouldDo() throws RegexSyntaxException {
        Regex regex = Regex.compile("(a*)*(?=b)c\\1", "");

        assertFalse(regex.isLinear());
        assertFalse(
                regex.matcher(budget).find(new FrameBuffer(bytes("a".repeat(40) + "b")), 0, 41, 0));
        assertEquals(1, budget.limitHits());
    }

    @Test
    void forgetsStatesAndStaysRightWhereMemoryIsShort() throws RegexSyntaxException {
        RegexBudget none = new RegexBudget(0);
        // the automaton must know which of the last twelve bytes were an a
        Regex regex = Regex.compile("a[ab]{11}c", "");
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            text.append(random.nextBoolean() ? 'a' : 'b');
        }
        text.append("abbbbbbbbbbbc");

        RegexMatcher matcher = regex.matcher(none);

        assertTrue(matcher.find(new FrameBuffer(bytes(text.toString())), 0, text.length(), 0));
        assertEquals(20_000, matcher.start());
        assertEquals(0, none.limitHits());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a(b unclosed_( 2",
                "a) unmatched_) 2",
                "a[b unclosed_[ 2",
                "*a nothing_to_repeat 1",
                "a{3,2} repetitions_out_of_order:_{3,2} 2",
                "a\\y unknown_escape_\\y 2",
                "[z-a] range_out_of_order 2",
                "(?<=a*)b look-behind_of_no_fixed_length 1",
                "(?R) recursion_(?R)_is_not_supported 1",
                "(?(1)a|b) no_group_1 1",
                "(x)?(?(1)a|b|c) a_condition_of_more_than_two_branches 5",
                "(?(DEFINE)a) conditions_about_recursion_are_not_supported 1",
                "(?(a)b) no_group_named_a 1",
                "(?(?i)b) a_condition_is_a_group,_or_looks_ahead_or_behind 4",
                "(?(?=(?(?=a)b))c) a_condition_in_what_a_condition_looks_for 6",
                "a\\Gb \\G_is_supported_at_the_beginning_alone 2",
                "\\Ga|b \\G_is_supported_for_all_branches_alone:_\\G(?:...|...) 1",
                "(?|(a)|(b))\\2 no_group_2 12",
                "(?|(?<n>a)|(?<m>b)) another_name_for_a_group_that_has_one 12",
                "(?J)a unknown_(?J 1",
                "a(*COMMIT)b verbs_(*...)_are_not_supported 2",
                "a** nothing_to_repeat 3",
                "a{2}{3} nothing_to_repeat 5",
                "a?+? nothing_to_repeat 4",
                "^*a nothing_to_repeat 2",
                "\\b+a nothing_to_repeat 3",
                "a\\K*b nothing_to_repeat 4",
                "x|{2} nothing_to_repeat 3",
                "[\\d-z] a_range_from_a_set_of_bytes;_write_its_-_last 4",
                "[[:alpha:]-z] a_range_from_a_set_of_bytes;_write_its_-_last 11",
                "[a-\\d] a_range_to_a_set_of_bytes 2",
                "\\xg \\x_needs_digits 1",
                "[:alpha:] a_named_class_outside_of_square_brackets 1",
                "[[=a=]] collating_elements_are_not_supported 2",
                "[[:a1:]] unknown_class_[:a1:] 2",
                "\\k<n>a no_group_named_n 1",
                "(?=a\\Kb) \\K_in_what_is_looked_for_ahead_or_behind 5",
                "\\N{U+41} \\N{...}_is_not_supported 1",
                "(?xx)a (?xx)_is_not_supported 1",
                "a+\\Q\\E* nothing_to_repeat 7",
                "\\p{Foo} unknown_property_Foo 1",
                "\\p{L unclosed_\\p{ 1",
                "[[:foo:]] unknown_class_[:foo:] 2",
                "(?z)a unknown_(?z 1",
                "\\x{100} not_a_byte_in_\\x{} 1"
            })
    void saysWhatIsWrongAndWhere(String pattern, String problem, int column) {
        RegexSyntaxException e =
                assertThrows(RegexSyntaxException.class, () -> Regex.compile(pattern, ""));

        assertEquals("column " + column + ": " + problem.replace('_', ' '), e.getMessage());
    }

    @Test
    void knowsThePropertiesOfUnicode() throws RegexSyntaxException {
        assertEquals("3-6", find("\\p{Lu}{3}", "", "abcABC"));
        assertEquals("0-3", find("\\p{^Lu}+", "", "abcABC"));
        assertEquals("3-4", find("\\PL", "", "abc1"));
        assertEquals("3-5", find("[\\p{Nd}\\p{Pd}]+", "", "abc1-"));
        assertEquals("0-1", find("\\p{Latin}", "", "\u00e9"));
        assertEquals("0-3", find("\\p{Xwd}+", "", "a_1 "));
    }

    @Test
    void endsWhereItEndsThoughItsStartIsReset() throws RegexSyntaxException {
        assertEquals("0-6", find("foo\\Kbar", "", "foobar"));
    }

    @Test
    void refusesWhatUnrollsToTooMuch() {
        RegexSyntaxException e =
                assertThrows(
                        RegexSyntaxException.class, () -> Regex.compile("(a{1000}){1000}", ""));

        assertTrue(e.getMessage().contains("larger than 20000 steps"), e.getMessage());
    }

    @Test
    void compilesNothingInNoTimeHoweverOften() throws RegexSyntaxException {
        String nested = "(?:(?:(?:(?:){65535}){65535}){65535}){65535,}a";

        String found =
                assertTimeoutPreemptively(Duration.ofSeconds(10), () -> find(nested, "", "ba"));

        assertEquals("1-2", found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "(?:", "(?|", "(?>", "(?=", "(?<!", "(*pla:", "(?(1)", "a|(?i:"})
    void refusesToNestDeeperThanAStackAllows(String bracket) {
        String pattern = "()" + bracket.repeat(5_000);

        RegexSyntaxException e =
                assertThrows(RegexSyntaxException.class, () -> Regex.compile(pattern, ""));

        assertTrue(e.getMessage().contains("brackets nest deeper than 200"), e.getMessage());
    }

    @Test
    void readsTheSyntaxThatRulesUse() throws RegexSyntaxException {
        assertEquals("3-15", find("^Agent\\x3a[^\\r\\n]{6,}", "mi", "a\r\nagent: curl/\r\nx"));
        assertEquals("0-6", find("\\/(?P<n>[a-z])\\/(?P=n)\\/x(?#c)", "", "/q/q/xy"));
        assertEquals("0-4", find("a(?i)bC\\D", "", "aBc."));
        assertEquals("0-2", find("[]a]+", "", "]ab"));
        assertEquals("0-3", find("[a\\-z]+", "", "a-zb"));
        assertEquals("1-3", find("[[:digit:][:upper:]]+", "", "a1B"));
        assertEquals("0-3", find("\\141\\x62\\o{143}", "", "abc"));
        assertEquals("0-2", find("a{,2}|a", "", "aa"));
        assertEquals("0-6", find("\"\\;\\:\\/\\@\\%", "", "\";:/@%"));
        assertEquals("0-4", find("(a|b)\\1{3}", "", "aaaa"));
        assertEquals("1-3", find("(?<!a)b(?!d)c", "", " bc"));
        assertEquals("none", find("a++a", "", "aaa"));
        assertEquals("0-2", find("\\R", "", "\r\n"));
    }

    @Test
    void takesGroupsOfBranchesForOne() throws RegexSyntaxException {
        assertEquals("0-3", find("(?|(a)x|(b)y)\\1", "", "axa"));
        assertEquals("0-3", find("(?|(a)x|(b)y)\\1", "", "byb"));
        assertEquals("none", find("(?|(a)x|(b)y)\\1", "", "bya"));
        assertEquals("0-4", find("(?|(a)(c)|(b))(d)\\3", "", "acdd"));
        assertEquals("0-3", find("(?|(?<q>')|(?<q>\"))x\\k<q>", "", "\"x\""));
    }

    @Test
    void decidesByWhatMatchedBefore() throws RegexSyntaxException {
        assertEquals("0-3", find("^(\\()?a(?(1)\\)|;)$", "", "(a)"));
        assertEquals("0-2", find("^(\\()?a(?(1)\\)|;)$", "", "a;"));
        assertEquals("none", find("^(\\()?a(?(1)\\)|;)$", "", "(a;"));
        assertEquals("0-1", find("^(\\()?a(?(1)\\))$", "", "a"));
        assertEquals("0-2", find("^(?<o>x)?(?(<o>)b|c)", "", "xb"));
        assertEquals("0-2", find("^(x)?(?(-1)b|c)", "", "xb"));
        assertEquals("0-1", find("^(?(+1)b|c)(x)?", "", "c"));
        assertEquals("0-2", find("^(x)?(?(1)b|(?i)c)D|cD", "", "cD"));
        assertEquals("none", find("^(x)?(?(1)b|(?i)c)D", "", "cd"));
    }

    @Test
    void refersInsideAGroupToItsRoundBefore() throws RegexSyntaxException {
        assertEquals("0-6", find("(a|b\\1)+", "", "ababba"));
        assertEquals("0-3", find("(?:(?(1)b|a)(c|$))+", "", "acb"));
    }

    @Test
    void decidesByWhatStandsAheadOrBehind() throws RegexSyntaxException {
        assertEquals("0-2", find("(?(?=a)ab|cd)", "", "ab"));
        assertEquals("1-3", find("(?(?=a)ab|cd)", "", "acd"));
        assertEquals("0-2", find("(?(?!a)cd|ab)", "", "ab"));
        assertEquals("1-2", find("(?(?<=x)a|b)", "", "xa"));
        assertEquals("1-2", find("(?(*nlb:x)a|b)|b", "", "xb"));
    }

    @Test
    void readsRareSpellings() throws RegexSyntaxException {
        assertEquals("0-3", find("a(?#twice){3}", "", "aaa"));
        assertEquals("0-3", find("a{ 1 , 3 }", "", "aaa"));
        assertEquals("0-3", find("ab\\Q\\E+", "", "abb"));
        assertEquals("0-3", find("[a-\\Qz\\E]+", "", "abz"));
        assertEquals("0-3", find("\\Xa", "", "\r\na"));
        assertEquals("0-2", find("(*atomic:a|ab)b", "", "ab"));
        assertEquals("2-3", find("a(*FAIL)|b", "", "aab"));
        assertEquals("1-2", find("(?i)(?^)a", "", "Aa"));
        assertEquals("0-2", find("(a)?\\g{+1}(b)|ab", "", "ab"));
        assertEquals("0-4", find("(?:\\k<n>|(?<n>a))+b", "", "aaab"));
        assertEquals("0-3", find("(?n)(a)(?<n>b)\\1", "", "abb"));
        assertEquals("0-3", find("(?a)\\w(?aD)\\d.", "", "a1b"));
        assertEquals("0-2", find("a\\E*", "", "aa"));
        assertEquals("0-1", find("a+\\Q\\E?", "", "aa"));
        assertEquals("0-5", find("[a-\\Qc-]\\E]+", "", "abc]-d"));
        assertEquals("0-0", find("(?:\\b){0,2}", "", "a"));
        assertEquals("0-3", find("[a[.]+", "", "[.a"));
        assertEquals("0-2", find("[\\8]+", "", "88"));
        assertEquals("0-2", find("\\p{Lu}+", "i", "aB"));
    }

    @Test
    void beginsWhereTheSearchBegins() throws RegexSyntaxException {
        RegexMatcher matcher = Regex.compile("\\Gb", "").matcher(budget);
        FrameBuffer buffer = new FrameBuffer(bytes("abb"));

        assertFalse(matcher.find(buffer, 0, 3, 0));
        assertTrue(matcher.find(buffer, 0, 3, 1));
    }

    private String find(String pattern, String flags, String text) throws RegexSyntaxException {
        RegexMatcher matcher = Regex.compile(pattern, flags).matcher(budget);
        FrameBuffer buffer = new FrameBuffer(bytes(text));
        return matcher.find(buffer, 0, buffer.capacity(), 0)
                ? matcher.start() + "-" + matcher.end()
                : "none";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
