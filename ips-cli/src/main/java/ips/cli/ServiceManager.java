package ips.cli;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells systemd that the sensor is ready, and alive as often as its watchdog wants to hear it
 * (sd_notify(3)): datagrams to the socket named in {@code NOTIFY_SOCKET}, for which the JDK has no
 * class. Does nothing where there is no such socket.
 */
final class ServiceManager implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int LONGEST_PATH = 107;

    /** The C library's calls. */
    private static final class Calls {
        static {
            Native.register(Calls.class, Platform.C_LIBRARY_NAME);
        }

        static native int socket(int domain, int type, int protocol);

        static native int sendto(
                int fd, Pointer bytes, long length, int flags, Pointer address, int addressLength);

        static native int close(int fd);
    }

    private final String socket;
    private final ScheduledExecutorService thread;

    /**
     * Says that the sensor is ready.
     *
     * @param alive asked before each word to the watchdog; while it says no, there is none
     */
    ServiceManager(Map<String, String> environment, BooleanSupplier alive) {
        socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        send("READY=1\nSTATUS=watching");
        long watchdogUs = microseconds(environment.getOrDefault("WATCHDOG_USEC", ""));
        if (socket.isEmpty() || watchdogUs <= 0) {
            thread = null;
            return;
        }
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        work -> {
                            Thread made = new Thread(work, "ips-watchdog");
                            made.setDaemon(true);
                            return made;
                        });
        thread.scheduleWithFixedDelay(
                () -> {
                    if (alive.getAsBoolean()) {
                        send("WATCHDOG=1");
                    }
                },
                0,
                Math.max(1, watchdogUs / 3),
                TimeUnit.MICROSECONDS);
    }

    private static long microseconds(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void send(String message) {
        byte[] path = socket.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > LONGEST_PATH || !Platform.isLinux()) {
            return;
        }
        // An abstract name begins with a zero byte, written as @.
        path[0] = path[0] == '@' ? 0 : path[0];
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        int fd = Calls.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (fd < 0) {
            return;
        }
        try (Memory text = new Memory(bytes.length);
                Memory address = new Memory(2L + LONGEST_PATH + 1)) {
            text.write(0, bytes, 0, bytes.length);
            address.clear();
            address.setShort(0, (short) AF_UNIX);
            address.write(2, path, 0, path.length);
            Calls.sendto(fd, text, bytes.length, MSG_NOSIGNAL, address, 2 + path.length);
        } finally {
            Calls.close(fd);
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
        send("STOPPING=1");
    }
}
