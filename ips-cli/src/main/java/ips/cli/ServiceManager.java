package ips.cli;

import com.sun.jna.LastErrorException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells systemd that the sensor is ready, and alive as often as its watchdog wants to hear it
 * (sd_notify(3)): datagrams to the socket named in {@code NOTIFY_SOCKET}. Does nothing where there
 * is no such socket.
 */
final class ServiceManager implements AutoCloseable {
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
        thread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ips-watchdog"));
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
        if (!UnixDatagramSocket.isPossible(socket)) {
            return;
        }
        try (UnixDatagramSocket manager = UnixDatagramSocket.connect(socket)) {
            manager.send(message.getBytes(StandardCharsets.UTF_8));
        } catch (LastErrorException e) {
            // Whoever started the sensor does not listen any more.
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
