package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A buffer that one side alone has settles of which side the rule's other buffers are. */
class RuleDirectionTest {
    private final RuleCompiler compiler =
            new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);

    private void add(String options) {
        RuleParser parser = new RuleParser();
        parser.text("own.rules", "alert http any any -> any any (" + options + " sid:1;)");
        parser.rules().forEach(compiler::add);
    }

    @Test
    void aRequestsBufferMakesARuleOfRequests() {
        add("http.uri; content:\"/a\"; http.header; content:!\"X-A\";");

        assertTrue(compiler.signatures().get(0).toServer);
    }

    @Test
    void aResponsesBufferMakesARuleOfResponses() {
        add("http.stat_code; content:\"200\"; http.header; content:\"X-A\";");

        assertTrue(compiler.signatures().get(0).toClient);
    }

    @Test
    void buffersOfBothInOneRuleAreRefused() {
        add("http.stat_code; content:\"200\"; http.uri; content:\"/a\";");

        assertEquals(List.of(), compiler.signatures());
        assertTrue(compiler.errors().get(0).reason().contains("of requests and of responses"));
    }
}
