package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UsageTest {
    @Test
    void helpsWithCommandsAndExitCodes() {
        Sensor.Outcome outcome = Sensor.run("--help");

        assertEquals(0, outcome.exitCode());
        for (String word : "analyze run interfaces check-config help Exit codes".split(" ")) {
            assertTrue(outcome.out().contains(word), word);
        }
        assertEquals("", outcome.err());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpsWithEachCommand(String command) {
        Sensor.Outcome outcome = Sensor.run(command, "--help");

        assertEquals(0, outcome.exitCode(), outcome.err());
        assertTrue(outcome.out().startsWith("Usage: ips " + command), outcome.out());
        assertEquals(outcome.out(), Sensor.run("help", command).out());
    }

    static List<String> commands() {
        return Ips.SUBCOMMANDS.stream().filter(name -> !name.equals("help")).toList();
    }

    @Test
    void tellsItsVersionAndJavas() {
        Sensor.Outcome outcome = Sensor.run("--version");

        assertEquals(0, outcome.exitCode());
        assertTrue(outcome.out().startsWith("ips "), outcome.out());
        assertTrue(outcome.out().contains("Java " + System.getProperty("java.version")));
    }

    @Test
    void writesACompletionScriptForShells() {
        Sensor.Outcome outcome = Sensor.run("generate-completion");

        assertEquals(0, outcome.exitCode());
        assertTrue(outcome.out().contains("complete -F"), outcome.out());
        assertTrue(outcome.out().contains("--fail-on"), outcome.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|a command is missing",
                "analyse|did you mean analyze",
                "analyse x.pcap|there is no command analyse",
                "chek-config x.yaml|did you mean check-config?",
                "--allow 10.0.0.0/8 analyze x.pcap|Unknown option",
                "analyze --jsn x.pcap|--jsn",
                "analyze|a capture file is missing",
                "analyze --preset lax x.pcap|expected one of",
                "analyze --fail-on fire x.pcap|--fail-on",
                "analyze --workers two x.pcap|\"two\" is not a whole number",
                "analyze --workers 0 x.pcap|workers",
                "analyze --ban-time soon x.pcap|a duration such as 60s",
                "analyze --allow 300.1.1.1 x.pcap|an address or network",
                "analyze --allow 1.2.3 x.pcap|an address or network",
                "analyze --allow 10.0.0.0/33 x.pcap|an address or network",
                "analyze --wait-strategy sleeping x.pcap|parking, yielding, busy-spin",
                "analyze --set workers x.pcap|expected KEY=VALUE",
                "analyze --set wrokers=2 x.pcap|did you mean workers?",
                "analyze --json --eve - x.pcap|both want standard output",
                "run --block nothing --interface lo|one of log",
                "run --capture magic --interface lo|one of auto, afpacket, pcap",
                "run --metrics-port 99999 --interface lo|metrics-port",
                "run --interface lo,eth0,lo|interfaces: lo stands twice",
                "run --interface lo --interface lo|interfaces: lo stands twice",
                "ban 300.1.1.1|not an address or network",
                "unban 10.0.0.0/33|not an address or network",
                "allow example.org|not an address or network",
                "explain x|not an address or network",
                "ban 192.0.2.1 --for soon|a duration such as 60s",
                "ban 192.0.2.1 --for 0s|out of range; give 1s to 3650d",
                "ban 192.0.2.1 --for 9999999d|out of range; give 1s to 3650d",
                "check-config|Missing required parameter",
                "interfaces extra|extra",
            })
    void saysWhatIsWrongWithACommandLineInASentence(String arguments, String said) {
        String[] words = arguments == null ? new String[0] : arguments.split(" ");

        Sensor.Outcome outcome = Sensor.run(words);

        assertEquals(ExitCode.USAGE, outcome.exitCode(), outcome.err());
        assertTrue(outcome.err().contains(said), outcome.err());
        assertTrue(outcome.err().startsWith("ips: "), outcome.err());
        assertFalse(outcome.err().contains("\tat "), outcome.err());
        assertTrue(outcome.err().lines().count() <= 3, outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void suggestsNoCommandThatIsFarFromWhatWasWritten() {
        String err = Sensor.run("bench").err();

        assertFalse(err.contains("did you mean"), err);
        assertEquals(2, err.lines().count(), err);
    }

    @Test
    void saysWhenTheNameOfACaptureFileIsEmpty() {
        Sensor.Outcome outcome = Sensor.run("analyze", "");

        assertEquals(ExitCode.INPUT, outcome.exitCode());
        assertEquals("ips: the name of a capture file is empty\n", outcome.err());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysAtOnceWhenNoLogCanBeMadeInAFolderThatMayBeWritten() {
        String capture = Repository.root().resolve("samples/attacks.pcap").toString();

        Sensor.Outcome outcome = Sensor.run("analyze", "--log-dir", "/proc/logs", capture);

        assertTrue(outcome.err().contains("blocked_ips.log cannot be written"), outcome.err());
        assertTrue(outcome.err().contains("another place with --log-dir"), outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void showsTheStackTraceToThoseWhoAsk() {
        Sensor.Outcome outcome = Sensor.run("analyze", "--stacktrace", "no-such-file.pcap");

        assertEquals(ExitCode.INPUT, outcome.exitCode());
        assertTrue(outcome.err().contains("\tat ips."), outcome.err());
    }
}
