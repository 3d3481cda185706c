package ips.cli.syslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSyslogTest {
    /** A daemon of which only the reading is real. */
    private static final String DAEMON =
            "import socket,sys\n"
                    + "s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\n"
                    + "s.bind(sys.argv[1])\n"
                    + "print('ready',flush=True)\n"
                    + "if len(sys.argv)>2: sys.stdin.read()\n"
                    + "else: print(s.recv(4096).decode(),flush=True)\n";

    @TempDir private Path folder;

    private Path socket;

    @BeforeEach
    void needsLinuxAndPython() {
        assumeTrue(Platform.isLinux(), "/dev/log is Linux's");
        assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python3 on this host");
        socket = folder.resolve("log");
    }

    private Process daemon(String... more) throws IOException {
        String[] command = {"python3", "-c", DAEMON, socket.toString()};
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return new ProcessBuilder(all).start();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void goesOnWhenTheDaemonIsStartedAgain() throws Exception {
        LocalSyslog log = new LocalSyslog(socket.toString());
        assertThrows(IOException.class, () -> log.send(bytes("nobody listens yet")));

        for (String text : new String[] {"first", "second"}) {
            Process daemon = daemon();
            try (BufferedReader reader = daemon.inputReader()) {
                assertEquals("ready", reader.readLine());
                log.send(bytes(text));
                assertEquals(text, reader.readLine());
                daemon.waitFor();
            }
            Files.delete(socket);
        }
        log.close();
    }

    @Test
    void doesNotWaitForADaemonThatDoesNotRead() throws Exception {
        Process daemon = daemon("idle");
        try (BufferedReader reader = daemon.inputReader();
                LocalSyslog log = new LocalSyslog(socket.toString())) {
            assertEquals("ready", reader.readLine());

            IOException full =
                    assertThrows(
                            IOException.class,
                            () -> {
                                for (int i = 0; i < 100_000; i++) {
                                    log.send(bytes("message " + i));
                                }
                            });

            assertTrue(full.getMessage().contains("its queue is full"), full.getMessage());
        } finally {
            daemon.destroy();
        }
    }
}
