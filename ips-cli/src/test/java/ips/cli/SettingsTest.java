package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.cli.config.ConfigBinder;
import ips.cli.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsTest {
    @TempDir private Path folder;

    private Path config(String yaml) throws Exception {
        return Files.writeString(folder.resolve("ips.yaml"), yaml);
    }

    @ParameterizedTest
    @EnumSource(SensorPreset.class)
    void printsSettingsThatItReadsBack(SensorPreset preset) throws Exception {
        Sensor.Outcome outcome =
                Sensor.run("run", "--print-config", "--preset", preset.name().toLowerCase());

        assertEquals(0, outcome.exitCode(), outcome.err());
        SensorConfig read =
                ConfigBinder.bind(
                        ConfigFile.parse(outcome.out(), "printed"),
                        SensorConfig.defaults(SensorPreset.STANDARD));
        assertEquals(SensorConfig.defaults(preset), read);
    }

    @Test
    void printsAMeaningAboveEveryKey() {
        String[] lines = Sensor.run("run", "--print-config").out().split("\n");

        for (int i = 0; i < lines.length; i++) {
            boolean key = !lines[i].isBlank() && !lines[i].strip().startsWith("#");
            assertFalse(key && (i == 0 || !lines[i - 1].strip().startsWith("#")), lines[i]);
        }
    }

    @Test
    void findsNothingWrongWithAGoodFile() throws Exception {
        Sensor.Outcome outcome =
                Sensor.run(
                        "check-config",
                        config("detectors:\n  syn-flood:\n    threshold: 500\n").toString());

        assertEquals(0, outcome.exitCode(), outcome.err());
        assertTrue(outcome.out().endsWith("ips.yaml: all right\n"), outcome.out());
    }

    @Test
    void tellsEverythingWrongWithABadFile() throws Exception {
        Path file = config("detectors:\n  syn-flod: {}\nworkers: -1\nbans:\n  ban-time: 0s\n");

        Sensor.Outcome outcome = Sensor.run("check-config", file.toString());

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertTrue(
                outcome.err().contains(file + ":2: \"detectors.syn-flod\": unknown key"),
                outcome.err());
        assertTrue(outcome.err().contains("did you mean detectors.syn-flood?"), outcome.err());
        assertTrue(outcome.err().contains(file + ":3: workers"), outcome.err());
        assertTrue(outcome.err().contains(file + ":5: bans.ban-time"), outcome.err());
        assertEquals(3, outcome.err().lines().count(), outcome.err());
    }

    @Test
    void saysWhenTheFileCannotBeRead() {
        Path absent = folder.resolve("absent.yaml");

        Sensor.Outcome outcome = Sensor.run("check-config", absent.toString());

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertTrue(outcome.err().contains(absent + ": no such file"), outcome.err());
    }

    @Test
    void saysWhenTheFileIsADirectory() {
        Sensor.Outcome outcome = Sensor.run("check-config", folder.toString());

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertTrue(outcome.err().contains(folder + " is a directory"), outcome.err());
    }

    @Test
    void saysWhenTheFileHasNoName() {
        Sensor.Outcome outcome = Sensor.run("check-config", "");

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
        assertEquals("ips: the name of the configuration is empty\n", outcome.err());
    }

    @Test
    void saysWhenTheFileIsNoText() throws Exception {
        Path file = Files.write(folder.resolve("ips.yaml"), new byte[] {(byte) 0xff, 0, 1});

        Sensor.Outcome outcome = Sensor.run("check-config", file.toString());

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode(), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
    }

    @Test
    void endsWithTheConfigurationsCodeWhenTheFileIsToBlame() throws Exception {
        Path file = config("workers: many\n");

        Sensor.Outcome outcome = Sensor.run("analyze", "--config", file.toString(), "x.pcap");

        assertEquals(ExitCode.CONFIGURATION, outcome.exitCode());
    }

    @Test
    void setsAnyKeyOnTheCommandLine() {
        Sensor.Outcome outcome =
                Sensor.run(
                        "run",
                        "--print-config",
                        "--set",
                        "detectors.syn-flood.threshold=77",
                        "--set",
                        "capture.interfaces=eth0,eth1");

        assertTrue(outcome.out().contains("threshold: 77\n"), outcome.err());
        assertTrue(outcome.out().contains("interfaces: [eth0, eth1]\n"), outcome.out());
    }

    @Test
    void readsFilesThroughALongerRingUnlessOneIsSet() {
        assertTrue(Sensor.run("run", "--print-config").out().contains("slots: 64\n"));
        assertTrue(Sensor.run("analyze", "--print-config").out().contains("slots: 128\n"));
        String set = Sensor.run("analyze", "--print-config", "--set", "ring.slots=64").out();
        assertTrue(set.contains("slots: 64\n"), set);
    }

    @Test
    void printsEveryDetectorAsOffWithRulesOnly() {
        String printed = Sensor.run("run", "--print-config", "--rules-only").out();

        String detectors = printed.substring(printed.indexOf("detectors:"));
        assertTrue(detectors.contains("enabled: false"), detectors);
        assertFalse(detectors.contains("enabled: true"), detectors);
    }
}
