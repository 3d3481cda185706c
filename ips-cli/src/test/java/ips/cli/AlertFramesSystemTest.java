package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.packet.FrameBuilder;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --pcap-alerts} as tshark reads it, and {@code --syslog} as a receiver hears it. */
class AlertFramesSystemTest {
    @TempDir private Path folder;

    private Path capture;
    private Path rules;

    @BeforeEach
    void makeTraffic() throws IOException {
        Traffic traffic = new Traffic();
        traffic.pings(0, "192.0.2.1", "192.0.2.2", 3, 10);
        traffic.frame(
                5.25,
                FrameBuilder.udp("192.0.2.1", 4000, "192.0.2.2", 5000).payload("evil datagram"));
        traffic.frame(
                50,
                FrameBuilder.udp("2001:db8::1", 4000, "2001:db8::2", 5000)
                        .payload("evil \u001b[2J\n"));
        traffic.pingFlood(100, "192.0.2.9", "192.0.2.2", 300, 1);
        capture = traffic.write(folder.resolve("traffic.pcap"));
        rules = folder.resolve("test.rules");
        Files.writeString(
                rules,
                "alert udp any any -> any 5000 (msg:\"evil\"; content:\"evil\"; sid:1;)\n"
                        + "alert udp any any -> any 5000 (msg:\"again\"; sid:2;)\n");
    }

    private List<String> tshark(Path file) throws Exception {
        Process process =
                new ProcessBuilder(
                                "tshark",
                                "-r",
                                file.toString(),
                                "-T",
                                "fields",
                                "-e",
                                "frame.time_epoch",
                                "-e",
                                "udp.payload",
                                "-e",
                                "icmp.type",
                                "-e",
                                "frame.comment",
                                "-E",
                                "separator=|")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<String> lines;
        try (var reader = process.inputReader()) {
            lines = reader.lines().toList();
        }
        assertEquals(0, process.waitFor());
        return lines;
    }

    private static boolean hasTshark() {
        try {
            return new ProcessBuilder("tshark", "-v")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void writesTheFramesOfRulesAndDetectorsForTshark() throws Exception {
        assumeTrue(hasTshark(), "no tshark on this host");
        List<List<String>> read = new ArrayList<>();
        for (String workers : List.of("1", "4")) {
            Path file = folder.resolve("alerts-" + workers + ".pcapng");

            Sensor.Outcome outcome =
                    Sensor.run(
                            "analyze",
                            "--quiet",
                            "--no-shipped-rules",
                            "--workers",
                            workers,
                            "--log-dir",
                            folder.toString(),
                            "--rules",
                            rules.toString(),
                            "--pcap-alerts",
                            file.toString(),
                            capture.toString());

            assertEquals(ExitCode.OK, outcome.exitCode(), outcome.err());
            read.add(tshark(file));
        }

        List<String> lines = read.get(0);
        assertEquals(lines, read.get(1));
        assertEquals(3, lines.size(), lines.toString());
        assertEquals(
                "1767225600.005250000|6576696c20646174616772616d||"
                        + "evil (1:1:0) from 192.0.2.1 to 192.0.2.2 port 5000,"
                        + "again (1:2:0) from 192.0.2.1 to 192.0.2.2 port 5000",
                lines.get(0));
        assertTrue(lines.get(1).startsWith("1767225600.050000000|"), lines.get(1));
        assertTrue(lines.get(2).contains("|8|ICMP flood from 192.0.2.9"), lines.get(2));
    }

    @Test
    void leavesAFileWithoutFramesWhereNothingAlerts() throws Exception {
        assumeTrue(hasTshark(), "no tshark on this host");
        Path file = folder.resolve("none.pcapng");

        Sensor.run(
                "analyze",
                "--quiet",
                "--rules-only",
                "--log-dir",
                folder.toString(),
                "--pcap-alerts",
                file.toString(),
                capture.toString());

        assertEquals(List.of(), tshark(file));
    }

    @Test
    void sendsAlertsAndBansToSyslog() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(2000);

            Sensor.Outcome outcome =
                    Sensor.run(
                            "analyze",
                            "--quiet",
                            "--no-shipped-rules",
                            "--log-dir",
                            folder.toString(),
                            "--rules",
                            rules.toString(),
                            "--syslog",
                            "127.0.0.1:" + socket.getLocalPort(),
                            capture.toString());

            assertEquals(ExitCode.OK, outcome.exitCode(), outcome.err());
            List<String> messages = receive(socket);
            assertTrue(
                    messages.stream()
                            .anyMatch(
                                    each ->
                                            each.matches(
                                                    "<29>1 2026-01-01T00:00:00.005250Z \\S+ ips"
                                                            + " \\d+ alert - \\[1:1:0] evil"
                                                            + " \\[Priority: 3] \\{UDP}"
                                                            + " 192.0.2.1:4000 -> 192.0.2.2:5000")),
                    messages.toString());
            assertTrue(
                    messages.stream().anyMatch(each -> each.contains(" ban - ban 192.0.2.9 ")),
                    messages.toString());
        }
    }

    private static List<String> receive(DatagramSocket socket) throws IOException {
        List<String> messages = new ArrayList<>();
        byte[] bytes = new byte[4096];
        try {
            for (int i = 0; i < 7; i++) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                socket.receive(packet);
                messages.add(new String(bytes, 0, packet.getLength(), StandardCharsets.US_ASCII));
            }
        } catch (SocketTimeoutException e) {
            // That was all.
        }
        return messages;
    }

    @Test
    void readsAFileBehindSyslogWithoutAddressAsAFile() {
        Sensor.Outcome outcome =
                Sensor.run(
                        "analyze", "--log-dir", folder.toString(), "--syslog", capture.toString());

        assertEquals(ExitCode.OK, outcome.exitCode(), outcome.err());
        assertTrue(outcome.out().contains("ICMP flood"), outcome.out());
    }

    @Test
    void refusesAnAddressThatIsNone() {
        Sensor.Outcome outcome =
                Sensor.run("analyze", "--syslog=gateway:99999", capture.toString());

        assertEquals(ExitCode.USAGE, outcome.exitCode());
        assertTrue(
                outcome.err()
                        .contains(
                                "\"gateway:99999\" cannot be used;"
                                        + " give local, the path of a socket or HOST:PORT"),
                outcome.err());
    }
}
