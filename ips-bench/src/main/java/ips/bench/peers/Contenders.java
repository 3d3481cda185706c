package ips.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The programs compared. */
final class Contenders {
    private static final List<Path> JEMALLOC =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"),
                    Path.of("/usr/lib/aarch64-linux-gnu/libjemalloc.so.2"),
                    Path.of("/usr/lib64/libjemalloc.so.2"));

    private static final Pattern FIRST_LINE = Pattern.compile("(.*)");

    /** The programs that may stand elsewhere than on the PATH. */
    static final List<String> PROGRAMS = List.of("suricata", "snort", "tcpdump", "cc");

    private Contenders() {}

    /**
     * All of them, ips first.
     *
     * @param launcher the script that runs ips
     * @param programs what to run instead of what is on the PATH, by name
     */
    static List<Contender> all(Path launcher, Map<String, String> programs, RuleChoice rules) {
        String suricata = programs.getOrDefault("suricata", "suricata");
        return List.of(
                ips(launcher, rules),
                cLoop(programs.getOrDefault("cc", "cc")),
                suricata(suricata, "autofp", launcher, rules),
                suricata(suricata, "single", launcher, rules),
                snort(programs.getOrDefault("snort", "snort"), rules),
                tcpdump(programs.getOrDefault("tcpdump", "tcpdump")));
    }

    /** This project's sensor, as its user starts it, with all detectors on. */
    private static Contender ips(Path launcher, RuleChoice rules) {
        String program = launcher.toString();
        return new Contender(
                "ips",
                Map.of(),
                Pattern.compile("\"frames\" ?: ?(\\d+)"),
                work -> {
                    Pattern version = Pattern.compile("(ips .*\\R.*)");
                    String logs = work.resolve("ips-logs").toString();
                    List<String> command = new ArrayList<>();
                    command.addAll(List.of(program, "analyze", "--json", "--log-dir", logs));
                    command.addAll(rules.optionsOfIps(work));
                    return new Contender.Ready(
                            PeerPrograms.version(work, version, List.of(program, "--version"))
                                            .replaceAll("\\R", ", ")
                                    + commit(work, launcher),
                            command);
                });
    }

    /** The commit that the sensor was built from, where git knows. */
    private static String commit(Path work, Path launcher) {
        List<String> describe =
                List.of(
                        "git",
                        "-C",
                        launcher.getParent().toString(),
                        "describe",
                        "--always",
                        "--dirty");
        try {
            String commit = PeerPrograms.version(work, Pattern.compile("^([\\w.-]+)$"), describe);
            return commit.contains(" ") ? "" : ", commit " + commit; // no repository
        } catch (IOException e) {
            return ""; // no git
        }
    }

    /** The floor: a loop in C that maps the file and counts per source. */
    private static Contender cLoop(String compiler) {
        return new Contender(
                "C loop",
                Map.of(),
                Pattern.compile("frames (\\d+)"),
                work -> {
                    String cc = PeerPrograms.find(compiler).toString();
                    String source = PeerPrograms.unpack("count_sources.c", work).toString();
                    Path program = work.resolve("count_sources");
                    Files.deleteIfExists(program);
                    List<String> compile =
                            List.of(cc, "-O3", "-march=native", "-o", program.toString(), source);
                    String complaint = PeerPrograms.version(work, FIRST_LINE, compile);
                    if (!Files.isExecutable(program)) {
                        throw new IOException(cc + " does not compile it: " + complaint);
                    }
                    String version =
                            PeerPrograms.version(work, FIRST_LINE, List.of(cc, "--version"));
                    return new Contender.Ready(
                            version + ", -O3 -march=native", List.of(program.toString()));
                });
    }

    /** Suricata 6 or newer, with the short log that lies beside this class. */
    private static Contender suricata(
            String program, String runMode, Path launcher, RuleChoice rules) {
        Map<String, String> environment = jemalloc();
        return new Contender(
                "suricata " + runMode,
                environment,
                Pattern.compile("read \\d+ files?, (\\d+) packets"),
                work -> {
                    String path = PeerPrograms.find(program).toString();
                    String configuration = PeerPrograms.unpack("suricata.yaml", work).toString();
                    Path signatures = rules.ofSuricata(launcher, work);
                    Path logs = Files.createDirectories(work.resolve("suricata-logs"));
                    Pattern version = Pattern.compile("(Suricata version \\S+)");
                    return new Contender.Ready(
                            PeerPrograms.version(work, version, List.of(path, "-V"))
                                    + allocator(environment),
                            List.of(
                                    path,
                                    "-c",
                                    configuration,
                                    "-S",
                                    signatures.toString(),
                                    "-l",
                                    logs.toString(),
                                    "-k",
                                    "none",
                                    "--runmode",
                                    runMode,
                                    "-r"));
                });
    }

    /**
     * Snort 3, with the few rules that lie beside this class and its own defaults: the shipped ones
     * are not in its language.
     */
    private static Contender snort(String program, RuleChoice rules) {
        Map<String, String> environment = jemalloc();
        return new Contender(
                "snort",
                environment,
                Pattern.compile("analyzed: (\\d+)"),
                work -> {
                    String path = PeerPrograms.find(program).toString();
                    if (rules.kind() == RuleChoice.Kind.MADE) {
                        throw new IOException("the rules made are in Suricata's language");
                    }
                    String configuration = PeerPrograms.unpack("snort.lua", work).toString();
                    PeerPrograms.unpack("snort.rules", work);
                    Path logs = Files.createDirectories(work.resolve("snort-logs"));
                    String version =
                            PeerPrograms.version(
                                    work, Pattern.compile("(Version 3\\S*)"), List.of(path, "-V"));
                    if (!version.startsWith("Version 3")) {
                        throw new IOException(path + " is not Snort 3");
                    }
                    return new Contender.Ready(
                            version + allocator(environment),
                            List.of(
                                    path,
                                    "-c",
                                    configuration,
                                    "-k",
                                    "none",
                                    "-A",
                                    "none",
                                    "-l",
                                    logs.toString(),
                                    "-r"));
                });
    }

    /** What libpcap costs by itself: reading and counting. */
    private static Contender tcpdump(String program) {
        return new Contender(
                "tcpdump",
                Map.of(),
                Pattern.compile("(\\d+) packets?$"),
                work -> {
                    String path = PeerPrograms.find(program).toString();
                    Pattern version = Pattern.compile("(tcpdump version \\S+)");
                    return new Contender.Ready(
                            PeerPrograms.version(work, version, List.of(path, "--version"))
                                    + ", --count",
                            List.of(path, "-n", "--count", "-r"));
                });
    }

    private static Map<String, String> jemalloc() {
        return JEMALLOC.stream()
                .filter(Files::exists)
                .findFirst()
                .map(library -> Map.of("LD_PRELOAD", library.toString()))
                .orElse(Map.of());
    }

    private static String allocator(Map<String, String> environment) {
        return environment.isEmpty() ? ", no jemalloc" : ", jemalloc";
    }
}
