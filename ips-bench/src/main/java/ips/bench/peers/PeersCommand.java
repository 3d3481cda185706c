package ips.bench.peers;

import ips.bench.flood.Flood;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ips bench peers}: the whole-process comparison, data included. */
@Command(
        name = "peers",
        description = {
            "Times ips analyze, as a whole process, against a loop in C and whichever of suricata,"
                    + " snort and tcpdump there are, over the same files in turns.",
            "Files are made from a seed and kept in --dir; 10 million frames of a flood take 800 MB"
                    + " to 1.2 GB, 4,000 connections of HTTP 1 GB."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PeersCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            split = ",",
            paramLabel = "NAME",
            description =
                    "What to read, of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless given.")
    private List<DataSet.Kind> kinds =
            List.of(
                    DataSet.Kind.SYN_ONE_SOURCE,
                    DataSet.Kind.SYN_OPTIONS,
                    DataSet.Kind.SYN_SPOOFED,
                    DataSet.Kind.ICMP,
                    DataSet.Kind.FLAG_SCANS,
                    DataSet.Kind.HTTP);

    @Option(
            names = "--frames",
            paramLabel = "N",
            description = "Frames of each flood; ${DEFAULT-VALUE} unless given.")
    private int frames = 10_000_000;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections of HTTP; ${DEFAULT-VALUE} unless given.")
    private int connections = 4_000;

    @Option(
            names = "--rules",
            paramLabel = "WHICH",
            converter = RuleChoice.Converter.class,
            description = {
                "shipped: ips and Suricata have the rules shipped with ips, Suricata and Snort also"
                        + " a few for what ips looks for by itself. The default.",
                "few: Suricata and Snort have those few alone.",
                "none: so they have, and ips no rules.",
                "N: ips and Suricata have so many rules made from a seed and no others; Snort is"
                        + " left out."
            })
    private RuleChoice rules = RuleChoice.SHIPPED;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description =
                    "Runs of each program over each file, in turns; ${DEFAULT-VALUE} unless given.")
    private int runs = 3;

    @Option(
            names = "--program",
            paramLabel = "NAME=PATH",
            description =
                    "Where a program is that is not on the PATH: suricata, snort, tcpdump or cc.")
    private Map<String, String> programs = Map.of();

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Where files are made and kept; ${DEFAULT-VALUE} unless given.")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"), "ips-bench");

    @Option(names = "--json", paramLabel = "FILE", description = "Write all timings there too.")
    private Path jsonFile;

    @Option(
            names = "--launcher",
            hidden = true,
            description = "The script that runs ips; the one that runs this unless given.")
    private Path launcher = Path.of(System.getProperty("ips.launcher", "ips"));

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (frames < 1 || connections < 1 || runs < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--frames, --connections and --runs are 1 or more");
        }
        for (String program : programs.keySet()) {
            if (!Contenders.PROGRAMS.contains(program)) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "--program %s: expected one of %s"
                                .formatted(program, String.join(", ", Contenders.PROGRAMS)));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        folder = folder.toAbsolutePath(); // programs are started in it
        Files.createDirectories(folder);
        DataSet oneFrame = DataSet.flood(Flood.SYN_ONE_SOURCE, 1, folder);
        Comparison comparison = new Comparison(folder, oneFrame, runs, progress::println);
        ComparisonReport report = new ComparisonReport(Machine.describe(), folder);
        List<Contender> contenders = present(comparison, oneFrame, report, progress);

        for (DataSet.Kind kind : kinds) {
            DataSet data = DataSet.of(kind, frames, connections, folder);
            report.add(comparison.over(data, contenders));
        }
        report.failed(comparison.failures());
        report.print(out);
        if (jsonFile != null) {
            try (Writer writer = Files.newBufferedWriter(jsonFile, StandardCharsets.UTF_8)) {
                report.write(writer);
            }
        }
        return 0;
    }

    /** Those that are there and can read a file of one frame; ips itself must. */
    private List<Contender> present(
            Comparison comparison, DataSet oneFrame, ComparisonReport report, PrintWriter progress)
            throws IOException, InterruptedException {
        List<Contender> present = new ArrayList<>();
        for (Contender contender : Contenders.all(launcher.toAbsolutePath(), programs, rules)) {
            try {
                String version = contender.prepare(folder);
                comparison.time(contender, oneFrame);
                report.present(contender, version);
                present.add(contender);
            } catch (IOException e) {
                if (present.isEmpty()) {
                    throw e;
                }
                report.missing(contender, e.getMessage());
                progress.println(contender.name() + " left out: " + e.getMessage());
            }
        }
        return present;
    }
}
