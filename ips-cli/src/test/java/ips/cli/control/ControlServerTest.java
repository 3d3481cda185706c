package ips.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.cli.ExitCode;
import ips.cli.UserError;
import ips.core.Engine;
import ips.core.block.RecordingEnforcer;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine whose time goes on, and a socket to ask it through. */
class ControlServerTest {
    @TempDir private Path folder;

    private final AddressHistory history = new AddressHistory();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private Path socket;
    private Engine engine;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("control.sock");
        engine = Engine.builder().listener(history).enforcer(new RecordingEnforcer()).build();
        clock.scheduleAtFixedRate(
                () -> engine.frames().idle(System.currentTimeMillis() * 1_000_000),
                0,
                20,
                TimeUnit.MILLISECONDS);
        Operator operator = new Operator(engine, history, () -> "", () -> "reloaded");
        server = new ControlServer(socket, operator::answer);
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        // The thread that feeds the engine ends it.
        clock.execute(engine::close);
        clock.shutdown();
        clock.awaitTermination(5, TimeUnit.SECONDS);
    }

    private Reply ask(String command, String... namesAndValues) {
        Map<String, String> fields = new TreeMap<>(Map.of("command", command));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return ControlClient.ask(socket, new Request(fields));
    }

    @Test
    void endsWhileItIsAskedWithoutAnError() throws Exception {
        List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> errors.add(error));
        try {
            for (int i = 0; i < 300; i++) {
                Path path = folder.resolve("s" + i);
                ControlServer brief =
                        new ControlServer(path, request -> new Reply(ExitCode.OK, ""));
                try (SocketChannel asking = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                    LockSupport.parkNanos(i * 1000);
                    brief.close();
                }
            }
        } finally {
            Thread.sleep(50);
            Thread.setDefaultUncaughtExceptionHandler(before);
        }

        assertEquals(List.of(), errors);
    }

    @Test
    void makesTheFolderOfItsSocketButNoTree() throws IOException {
        Path made = folder.resolve("run/control.sock");
        new ControlServer(made, request -> new Reply(ExitCode.OK, "")).close();

        for (Path path : List.of(folder.resolve("a/b/c.sock"), Path.of("/no-such-folder/c.sock"))) {
            IOException e =
                    assertThrows(
                            IOException.class,
                            () -> new ControlServer(path, request -> new Reply(ExitCode.OK, "")));
            assertEquals(
                    "there is no folder %s; choose another --control-socket"
                            .formatted(path.getParent()),
                    e.getMessage());
        }
        assertFalse(Files.exists(folder.resolve("a")));
        assertFalse(Files.exists(Path.of("/no-such-folder")));
    }

    /** A thread whose answer is given makes room a moment before it can take the next. */
    @Test
    void answersHoweverManyAskedOneRightAfterTheOther() throws Exception {
        Path path = folder.resolve("busy");
        try (ControlServer busy = new ControlServer(path, request -> new Reply(ExitCode.OK, ""))) {
            ExecutorService many = Executors.newFixedThreadPool(ControlServer.MOST_CONNECTIONS);
            for (int i = 0; i < 20_000; i++) {
                many.execute(() -> askOrBeTurnedAway(path));
            }
            many.shutdown();
            assertTrue(many.awaitTermination(60, TimeUnit.SECONDS), "nobody is answered any more");

            long endNs = System.nanoTime() + 10_000_000_000L;
            while (!answersInAllPlaces(path)) {
                assertTrue(System.nanoTime() < endNs, "a place is lost");
                Thread.sleep(50);
            }
        }
    }

    /** Whether as many as there are places are answered at the same time. */
    private static boolean answersInAllPlaces(Path path) throws IOException {
        List<SocketChannel> all = new ArrayList<>();
        try {
            for (int i = 0; i < ControlServer.MOST_CONNECTIONS; i++) {
                all.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            for (SocketChannel each : all) {
                each.write(ByteBuffer.wrap("{}\n".getBytes(StandardCharsets.UTF_8)));
                if (each.read(ByteBuffer.allocate(64)) <= 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false; // closed at once, for want of a place
        } finally {
            for (SocketChannel each : all) {
                each.close();
            }
        }
    }

    /** As a reload of many rules does. */
    @Test
    void givesAnAnswerThatTookLongerThanAnyLineMay() throws Exception {
        Path path = folder.resolve("slow");
        try (ControlServer slow =
                new ControlServer(
                        path,
                        request -> {
                            LockSupport.parkNanos(500_000_000);
                            return new Reply(ExitCode.OK, "reloaded\n");
                        },
                        Duration.ofMillis(100))) {
            Reply reply = ControlClient.ask(path, new Request(Map.of("command", "reload")));

            assertEquals("reloaded\n", reply.text());
        }
    }

    @Test
    void endsAConnectionThatSaysNothing() throws Exception {
        Path path = folder.resolve("mute");
        try (ControlServer server =
                        new ControlServer(
                                path,
                                request -> new Reply(ExitCode.OK, ""),
                                Duration.ofMillis(100));
                SocketChannel mute = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertEquals(-1, mute.read(ByteBuffer.allocate(1)));
        }
    }

    private static void askOrBeTurnedAway(Path path) {
        try {
            ControlClient.ask(path, new Request(Map.of("command", "status")));
        } catch (UserError e) {
            // All places were taken.
        }
    }

    @Test
    void takesALineAsLongAsItMayBeAndTellsOfALongerOne() {
        int around = new Request(Map.of("command", "bans", "reason", "")).line().length();
        String longest = "x".repeat(Request.MOST_BYTES - around);

        assertEquals(ExitCode.OK, ask("bans", "reason", longest).exitCode());
        UserError longer =
                assertThrows(UserError.class, () -> ask("bans", "reason", longest + "x"));

        assertEquals(ExitCode.USAGE, longer.exitCode());
        assertTrue(longer.getMessage().contains("4096 bytes, and this one has 4097"));
    }

    /** The command checks it, too; others may write to the socket. */
    @Test
    void refusesABanOfATimeThatNoBanCanHave() {
        for (String time :
                List.of("100000d", "9999999999999d1ns", "3651d", "0", "999ms", "-1s", "")) {
            Reply reply = ask("ban", "address", "198.51.100.9", "for", time);

            assertEquals(ExitCode.REFUSED, reply.exitCode(), reply::text);
            assertTrue(reply.text().startsWith("for: "), reply::text);
        }
        assertEquals(ExitCode.OK, ask("ban", "address", "198.51.100.9", "for", "3650d").exitCode());
    }

    @Test
    void bansExplainsAndEndsBans() {
        Reply banned =
                ask("ban", "address", "192.0.2.7", "for", "10m", "reason", "line\nbreak \u001b[0m");
        assertEquals(ExitCode.OK, banned.exitCode(), banned::text);
        assertTrue(ask("bans").text().contains("192.0.2.7"));
        assertFalse(ask("bans").text().contains("\u001b"));
        assertTrue(ask("bans", "format", "json").text().contains("\"enforced\" : true"));
        assertTrue(
                ask("explain", "address", "192.0.2.7").text().contains("banned (all) until"),
                () -> ask("explain", "address", "192.0.2.7").text());
        assertTrue(ask("status").text().contains("1 wanted"));

        assertEquals(ExitCode.REFUSED, ask("unban", "address", "192.0.2.8").exitCode());
        assertEquals(ExitCode.OK, ask("unban", "address", "192.0.2.0/24").exitCode());
        assertEquals("nobody is banned\n", ask("bans").text());
        assertEquals("reloaded\n", ask("reload").text());
    }

    @Test
    void explainsANetworkAndWhatLiesInIt() {
        assertEquals(ExitCode.OK, ask("ban", "address", "2001:db8:7::/64", "for", "1m").exitCode());

        for (String address : List.of("2001:db8:7::/64", "2001:db8:7::9", "2001:db8:7::/112")) {
            String text = ask("explain", "address", address).text();
            assertTrue(text.startsWith(address + ": banned (all) until"), text);
            assertTrue(text.contains("banned by hand: scope all"), text);
        }
    }

    @Test
    void refusesToBanWhatMustNeverBeBannedAndSaysWhy() {
        assertEquals(ExitCode.OK, ask("allow", "address", "198.51.100.0/24").exitCode());

        for (String address : List.of("198.51.100.9", "127.0.0.1", "0.0.0.0/0", "::/0")) {
            Reply reply = ask("ban", "address", address, "for", "1m");
            assertEquals(ExitCode.REFUSED, reply.exitCode(), address);
            assertTrue(reply.text().contains("is not banned: it has"), reply::text);
        }
        assertTrue(ask("explain", "address", "198.51.100.9").text().contains("never banned"));
        assertEquals(ExitCode.REFUSED, ask("ban", "address", "1.2.3.4", "for", "soon").exitCode());
        assertEquals(ExitCode.REFUSED, ask("ban", "address", "$(reboot)", "for", "1m").exitCode());
    }

    @Test
    void takesBackAPermission() {
        ask("allow", "address", "198.51.100.0/24");

        Reply undone = ask("allow", "address", "198.51.100.0/24", "undo", "true");

        assertEquals("198.51.100.0/24 may be banned again\n", undone.text());
        assertEquals(ExitCode.OK, ask("ban", "address", "198.51.100.9", "for", "1m").exitCode());
        Reply again = ask("allow", "address", "198.51.100.0/24", "undo", "true");
        assertEquals(ExitCode.REFUSED, again.exitCode());
        assertTrue(again.text().contains("bans.allow"), again::text);
    }

    @Test
    void explainsADetectedCampaignByItsEvidence() throws Exception {
        clock.submit(this::floodOfPings).get();
        long endNs = System.nanoTime() + 5_000_000_000L;
        while (engine.blockManager().bans().isEmpty() && System.nanoTime() < endNs) {
            Thread.sleep(10);
        }

        String text = ask("explain", "address", "192.0.2.5").text();

        assertTrue(text.contains("banned (icmp)"), text);
        assertTrue(text.contains("threshold="), text);
        assertTrue(text.contains("not proven"), text);
        assertTrue(text.contains("(frame "), text);
    }

    private void floodOfPings() {
        long ns = System.currentTimeMillis() * 1_000_000;
        for (int i = 0; i < 300; i++) {
            byte[] frame =
                    FrameBuilder.icmp("192.0.2.5", "192.0.2.1")
                            .icmpType(8, 0)
                            .icmpEcho(1, i)
                            .build();
            engine.frames()
                    .frame(
                            ns + i * 1_000_000L,
                            new FrameBuffer(frame),
                            0,
                            frame.length,
                            frame.length,
                            1,
                            0,
                            0);
        }
    }

    @Test
    void survivesHostileInputAndKeepsAnswering() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(2000)];
            random.nextBytes(bytes);
            send(bytes);
        }
        byte[] huge = new byte[1 << 20];
        Arrays.fill(huge, (byte) '{');
        for (int i = 0; i < 20; i++) {
            send(huge);
        }
        send("{\"command\":{\"a\":[[[[[[1]]]]]]}}\n".getBytes());
        send("{\"command\":\"ban\",\"address\":\"::\",\"for\":\"-1s\"}\n".getBytes());
        List<SocketChannel> idle = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            try {
                SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                idle.add(connection);
            } catch (IOException e) {
                // Turned away: that is what it should be.
            }
            if (idle.size() > 500) {
                idle.remove(0).close();
            }
        }
        long threads =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("ips-control"))
                        .count();
        assertTrue(threads <= ControlServer.MOST_CONNECTIONS + 2, threads + " threads");
        for (SocketChannel connection : idle) {
            connection.close();
        }

        long endNs = System.nanoTime() + 10_000_000_000L;
        while (true) {
            try {
                assertTrue(ask("status").text().contains("health      ok"));
                return;
            } catch (UserError e) {
                assertTrue(System.nanoTime() < endNs, e::toString);
                Thread.sleep(100);
            }
        }
    }

    private void send(byte[] bytes) {
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                connection.write(left);
            }
        } catch (IOException e) {
            // Cut off while it was sending.
        }
    }

    @Test
    void isItsOwnersAndRefusesOthers() throws Exception {
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(socket));
        assumeTrue(
                System.getProperty("user.name").equals("root")
                        && Files.isExecutable(Path.of("/usr/bin/setpriv"))
                        && Files.isExecutable(Path.of("/usr/bin/python3")),
                "skipped: needs root, setpriv and python3 to be somebody else");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        // Turned away before anything is read: the answer may be there before the question.
        String connect =
                """
                import socket, sys
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                try:
                    s.send(b'{"command":"status"}\\n')
                except BrokenPipeError:
                    pass
                print(s.recv(99).decode())
                """;
        List<String> asNobody =
                List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--clear-groups",
                        "/usr/bin/python3",
                        "-c",
                        connect,
                        socket.toString());

        assertTrue(output(asNobody).contains("PermissionError"), output(asNobody));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertTrue(output(asNobody).startsWith("5\nonly root"), output(asNobody));
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }

    @Test
    void leavesAnotherSensorsSocketAloneAndReplacesADeadOnes() throws Exception {
        assertThrows(IOException.class, () -> new ControlServer(socket, request -> null));
        assertTrue(ask("status").exitCode() == ExitCode.OK);
        Path dead = folder.resolve("dead.sock");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(dead));
        }

        new ControlServer(dead, request -> new Reply(0, "here")).close();

        assertFalse(Files.exists(dead));
    }
}
