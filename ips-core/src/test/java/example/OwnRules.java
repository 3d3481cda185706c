package example;

import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.SignatureSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads a file of rules in Suricata's language. */
public final class OwnRules {
    private OwnRules() {}

    /**
     * @param complaints told of each rule that cannot be read, {@code my.rules:12:34: content:
     *     unclosed quote}; the others hold all the same
     */
    public static SignatureSet read(Path file, Consumer<String> complaints) throws IOException {
        RuleParser parser = new RuleParser();
        parser.file(file);
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        parser.errors().forEach(error -> complaints.accept(error.toString()));
        compiler.errors().forEach(error -> complaints.accept(error.toString()));
        return new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
    }
}
