package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.rule.keyword.FastPattern;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How near a buffer's beginning the pattern lies that a rule is first looked for by. */
class FastPatternReachTest {
    private static final String CHAIN =
            "alert http any any -> any any (http.response_body; content:\"[core]\"; startswith;"
                    + " content:\"repositoryformat\"; distance:2; within:20; sid:1;)";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content:\"abcd\"; | 2147483647",
                "content:\"abcd\"; depth:9; | 9",
                "content:\"abcd\"; offset:3; depth:9; | 12",
                "content:\"ab\"; depth:5; content:\"cdefg\"; distance:3; within:10; | 18",
                "content:\"ab\"; depth:5; isdataat:1,relative; content:\"cdefg\"; within:10; | 15",
                "content:\"ab\"; depth:5; content:!\"x\"; content:\"cdefg\"; within:10; | 15",
                "content:\"cdefg\"; within:10; | 10",
                "content:\"ab\"; content:\"cdefg\"; within:10; | 2147483647",
                "content:\"ab\"; depth:5; content:\"cdefg\"; distance:3; | 2147483647",
                "content:\"ab\"; depth:5; content:\"cdefg\"; distance:-3; within:10; | 2147483647",
                "content:\"ab\"; depth:5; pcre:\"/c/R\"; content:\"defgh\"; within:10; | 2147483647",
                "content:\"ab\"; depth:5; byte_jump:1,0,relative; content:\"cdefg\"; within:10; | 2147483647",
                "bsize:<40; content:\"abcd\"; | 39",
            })
    void isAsTheRuleBoundsIt(String options, int reach) {
        assertEquals(reach, pattern("http.response_body; " + options + " fast_pattern;").reach());
    }

    private static FastPattern pattern(String options) {
        RuleParser parser = new RuleParser();
        parser.text("test.rules", "alert http any any -> any any (" + options + " sid:1;)");
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        assertEquals(List.of(), compiler.errors());
        return compiler.signatures().get(0).transactionBuffers().get(0).fastPattern();
    }

    @ParameterizedTest
    @CsvSource({
        "'  repositoryformat', 1",
        "'      repositoryformat', 1",
        "'       repositoryformat', 0"
    })
    void whatLiesAtItsEdgeIsFound(String behind, int alerts) {
        assertEquals(alerts, answered("[core]" + behind).sids().size());
    }

    @Test
    void inABodyThatIsLongerThanTheReachOnlyTheBeginningCounts() {
        String tail = "x".repeat(40_000) + "[core]  repositoryformat";
        assertEquals(0, answered("[core]" + tail).sids().size());
    }

    private static RuleTraffic answered(String body) {
        return RuleTraffic.of(CHAIN)
                .handshake()
                .request("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
                .response(
                        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(body.length(), body))
                .close();
    }
}
