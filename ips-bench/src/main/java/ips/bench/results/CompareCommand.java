package ips.bench.results;

import ips.cli.report.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ips bench compare}: what got slower between two files of JMH's results. */
@Command(
        name = "compare",
        description =
                "Compares two files of JMH's results (-rf json) and says what got slower beyond"
                        + " the noise of both.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing got slower", "1:something did", "2:a file cannot be read"})
public final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "OLD", description = "The earlier results.")
    private Path oldFile;

    @Parameters(index = "1", paramLabel = "NEW", description = "The later ones.")
    private Path newFile;

    @Option(
            names = "--least",
            paramLabel = "PERCENT",
            description =
                    "Changes below are noise whatever the errors say; ${DEFAULT-VALUE} unless"
                            + " given.")
    private double leastPercent = 3;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Result> before = Result.read(oldFile);
        Map<String, Result> after = Result.read(newFile);
        TextTable table = new TextTable("BENCHMARK", "UNIT", "OLD>", "NEW>", "TIMES>", "VERDICT");
        int slower = 0;
        for (Result result : after.values()) {
            Result earlier = before.get(result.benchmark());
            if (earlier == null || !earlier.unit().equals(result.unit())) {
                table.row(result.benchmark(), result.unit(), "", text(result), "", "new");
                continue;
            }
            double speedup = result.speedup(earlier);
            boolean differs = result.differs(earlier, leastPercent / 100);
            slower += differs && speedup < 1 ? 1 : 0;
            table.row(
                    result.benchmark(),
                    result.unit(),
                    text(earlier),
                    text(result),
                    String.format(Locale.ROOT, "%.2f", speedup),
                    differs ? speedup < 1 ? "slower" : "faster" : "");
        }
        for (Result gone : before.values()) {
            if (!after.containsKey(gone.benchmark())) {
                table.row(gone.benchmark(), gone.unit(), text(gone), "", "", "gone");
            }
        }
        table.lines().forEach(out::println);
        out.println();
        out.println(slower == 0 ? "Nothing got slower." : "Slower: " + slower);
        out.flush();
        return slower == 0 ? 0 : 1;
    }

    private static String text(Result result) {
        return String.format(Locale.ROOT, "%,.4g ± %,.2g", result.score(), result.error());
    }
}
