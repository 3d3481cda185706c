package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code ips}, with Javas of the test's own making; nothing is built. */
class LauncherTest {
    @TempDir private Path folder;

    @BeforeEach
    void needsAShell() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh");
    }

    private record Outcome(int exitCode, String output) {}

    private Outcome launch(Path script, Map<String, String> environment)
            throws IOException, InterruptedException {
        return launch(script, environment, "analyze", "a b.pcap");
    }

    private Outcome launch(Path script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), output);
    }

    /** A folder that looks like a JDK, whose java prints its arguments. */
    private Path jdk(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jdk-" + version));
        Files.createDirectory(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = home.resolve("bin/java");
        Files.writeString(java, "#!/bin/sh\nfor a in \"$@\"; do echo \"[$a]\"; done\n");
        assertTrue(java.toFile().setExecutable(true));
        return home;
    }

    /** A repository as after a build, so that the script has something to run. */
    private Path built() throws IOException {
        Path root = Files.createDirectories(folder.resolve("with space"));
        Files.createDirectories(root.resolve("ips-cli/target/lib"));
        Files.writeString(root.resolve("ips-cli/target/ips-cli-1.jar"), "");
        return Files.copy(Repository.root().resolve("ips"), root.resolve("ips"));
    }

    private static String path() {
        return System.getenv("PATH");
    }

    @Test
    void saysSoWhenJavaIsTooOld() throws Exception {
        Outcome outcome =
                launch(built(), Map.of("PATH", path(), "JAVA_HOME", jdk("11.0.2").toString()));

        assertEquals(ExitCode.ENVIRONMENT, outcome.exitCode());
        assertTrue(outcome.output().contains("Java 11.0.2"), outcome.output());
        assertEquals(1, outcome.output().lines().count(), outcome.output());
    }

    @Test
    void saysSoWhenJavaHomeIsWrong() throws Exception {
        Outcome outcome = launch(built(), Map.of("PATH", path(), "JAVA_HOME", folder.toString()));

        assertEquals(ExitCode.ENVIRONMENT, outcome.exitCode());
        assertTrue(outcome.output().startsWith("ips: JAVA_HOME is "), outcome.output());
    }

    @Test
    void passesArgumentsOnAsTheyAre() throws Exception {
        Outcome outcome =
                launch(built(), Map.of("PATH", path(), "JAVA_HOME", jdk("17.0.9").toString()));

        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().endsWith("[analyze]\n[a b.pcap]\n"), outcome.output());
        assertTrue(outcome.output().contains("/with space/ips-cli/target/ips-cli-1.jar]"));
    }

    @Test
    void runsTheBenchmarksByTheirOwnJar() throws Exception {
        Path script = built();
        Path target = Files.createDirectories(script.resolveSibling("ips-bench/target"));
        Files.writeString(target.resolve("ips-bench.jar"), "");
        Map<String, String> environment =
                Map.of("PATH", path(), "JAVA_HOME", jdk("17.0.9").toString());

        Outcome outcome = launch(script, environment, "bench", "compare", "a b.json");

        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().endsWith("[ips.bench.Bench]\n[compare]\n[a b.json]\n"));
        assertTrue(outcome.output().contains("[-Dips.launcher=" + script + "]"), outcome.output());
    }

    @Test
    void findsItsFolderThroughSymbolicLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), built());
        Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("link"));

        Outcome outcome = launch(second, Map.of("PATH", path(), "JAVA_HOME", jdk("21").toString()));

        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(outcome.output().contains("/with space/ips-cli/target/ips-cli-1.jar]"));
    }

    /** The JVM refuses to begin with more memory than it may have. */
    @ParameterizedTest
    @CsvSource({
        "-ea, -Xms200m",
        "-Xmx1g, -Xms200m",
        "-Xmx300m -ea, -Xms200m",
        "-ea -Xmx128M, -Xms128M",
        "-Xmx150000k, -Xms150000k"
    })
    void beginsWithNoMoreMemoryThanTheCallerAllows(String options, String initial)
            throws Exception {
        Outcome outcome =
                launch(
                        built(),
                        Map.of(
                                "PATH", path(),
                                "JAVA_HOME", jdk("17.0.9").toString(),
                                "IPS_JAVA_OPTS", options));

        assertTrue(outcome.output().contains("[" + initial + "]\n"), outcome.output());
    }

    @Test
    void letsTheCallersFlagsOverrideItsOwn() throws Exception {
        Outcome outcome =
                launch(
                        built(),
                        Map.of(
                                "PATH", path(),
                                "JAVA_HOME", jdk("17.0.9").toString(),
                                "IPS_JAVA_OPTS", "-Xmx1g -ea"));

        String output = outcome.output();
        assertTrue(output.indexOf("[-Xmx1g]\n[-ea]") > output.indexOf("[-Xmx"), output);
        assertTrue(output.indexOf("[-ea]") < output.indexOf("[-jar]"), output);
    }

    @Test
    void quietsNewerJavas() throws Exception {
        Path script = built();
        String newer =
                launch(script, Map.of("PATH", path(), "JAVA_HOME", jdk("25.0.3").toString()))
                        .output();
        String older =
                launch(script, Map.of("PATH", path(), "JAVA_HOME", jdk("17.0.9").toString()))
                        .output();

        assertTrue(newer.contains("[--enable-native-access=ALL-UNNAMED]"), newer);
        assertTrue(newer.contains("[--sun-misc-unsafe-memory-access=allow]"), newer);
        assertTrue(!older.contains("native-access"), older);
    }

    @Test
    void failsWhenStandardOutputTakesNoMore() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "skipped: no /dev/full");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "ips.cli.Ips",
                                "--help")
                        .redirectOutput(full.toFile())
                        .start();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(ExitCode.ENVIRONMENT, process.exitValue(), said);
        assertTrue(said.contains("standard output"), said);
    }
}
