package ips.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The programs compared. */
final class Contenders {
    private static final String[] JEMALLOC = {
        "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2",
        "/usr/lib/aarch64-linux-gnu/libjemalloc.so.2",
        "/usr/lib64/libjemalloc.so.2"
    };

    private Contenders() {}

    /**
     * All of them, ips first.
     *
     * @param launcher the script that runs ips
     * @param programs what to run instead of what is on the PATH, by name
     */
    static List<Contender> all(Path launcher, Map<String, String> programs) {
        String suricata = programs.getOrDefault("suricata", "suricata");
        List<Contender> all = new ArrayList<>();
        all.add(new Ips(launcher));
        all.add(new CLoop(programs.getOrDefault("cc", "cc")));
        all.add(new Suricata(suricata, "autofp"));
        all.add(new Suricata(suricata, "single"));
        all.add(new Snort(programs.getOrDefault("snort", "snort")));
        all.add(new Tcpdump(programs.getOrDefault("tcpdump", "tcpdump")));
        return all;
    }

    /** This project's sensor, as its user starts it, with all detectors on. */
    private static final class Ips implements Contender {
        private static final Pattern FRAMES = Pattern.compile("\"frames\" ?: ?(\\d+)");
        private static final Pattern VERSION = Pattern.compile("(ips .*\\R.*)");

        private final Path launcher;
        private Path work;

        Ips(Path launcher) {
            this.launcher = launcher;
        }

        @Override
        public String name() {
            return "ips";
        }

        @Override
        public String prepare(Path work) throws IOException {
            this.work = work;
            return Programs.version(work, VERSION, List.of(launcher.toString(), "--version"))
                    .replaceAll("\\R", ", ");
        }

        @Override
        public List<String> command(Path capture) {
            return List.of(
                    launcher.toString(),
                    "analyze",
                    "--json",
                    "--log-dir",
                    work.resolve("ips-logs").toString(),
                    capture.toString());
        }

        @Override
        public OptionalLong framesRead(String output) {
            return Programs.number(FRAMES, output);
        }
    }

    /** The floor: a loop in C that maps the file and counts per source. */
    private static final class CLoop implements Contender {
        private static final Pattern FRAMES = Pattern.compile("frames (\\d+)");
        private static final Pattern VERSION = Pattern.compile("(.*)");

        private final String compiler;
        private Path program;

        CLoop(String compiler) {
            this.compiler = compiler;
        }

        @Override
        public String name() {
            return "C loop";
        }

        @Override
        public String prepare(Path work) throws IOException {
            String cc = Programs.find(compiler).toString();
            String source = Programs.unpack("count_sources.c", work).toString();
            program = work.resolve("count_sources");
            Programs.version(
                    work,
                    VERSION,
                    List.of(cc, "-O3", "-march=native", "-o", program.toString(), source));
            if (!Files.isExecutable(program)) {
                throw new IOException(cc + " does not compile it");
            }
            return Programs.version(work, VERSION, List.of(cc, "--version"))
                    + ", -O3 -march=native";
        }

        @Override
        public List<String> command(Path capture) {
            return List.of(program.toString(), capture.toString());
        }

        @Override
        public OptionalLong framesRead(String output) {
            return Programs.number(FRAMES, output);
        }
    }

    /** Suricata 6 or newer, with the rules and the short log that lie beside this class. */
    private static final class Suricata implements Contender {
        private static final Pattern FRAMES = Pattern.compile("read \\d+ files?, (\\d+) packets");
        private static final Pattern VERSION = Pattern.compile("(Suricata version \\S+)");

        private final String program;
        private final String runMode;
        private Path path;
        private Path configuration;
        private Path rules;
        private Path logs;

        Suricata(String program, String runMode) {
            this.program = program;
            this.runMode = runMode;
        }

        @Override
        public String name() {
            return "suricata " + runMode;
        }

        @Override
        public String prepare(Path work) throws IOException {
            path = Programs.find(program);
            configuration = Programs.unpack("suricata.yaml", work);
            rules = Programs.unpack("peers.rules", work);
            logs = Files.createDirectories(work.resolve("suricata-logs"));
            return Programs.version(work, VERSION, List.of(path.toString(), "-V"))
                    + (environment().isEmpty() ? ", no jemalloc" : ", jemalloc");
        }

        @Override
        public List<String> command(Path capture) {
            return List.of(
                    path.toString(),
                    "-c",
                    configuration.toString(),
                    "-S",
                    rules.toString(),
                    "-l",
                    logs.toString(),
                    "-k",
                    "none",
                    "--runmode",
                    runMode,
                    "-r",
                    capture.toString());
        }

        @Override
        public Map<String, String> environment() {
            return jemalloc();
        }

        @Override
        public OptionalLong framesRead(String output) {
            return Programs.number(FRAMES, output);
        }
    }

    /** Snort 3, with the rules that lie beside this class and its own defaults. */
    private static final class Snort implements Contender {
        private static final Pattern FRAMES = Pattern.compile("analyzed: (\\d+)");
        private static final Pattern VERSION = Pattern.compile("(Version 3\\S*)");

        private final String program;
        private Path path;
        private Path configuration;
        private Path logs;

        Snort(String program) {
            this.program = program;
        }

        @Override
        public String name() {
            return "snort";
        }

        @Override
        public String prepare(Path work) throws IOException {
            path = Programs.find(program);
            configuration = Programs.unpack("snort.lua", work);
            Programs.unpack("snort.rules", work);
            logs = Files.createDirectories(work.resolve("snort-logs"));
            String version = Programs.version(work, VERSION, List.of(path.toString(), "-V"));
            if (!version.startsWith("Version 3")) {
                throw new IOException(path + " is not Snort 3");
            }
            return version + (environment().isEmpty() ? ", no jemalloc" : ", jemalloc");
        }

        @Override
        public List<String> command(Path capture) {
            return List.of(
                    path.toString(),
                    "-c",
                    configuration.toString(),
                    "-k",
                    "none",
                    "-A",
                    "none",
                    "-l",
                    logs.toString(),
                    "-r",
                    capture.toString());
        }

        @Override
        public Map<String, String> environment() {
            return jemalloc();
        }

        @Override
        public OptionalLong framesRead(String output) {
            return Programs.number(FRAMES, output);
        }
    }

    /** What libpcap costs by itself: reading and counting. */
    private static final class Tcpdump implements Contender {
        private static final Pattern FRAMES = Pattern.compile("(\\d+) packets?$");
        private static final Pattern VERSION = Pattern.compile("(tcpdump version \\S+)");

        private final String program;
        private Path path;

        Tcpdump(String program) {
            this.program = program;
        }

        @Override
        public String name() {
            return "tcpdump";
        }

        @Override
        public String prepare(Path work) throws IOException {
            path = Programs.find(program);
            return Programs.version(work, VERSION, List.of(path.toString(), "--version"))
                    + ", --count";
        }

        @Override
        public List<String> command(Path capture) {
            return List.of(path.toString(), "-n", "--count", "-r", capture.toString());
        }

        @Override
        public OptionalLong framesRead(String output) {
            return Programs.number(FRAMES, output.strip());
        }
    }

    private static Map<String, String> jemalloc() {
        for (String library : JEMALLOC) {
            if (Files.exists(Path.of(library))) {
                return Map.of("LD_PRELOAD", library);
            }
        }
        return Map.of();
    }
}
