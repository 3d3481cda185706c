package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.cli.config.ConfigPrinter;
import ips.core.EngineConfig;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.keyword.Keywords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the docs quote is what is there. */
class DocsTest {
    private static final String BEGIN = "<!-- made by DocsTest from the settings: begin -->\n";
    private static final String END = "<!-- made by DocsTest from the settings: end -->\n";

    private static String read(String file) throws IOException {
        return Files.readString(Repository.root().resolve(file));
    }

    /** The default number of workers is a matter of the host. */
    private static String table() {
        SensorConfig defaults = SensorConfig.defaults(SensorPreset.STANDARD);
        return ConfigPrinter.markdown(defaults)
                .replace(
                        "| `workers` | `" + EngineConfig.DEFAULTS.workers() + "` |",
                        "| `workers` | cores - 1, 1 to 8 |");
    }

    /** Run with {@code -DupdateDocs} to bring the page up to date. */
    @Test
    void listsEverySettingAsItIs() throws IOException {
        Path page = Repository.root().resolve("docs/configuration.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (System.getProperty("updateDocs") != null) {
            Files.writeString(page, text.substring(0, begin) + table() + text.substring(end));
            return;
        }

        assertEquals(
                table(),
                text.substring(begin, end),
                "docs/configuration.md is stale: ./mvnw test -pl ips-cli -am -Dtest=DocsTest"
                        + " -DupdateDocs -Dsurefire.failIfNoSpecifiedTests=false");
    }

    @Test
    void explainsEverySetting() {
        List<String> silent =
                ConfigPrinter.rows(SensorConfig.defaults(SensorPreset.STANDARD)).stream()
                        .filter(row -> row.doc().isBlank())
                        .map(ConfigPrinter.Row::key)
                        .toList();

        assertEquals(List.of(), silent);
    }

    @Test
    void showsTheEmbeddingProgramThatIsCompiled() throws IOException {
        String program = read("ips-cli/src/test/java/example/Embedding.java");
        Matcher block =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(read("README.md"));

        assertTrue(block.find(), "README.md holds a block of Java");
        for (String line : block.group(1).split("\n")) {
            assertTrue(program.contains(line.strip()), "not in Embedding.java: " + line);
        }
        assertTrue(block.group(1).contains("engine.run(source)"));
    }

    @Test
    void showsTheDetectorThatIsCompiled() throws IOException {
        String detector = read("ips-core/src/test/java/example/Tripwire.java");
        Matcher block =
                Pattern.compile("```java\n(@Override.*?)```", Pattern.DOTALL)
                        .matcher(read("docs/embedding.md"));

        assertTrue(block.find(), "docs/embedding.md holds a method of Java");
        assertTrue(detector.contains(block.group(1).indent(4)), block.group(1));
    }

    @Test
    void showsTheReaderOfRulesThatIsCompiled() throws IOException {
        String reader = read("ips-core/src/test/java/example/OwnRules.java");
        Matcher block =
                Pattern.compile("```java\n(RuleParser.*?)```", Pattern.DOTALL)
                        .matcher(read("docs/embedding.md"));

        assertTrue(block.find(), "docs/embedding.md holds a method of Java");
        assertTrue(reader.contains(block.group(1).indent(8)), block.group(1));
    }

    @Test
    void showsTheDependencyAsTheBuildNamesIt() throws IOException {
        Matcher block =
                Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL)
                        .matcher(read("docs/embedding.md"));
        assertTrue(block.find(), "docs/embedding.md holds a block of XML");
        String pom = read("ips-capture/pom.xml");

        for (String element : List.of("groupId", "version", "artifactId")) {
            Matcher value =
                    Pattern.compile("<%1$s>.*</%1$s>".formatted(element)).matcher(block.group(1));
            assertTrue(value.find(), element);
            assertTrue(pom.contains(value.group()), value.group());
        }
    }

    @Test
    void showsExceptionsThatCanBeRead(@TempDir Path folder) throws IOException {
        Matcher block =
                Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(read("docs/http.md"));
        assertTrue(block.find(), "docs/http.md holds a block of YAML");
        Path file = Files.writeString(folder.resolve("ips.yaml"), block.group(1));

        Sensor.Outcome outcome = Sensor.run("check-config", file.toString());

        assertEquals(ExitCode.OK, outcome.exitCode(), outcome.err());
        assertTrue(block.group(1).contains("exceptions:"));
    }

    @Test
    void namesEveryExitCode() throws IOException {
        String help = Sensor.run("--help").out();
        String operations = read("docs/operations.md");

        for (int code = ExitCode.OK; code <= ExitCode.REFUSED; code++) {
            assertTrue(help.contains("  " + code + "   "), help);
            assertTrue(operations.contains("| " + code + " |"), "exit code " + code);
        }
    }

    /** The words in backticks of a column of the table of keywords. */
    private static Set<String> keywords(int column) throws IOException {
        String text = read("docs/rules.md");
        String table =
                text.substring(
                        text.indexOf("<!-- held to the parser by DocsTest: begin -->"),
                        text.indexOf("<!-- held to the parser by DocsTest: end -->"));
        Set<String> words = new TreeSet<>();
        for (String row : table.lines().filter(line -> line.startsWith("|")).toList()) {
            Matcher word = Pattern.compile("`([^`]+)`").matcher(row.split("\\|")[column]);
            while (word.find()) {
                assertTrue(words.add(word.group(1)), word.group(1) + " stands there twice");
            }
        }
        return words;
    }

    @Test
    void listsEveryKeywordThatIsUnderstood() throws IOException {
        assertEquals(new TreeSet<>(Keywords.all().keySet()), keywords(2));
    }

    @Test
    void refusesEveryOtherKeywordWithItsPlace() throws IOException {
        Set<String> refused = keywords(3);

        assertTrue(refused.size() > 80, refused.toString());
        for (String keyword : refused) {
            RuleParser parser = new RuleParser();
            parser.text("my.rules", "\nalert tcp any any -> any any (sid:1; " + keyword + ":1;)\n");
            RuleCompiler compiler =
                    new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
            parser.rules().forEach(compiler::add);

            String said = compiler.errors().toString();
            assertTrue(said.startsWith("[my.rules:2:38: " + keyword + ": not supported: "), said);
        }
    }

    private static List<String> pages() throws IOException {
        List<String> pages = new ArrayList<>(List.of("README.md"));
        try (Stream<Path> files = Files.list(Repository.root().resolve("docs"))) {
            files.map(file -> "docs/" + file.getFileName())
                    .filter(page -> page.endsWith(".md"))
                    .sorted()
                    .forEach(pages::add);
        }
        return pages;
    }

    @Test
    void linksToFilesThatAreThere() throws IOException {
        for (String page : pages()) {
            Path folder = Repository.root().resolve(page).getParent();
            Matcher link = Pattern.compile("]\\(([^)#:]+)[^)]*\\)").matcher(read(page));
            while (link.find()) {
                assertTrue(
                        Files.exists(folder.resolve(link.group(1))), page + ": " + link.group(1));
            }
        }
    }

    /** {@code Engine}, {@code block.BanConfig}: a class of that name, in a package of that end. */
    @Test
    void namesClassesThatAreThere() throws IOException {
        String sources;
        try (Stream<Path> files = Files.walk(Repository.root())) {
            sources =
                    files.map(Path::toString)
                            .filter(file -> file.endsWith(".java"))
                            .collect(Collectors.joining("\n"));
        }
        Matcher name =
                Pattern.compile("`((?:[a-z]+\\.)*)([A-Z][a-z]\\w+)`")
                        .matcher(read("docs/architecture.md"));
        int named = 0;
        while (name.find()) {
            String file = "/" + name.group(1).replace('.', '/') + name.group(2) + ".java";
            assertTrue(sources.contains(file), "docs/architecture.md: " + name.group());
            named++;
        }
        assertTrue(named > 50, named + " classes named");
    }
}
