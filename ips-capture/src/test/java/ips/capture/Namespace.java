package ips.capture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A network namespace of a test's own with a veth pair {@code va}, {@code vb}, removed with all
 * that is in it when closed. The thread that makes it is moved into it, for good: use one per test.
 */
final class Namespace implements AutoCloseable {
    private static final int ENOBUFS = 105;
    private static final int CLONE_NEWNET = 0x4000_0000;

    private final String name =
            "ips-capture-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    /** Skips the test where namespaces cannot be made. */
    Namespace() throws IOException {
        assumeTrue(Platform.isLinux(), "skipped: AF_PACKET is of Linux");
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "skipped: network namespaces need root");
        assumeTrue(has("ip"), "skipped: no ip command (iproute2)");
        assumeTrue(tryRun("ip", "netns", "add", name), "skipped: no network namespace can be made");
        try {
            int fd = Libc.open("/run/netns/" + name, 0);
            if (fd < 0 || Libc.setns(fd, CLONE_NEWNET) != 0) {
                throw new IOException("the thread cannot enter " + name);
            }
            Linux.close(fd);
            run("sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1");
            run("sysctl", "-q", "-w", "net.ipv6.conf.default.disable_ipv6=1");
            addPair();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void addPair() throws IOException {
        run("ip", "link", "add", "va", "type", "veth", "peer", "name", "vb");
        run("ip", "link", "set", "va", "up");
        run("ip", "link", "set", "vb", "up");
        for (int tries = 0; tries < 100 && !(carries("va") && carries("vb")); tries++) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Whether a link that was set up carries frames by now; it drops them before. */
    private boolean carries(String link) throws IOException {
        return run("ip", "-brief", "link", "show", link).contains(" UP ");
    }

    /** Runs a command in the namespace and returns what it prints. */
    String run(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }

    private static boolean has(String command) {
        return tryRun("sh", "-c", "command -v " + command);
    }

    private static boolean tryRun(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        tryRun("ip", "netns", "del", name);
    }

    /** Sends frames as they are through one interface. */
    static final class Sender implements AutoCloseable {
        private final int fd;
        private final Memory memory = new Memory(70_000);

        Sender(String name) throws IOException {
            fd = Linux.socket(Linux.AF_PACKET, Linux.SOCK_RAW, 0);
            Memory address = new Memory(20);
            address.clear();
            address.setShort(0, (short) Linux.AF_PACKET);
            address.setInt(4, Linux.if_nametoindex(name));
            if (fd < 0 || Linux.bind(fd, address, 20) < 0) {
                throw new IOException("no socket to send through " + name);
            }
        }

        void send(byte[] frame) throws IOException {
            memory.write(0, frame, 0, frame.length);
            for (int tries = 0; tries < 1_000; tries++) {
                if (Libc.send(fd, memory, frame.length, 0) == frame.length) {
                    return;
                }
                if (Linux.errno() != ENOBUFS) {
                    throw new IOException("sending failed: " + Linux.error());
                }
                LockSupport.parkNanos(1_000_000); // the queue between the two ends is full
            }
            throw new IOException("the other end takes nothing");
        }

        @Override
        public void close() {
            Linux.close(fd);
        }
    }

    /** Takes all capabilities in force from the present thread. */
    static void dropCapabilities() throws IOException {
        Memory header = new Memory(8);
        header.setInt(0, 0x2008_0522); // version 3
        header.setInt(4, 0);
        Memory none = new Memory(24);
        none.clear();
        if (Libc.capset(header, none) != 0) {
            throw new IOException("capset failed: " + Linux.error());
        }
    }

    private static final class Libc {
        static {
            Native.register(Libc.class, Platform.C_LIBRARY_NAME);
        }

        static native int open(String path, int flags);

        static native int setns(int fd, int type);

        static native int send(int fd, Pointer bytes, int length, int flags);

        static native int capset(Pointer header, Pointer data);
    }
}
