package ips.core.alert;

import static ips.core.alert.AlertFixture.SECOND;
import static ips.core.alert.AlertFixture.START;
import static ips.core.alert.AlertFixture.ban;
import static ips.core.alert.AlertFixture.detection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.block.BlockListener.ReleaseReason;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockedIpsLogTest {
    private static final String OFFENDER = "198.51.100.7";

    @TempDir Path directory;
    private final Counters counters = new Counters();
    private final List<Throwable> errors = new ArrayList<>();

    private Path file() {
        return directory.resolve("logs").resolve("blocked_ips.log");
    }

    private BlockedIpsLog log() {
        return new BlockedIpsLog(directory.resolve("logs"), counters, errors::add);
    }

    @Test
    void writesALinePerBanAndPerRelease() throws IOException {
        BlockedIpsLog log = log();
        var cause = detection(Kind.SYN_FLOOD, OFFENDER, "203.0.113.80", 80);
        log.banned(ban(OFFENDER, "SYN flood: 51 in 2.0 s (threshold=50)", 1), cause, false);
        log.banned(ban(OFFENDER, "SYN flood: 99 in 3.0 s (threshold=50)", 1), cause, true);
        log.released(ban(OFFENDER, "SYN flood: 99 in 3.0 s", 1), ReleaseReason.EXPIRED);

        assertEquals(
                List.of(
                        "2026-11-23T06:46:25.123Z ban 198.51.100.7 scope=syn duration=1m repeat=1"
                                + " reason=\"SYN flood: 51 in 2.0 s (threshold=50)\"",
                        "2026-11-23T06:47:25.123Z release 198.51.100.7 scope=syn duration=1m"
                                + " why=expired reason=\"SYN flood: 99 in 3.0 s\""),
                Files.readAllLines(file()));
    }

    @Test
    void tellsHowLongABanReallyWas() throws IOException {
        BlockedIpsLog log = log();
        log.tick(START + 12_500_000_000L);
        log.released(ban(OFFENDER, "why", 0), ReleaseReason.BY_HAND);

        assertEquals(
                List.of(
                        "2026-11-23T06:46:37.623Z release 198.51.100.7 scope=syn duration=12.5s"
                                + " why=by-hand reason=\"why\""),
                Files.readAllLines(file()));
    }

    /** The allow is given at the time of its frame, the release that follows from it heard none. */
    @Test
    void releasesNobodyBeforeTheAllowThatFreesHim() throws IOException {
        BlockedIpsLog log = log();
        log.tick(START);
        log.allowed(Cidr.parse("198.51.100.0/24"), START + 700_000_000L);
        log.released(ban(OFFENDER, "why", 0), ReleaseReason.PROTECTED);
        log.disallowed(Cidr.parse("198.51.100.0/24"), START + 600_000_000L);

        assertEquals(
                List.of(
                        "2026-11-23T06:46:25.823Z allow 198.51.100.0/24 why=by-hand",
                        "2026-11-23T06:46:25.823Z release 198.51.100.7 scope=syn duration=0.7s"
                                + " why=protected reason=\"why\"",
                        "2026-11-23T06:46:25.823Z disallow 198.51.100.0/24 why=by-hand"),
                Files.readAllLines(file()));
    }

    @Test
    void goesBackInTimeWithAClockThatIsSetBack() throws IOException {
        BlockedIpsLog log = log();
        log.tick(START + 3600 * SECOND);
        log.allowed(Cidr.parse("198.51.100.7"), START + 3600 * SECOND);
        log.tick(START);
        log.disallowed(Cidr.parse("198.51.100.7"), START);

        assertTrue(
                Files.readAllLines(file()).get(1).startsWith("2026-11-23T06:46:25.123Z disallow"),
                Files.readString(file()));
    }

    @Test
    void keepsALineOneLineWhateverTheReasonHolds() throws IOException {
        BlockedIpsLog log = log();
        log.banned(ban(OFFENDER, "x\n2026 ban 8.8.8.8\r\"y\\\u001b[2J\u00e9", 0), null, false);

        assertEquals(1, Files.readAllLines(file()).size());
        assertTrue(
                Files.readString(file())
                        .endsWith("reason=\"x\\n2026 ban 8.8.8.8\\r\\\"y\\\\\\u001b[2J\\u00e9\"\n"),
                Files.readString(file()));
    }

    @Test
    void rotatesBySizeAndKeepsAsManyFilesAsTold() throws IOException {
        BlockedIpsLog log =
                new BlockedIpsLog(directory.resolve("logs"), 1000, 2, counters, errors::add);
        for (int i = 0; i < 100; i++) {
            log.banned(ban("198.51.100." + i, "reason", 0), null, false);
        }

        Path logs = directory.resolve("logs");
        try (var files = Files.list(logs)) {
            assertEquals(
                    List.of("blocked_ips.log", "blocked_ips.log.1", "blocked_ips.log.2"),
                    files.map(each -> each.getFileName().toString()).sorted().toList());
        }
        List<String> kept = new ArrayList<>();
        for (String name : List.of("blocked_ips.log.2", "blocked_ips.log.1", "blocked_ips.log")) {
            assertTrue(Files.size(logs.resolve(name)) <= 1000);
            kept.addAll(Files.readAllLines(logs.resolve(name)));
        }
        for (int i = 0; i < kept.size(); i++) {
            String expected = "ban 198.51.100." + (100 - kept.size() + i) + " ";
            assertTrue(kept.get(i).contains(expected), kept.get(i));
        }
        assertTrue(kept.size() > 20);
    }

    @Test
    void goesOnWithAnExistingFile() throws IOException {
        log().banned(ban(OFFENDER, "first", 0), null, false);
        log().banned(ban(OFFENDER, "second", 0), null, false);

        assertEquals(2, Files.readAllLines(file()).size());
    }

    @Test
    void saysOnceThatTheFileCannotBeWrittenAndGoesOn() throws IOException {
        Files.writeString(directory.resolve("logs"), "a file where the directory should be");
        BlockedIpsLog log = log();
        log.banned(ban(OFFENDER, "one", 0), null, false);
        log.banned(ban(OFFENDER, "two", 0), null, false);

        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().startsWith("cannot write "), "" + errors);
        assertEquals(2, counters.get(Counter.LOG_LINES_LOST));

        Files.delete(directory.resolve("logs"));
        log.banned(ban(OFFENDER, "three", 0), null, false);
        log.banned(ban(OFFENDER, "four", 0), null, false);
        assertEquals(2, Files.readAllLines(file()).size());
        assertEquals(2, errors.size());
        assertTrue(
                errors.get(1).getMessage().endsWith(" can be written again; 2 lines were lost"),
                "" + errors);
    }

    @Test
    void beginsTheFileAnewWhereSomeoneMovedItOrRemovedItsFolder() throws Exception {
        Path moved = directory.resolve("moved");
        BlockedIpsLog log = log();
        log.banned(ban(OFFENDER, "one", 0), null, false);
        Files.move(file(), moved);
        Thread.sleep(20);
        log.banned(ban(OFFENDER, "two", 0), null, false);
        log.banned(ban(OFFENDER, "three", 0), null, false);

        assertEquals(1, Files.readAllLines(moved).size());
        assertEquals(2, Files.readAllLines(file()).size());
        assertEquals(1, errors.size(), "" + errors);
        assertTrue(errors.get(0).getMessage().contains("moved or removed"), "" + errors);

        Files.delete(file());
        Files.delete(file().getParent());
        Thread.sleep(20);
        log.banned(ban(OFFENDER, "four", 0), null, false);

        assertEquals(1, Files.readAllLines(file()).size());
        assertEquals(0, counters.get(Counter.LOG_LINES_LOST));
        assertEquals(2, errors.size(), "" + errors);
    }

    /** As logrotate does with {@code create}, which tells nobody. */
    @Test
    void goesOnInAFileThatSomeonePutInItsPlace() throws Exception {
        BlockedIpsLog log = log();
        log.banned(ban(OFFENDER, "one", 0), null, false);
        Files.move(file(), directory.resolve("moved"));
        Files.createFile(file());
        Thread.sleep(20);
        log.banned(ban(OFFENDER, "two", 0), null, false);

        assertEquals(1, Files.readAllLines(file()).size());
    }

    @Test
    void survivesAFullDisk() throws IOException {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/full")), "no /dev/full here");
        Files.createDirectories(directory.resolve("logs"));
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        BlockedIpsLog log = log();

        log.banned(ban(OFFENDER, "one", 0), null, false);

        assertEquals(1, errors.size());
        String told = errors.get(0).getMessage();
        assertTrue(told.contains("(No space left on device); make room there: "), told);
        assertEquals(1, counters.get(Counter.LOG_LINES_LOST));
    }

    @Test
    void makesNoFileBeforeTheFirstLine() {
        log().close();

        assertFalse(Files.exists(file()));
    }
}
