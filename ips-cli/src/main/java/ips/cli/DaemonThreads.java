package ips.cli;

import java.util.concurrent.ThreadFactory;

/** Makes threads for the sensor's chores; the process ends without waiting for them. */
public final class DaemonThreads {
    private DaemonThreads() {}

    public static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
