package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is installed beside the sensor fits it, and what it tells systemd arrives. */
class PackagingTest {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @TempDir private Path folder;

    @Test
    void shipsAConfigurationThatIsRight() {
        Path file = Repository.root().resolve("packaging/ips.yaml");

        Sensor.Outcome outcome = Sensor.run("check-config", file.toString());

        assertEquals(0, outcome.exitCode(), outcome::toString);
    }

    /** The JVM says nothing of a name that nothing has. */
    @Test
    void tellsTheCompilerOfMethodsThatThereAre() throws Exception {
        List<String> lines =
                Files.readAllLines(Repository.root().resolve("packaging/stages.compile"));

        int named = 0;
        for (String line : lines) {
            if (line.startsWith("dontinline ")) {
                String[] name = line.substring("dontinline ".length()).split("::");
                Class<?> type = Class.forName(name[0]);
                assertTrue(
                        name[1].equals("*")
                                || Stream.of(type.getDeclaredMethods())
                                        .anyMatch(method -> method.getName().equals(name[1])),
                        line);
                named++;
            }
        }
        assertTrue(named > 0, lines::toString);
    }

    @Test
    void shipsAUnitThatSystemdUnderstandsAndThinksSafe() throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "skipped: systemd is not installed");
        String unit = Files.readString(Repository.root().resolve("packaging/ips.service"));
        Path copy = folder.resolve("ips.service");
        Files.writeString(copy, unit.replace("/opt/ips/ips", "/bin/true"));

        String security = output(ANALYZE.toString(), "security", "--offline=true", copy.toString());
        assumeTrue(security.contains("exposure level"), "skipped: " + security);

        assertEquals("", output(ANALYZE.toString(), "verify", "--man=no", copy.toString()));
        assertTrue(security.contains("OK"), security);
        assertTrue(unit.contains("\nAmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN\n"), unit);
        assertTrue(unit.contains("\nCapabilityBoundingSet=CAP_NET_RAW CAP_NET_ADMIN\n"), unit);
    }

    @Test
    void tellsSystemdThatItIsReadyAliveAndEnding() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "skipped: python3 is not installed");
        Path socket = folder.resolve("notify");
        String listen =
                "import socket,sys;s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM);"
                        + "s.bind(sys.argv[1]);s.settimeout(10);\n"
                        + "while True:\n"
                        + " text=s.recv(999).decode();print(text.replace('\\n',' '),flush=True)\n"
                        + " if 'STOPPING' in text:break";
        Process systemd =
                new ProcessBuilder(PYTHON.toString(), "-c", listen, socket.toString()).start();
        for (int i = 0; i < 500 && !Files.exists(socket); i++) {
            Thread.sleep(10);
        }

        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "300000");
        CountDownLatch asked = new CountDownLatch(2); // the second time, the first word is out
        BooleanSupplier alive =
                () -> {
                    asked.countDown();
                    return true;
                };
        try (ServiceManager service = new ServiceManager(environment, alive)) {
            assertTrue(asked.await(15, TimeUnit.SECONDS));
        }

        assertTrue(systemd.waitFor(15, TimeUnit.SECONDS));
        List<String> told =
                new String(systemd.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        assertEquals("READY=1 STATUS=watching", told.get(0));
        assertTrue(told.contains("WATCHDOG=1"), told::toString);
        assertEquals("STOPPING=1", told.get(told.size() - 1));
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
