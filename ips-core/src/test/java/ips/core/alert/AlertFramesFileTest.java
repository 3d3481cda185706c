package ips.core.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.LinkType;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.FrameRoom;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertFramesFileTest {
    /** The frame that {@link AlertFixture}'s detections name as their last. */
    private static final long FRAME = 99;

    @TempDir private Path folder;

    private final Counters counters = new Counters();
    private final List<Throwable> told = new ArrayList<>();
    private final FrameRoom room = new FrameRoom(1 << 20);

    private AlertFramesFile file(Path path, long mostBytes) {
        return new AlertFramesFile(path, mostBytes, counters, told::add);
    }

    private AlertFrame frame(long number, String bytes) {
        byte[] content = bytes.getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(room.take(content.length));
        return new AlertFrame(
                number, AlertFixture.START, LinkType.ETHERNET, content.length, content, room);
    }

    private void alert(AlertFramesFile file, String bytes) {
        file.frame(frame(FRAME, bytes));
        file.detected(AlertFixture.detection(Kind.SQLI, "192.0.2.7", "192.0.2.1", 80));
    }

    private static String read(Path path) throws IOException {
        return Files.readString(path, StandardCharsets.ISO_8859_1);
    }

    @Test
    void writesAFrameOnceWithAllThatWasAlerted() throws IOException {
        Path path = folder.resolve("alerts.pcapng");
        AlertFramesFile file = file(path, 1 << 20);

        alert(file, "some frame");
        file.detected(AlertFixture.detection(Kind.XSS, "192.0.2.7", "192.0.2.1", 80));
        file.close();

        String text = read(path);
        assertEquals(text.indexOf("some frame"), text.lastIndexOf("some frame"));
        assertTrue(text.contains("SQL injection from 192.0.2.7"), text);
        assertTrue(text.contains("Cross-site scripting from 192.0.2.7"), text);
        assertEquals(0, text.length() % 4);
    }

    @Test
    void leavesOutFramesOfNoAlert() throws IOException {
        Path path = folder.resolve("alerts.pcapng");
        AlertFramesFile file = file(path, 1 << 20);

        file.frame(frame(98, "of a campaign that goes on"));
        file.detected(AlertFixture.detection(Kind.SQLI, "192.0.2.7", "192.0.2.1", 80));
        file.close();

        assertFalse(read(path).contains("goes on"));
        assertEquals(28, Files.size(path), "a section without frames");
    }

    @Test
    void beginsAnotherFileAtItsLimitAndKeepsOneBefore() throws IOException {
        Path path = folder.resolve("alerts.pcapng");
        AlertFramesFile file = file(path, 1500);

        for (int i = 0; i < 5; i++) {
            alert(file, "frame " + i + "x".repeat(1000));
        }
        file.close();

        assertTrue(read(path).contains("frame 4x"));
        assertTrue(read(folder.resolve("alerts.pcapng.1")).contains("frame 3x"));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void keepsWhatAnEarlierRunWroteInAFileOfItsOwn() throws IOException {
        Path path = folder.resolve("alerts.pcapng");
        Files.writeString(path, "of an earlier run");
        AlertFramesFile file = file(path, 1 << 20);

        alert(file, "some frame");
        file.close();

        assertFalse(read(path).contains("earlier run"));
        assertEquals("of an earlier run", read(folder.resolve("alerts.pcapng.1")));
    }

    @Test
    void beginsANewFileWhereTheOldOneWasMovedAway() throws IOException {
        Path path = folder.resolve("alerts.pcapng");
        AlertFramesFile file = file(path, 1 << 20);

        alert(file, "frame one");
        file.tick(0);
        Files.move(path, folder.resolve("moved"));
        file.reopen();
        alert(file, "frame two");
        file.close();

        assertTrue(read(folder.resolve("moved")).contains("frame one"));
        assertTrue(read(path).contains("frame two"));
        assertTrue(Files.notExists(folder.resolve("alerts.pcapng.1")));
    }

    /** Settings are read again more often than anybody moves files away. */
    @Test
    void goesOnInTheSameFileWhereNobodyMovedIt() throws IOException {
        Path path = folder.resolve("alerts.pcapng");
        Files.writeString(path, "of an earlier run");
        AlertFramesFile file = file(path, 1 << 20);

        for (int i = 0; i < 3; i++) {
            alert(file, "frame " + i);
            file.tick(0);
            file.reopen();
        }
        file.close();

        String text = read(path);
        for (int i = 0; i < 3; i++) {
            assertTrue(text.contains("frame " + i), text);
        }
        assertEquals("of an earlier run", read(folder.resolve("alerts.pcapng.1")));
    }

    @Test
    void countsFramesThatADiskHasNoRoomForAndTellsItOnce() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full on this system");
        AlertFramesFile file = file(full, 1 << 20);

        alert(file, "one");
        alert(file, "two");
        file.close();

        assertEquals(2, counters.get(Counter.ALERT_FRAMES_LOST));
        assertEquals(1, told.size());
        assertTrue(
                told.get(0).getMessage().startsWith("cannot write /dev/full ("),
                told.get(0).getMessage());
    }
}
