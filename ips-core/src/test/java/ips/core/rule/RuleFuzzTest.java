package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.Fuzz;
import ips.core.rule.keyword.Keywords;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random rules that are broken lead to a sentence and nothing else. See {@link Fuzz} for more. */
class RuleFuzzTest {
    /** What the JDK says of a bug, not a person of a rule. */
    private static final Pattern NO_SENTENCE =
            Pattern.compile(
                    "For input string|[Ii]ndex|out of bounds|[Nn]ull|java\\.|Exception|begin \\d"
                            + "|Range \\[|No enum|Zero length|radix");

    private static final String[] VALUES = {
        "",
        "1",
        "-1",
        "0",
        "99999999999999999999",
        "4,>,5,0",
        "!",
        "\"abc\"",
        "!\"a|00|b\"",
        "\"",
        "\"|0\"",
        "\"\\\"",
        "1<>5",
        "5<>1",
        "<",
        ">=",
        "to_server,established",
        "set,a",
        "isset,a|b",
        "toggle",
        "type limit, track by_src, count 1, seconds 60",
        "type",
        "track",
        "\"/a(b/i\"",
        "\"/ab/RU\"",
        "\"//\"",
        "\"/a/",
        "S,12",
        "+",
        "lsrr",
        "any",
        "relative",
        "1,0,x",
        "2,0,x,relative",
        "1,0,x,bitmask",
        "1,0,x,multiplier",
        "x",
        "ipv4.trunc_pkt",
        "http",
        "4,0,string,dec",
        "4,=,0x,0,string,hex",
        "bytes 2, offset 0, oper +, rvalue 1, result y",
        "set,a,track ip_src",
        "only",
        "1,2",
        "999,999",
        "%",
        ",",
        ",,,",
        "a,b,c,d,e",
        "=",
        "e:1"
    };

    private static String broken(Random random) {
        List<String> words = new ArrayList<>(Keywords.all().keySet());
        StringBuilder text = new StringBuilder("alert tcp any any -> any any (");
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            text.append(words.get(random.nextInt(words.size())));
            if (random.nextInt(5) > 0) {
                text.append(':').append(VALUES[random.nextInt(VALUES.length)]);
            }
            text.append("; ");
        }
        text.append("sid:1;)");
        for (int i = random.nextInt(4); i > 1; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, (char) random.nextInt(256));
                default -> text.setCharAt(at, "(){}[];:,!\"\\$|<>-".charAt(random.nextInt(17)));
            }
        }
        return text.toString();
    }

    @Test
    void saysASentenceOfEveryRuleItCannotRead() {
        Random random = new Random(Fuzz.SEED);
        TreeSet<String> bugs = new TreeSet<>();
        for (int round = 0; round < Fuzz.cases(4_000); round++) {
            String text = broken(random);
            RuleParser parser = new RuleParser();
            RuleCompiler compiler =
                    new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
            try {
                parser.text("own.rules", text);
                parser.rules().forEach(compiler::add);
                new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
                compiler.signatures().forEach(RuleExplanation::of);
            } catch (RuntimeException e) {
                bugs.add(e + " " + e.getStackTrace()[0] + " on " + text);
            }
            List<RuleError> errors = new ArrayList<>(parser.errors());
            errors.addAll(compiler.errors());
            for (RuleError each : errors) {
                if (each.reason() == null || NO_SENTENCE.matcher(each.reason()).find()) {
                    bugs.add(each.keyword() + ": " + each.reason() + " on " + text);
                }
            }
        }

        assertEquals(List.of(), bugs.stream().limit(40).toList());
    }
}
