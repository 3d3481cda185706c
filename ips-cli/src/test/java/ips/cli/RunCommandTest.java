package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.cli.control.ControlServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    private static void needsLinuxAndRoot() throws Exception {
        boolean root =
                Files.isDirectory(Path.of("/proc/self"))
                        && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        assumeTrue(root, "capture needs Linux and root");
    }

    @Test
    void wantsAnInterfaceWhereNobodyCanBeAsked() {
        Sensor.Outcome outcome = Sensor.run("run");

        assertEquals(ExitCode.USAGE, outcome.exitCode());
        assertTrue(outcome.err().contains("--interface is missing"), outcome.err());
    }

    @Test
    void asksAPersonWhichInterfaceToWatch() {
        Sensor.Outcome outcome = Sensor.runAtTerminal("nothing\n99\n0\n", "run");

        assertEquals(ExitCode.USAGE, outcome.exitCode());
        assertTrue(outcome.err().contains("NAME"), outcome.err());
        assertEquals(4, outcome.err().split("Watch which\\?", -1).length, outcome.err());
        assertTrue(outcome.err().contains("There is no 99"), outcome.err());
    }

    @Test
    void takesTheEndOfInputForARefusal() {
        Sensor.Outcome outcome = Sensor.runAtTerminal("", "run");

        assertEquals(ExitCode.USAGE, outcome.exitCode());
        assertTrue(outcome.err().contains("no interface chosen"), outcome.err());
    }

    @Test
    void saysWhichInterfacesThereAreWhenOneIsUnknown() throws Exception {
        needsLinuxAndRoot();

        Sensor.Outcome outcome = Sensor.run("run", "--interface", "nosuchif0");

        assertEquals(ExitCode.ENVIRONMENT, outcome.exitCode(), outcome.err());
        assertTrue(outcome.err().contains("nosuchif0"), outcome.err());
        assertTrue(outcome.err().contains("lo"), outcome.err());
    }

    @Test
    void takesAQuoteInTheNameOfAnInterfaceForAnyCharacter() throws Exception {
        needsLinuxAndRoot();

        ByteArrayOutputStream besides = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(besides, true, StandardCharsets.UTF_8));
        Sensor.Outcome outcome;
        try {
            outcome = Sensor.run("run", "--interface", "\"eth0");
        } finally {
            System.setErr(before);
        }

        assertEquals(ExitCode.ENVIRONMENT, outcome.exitCode(), outcome.err());
        assertTrue(outcome.err().startsWith("ips: there is no interface \"eth0"), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertEquals("", besides.toString(StandardCharsets.UTF_8));
    }

    @Test
    void saysWhatIsWrongWithAFilter() throws Exception {
        needsLinuxAndRoot();

        Sensor.Outcome outcome = Sensor.run("run", "--interface", "lo", "--filter", "port port");

        assertTrue(
                outcome.exitCode() == ExitCode.USAGE || outcome.err().contains("needs libpcap"),
                outcome.err());
        assertTrue(outcome.err().contains("port port"), outcome.err());
    }

    @Test
    void listsInterfacesForPeopleAndPrograms() throws Exception {
        Sensor.Outcome table = Sensor.run("interfaces");
        Sensor.Outcome json = Sensor.run("interfaces", "--json");

        assertEquals(0, table.exitCode(), table.err());
        assertTrue(table.out().startsWith("NAME "), table.out());
        JsonNode interfaces = new ObjectMapper().readTree(json.out());
        assertTrue(interfaces.size() > 0);
        for (JsonNode each : interfaces) {
            assertTrue(table.out().contains(each.get("name").asText()), table.out());
            assertTrue(each.get("addresses").isArray());
        }
    }

    @Test
    void refusesALogFolderThatAnotherSensorWritesTo(@TempDir Path folder) throws Exception {
        needsLinuxAndRoot();
        Path logs = folder.resolve("logs");
        try (LogFolderLock other = LogFolderLock.take(logs)) {
            Sensor.Outcome outcome =
                    Sensor.run(
                            "run", "--interface=lo", "--control-socket=none", "--log-dir=" + logs);

            assertEquals(ExitCode.ENVIRONMENT, outcome.exitCode(), outcome.err());
            assertEquals(
                    "ips: another sensor writes its logs in "
                            + logs
                            + "; end it, or give this one a --log-dir of its own\n",
                    outcome.err());
        }

        LogFolderLock.take(logs).close();
    }

    @Test
    void makesNoLogFolderForALinkThatIsNotThere(@TempDir Path folder) throws Exception {
        needsLinuxAndRoot();
        Path logs = folder.resolve("logs");

        Sensor.run("run", "--interface=nosuchif0", "--control-socket=none", "--log-dir=" + logs);

        assertFalse(Files.exists(logs));
    }

    @Test
    void refusesASocketThatAnotherSensorListensOnBeforeItBegins(@TempDir Path folder)
            throws Exception {
        Path socket = folder.resolve("control.sock");
        Path logs = folder.resolve("logs");
        try (ControlServer other = new ControlServer(socket, request -> null)) {
            Sensor.Outcome outcome =
                    Sensor.run(
                            "run",
                            "--interface=nosuchif0",
                            "--control-socket=" + socket,
                            "--log-dir=" + logs);

            assertEquals(ExitCode.ENVIRONMENT, outcome.exitCode());
            assertTrue(outcome.err().contains("another sensor's"), outcome.err());
            assertFalse(Files.exists(logs));
        }
    }
}
