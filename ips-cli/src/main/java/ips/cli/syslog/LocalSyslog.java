package ips.cli.syslog;

import com.sun.jna.LastErrorException;
import ips.cli.UnixDatagramSocket;
import ips.core.alert.SyslogLog;
import java.io.IOException;

/**
 * The socket of this host's daemon, {@code /dev/log}. Never waits; connects anew when the daemon
 * was started again.
 */
final class LocalSyslog implements SyslogLog.Transport {
    /** Where the daemon listens. */
    static final String PATH = "/dev/log";

    private final String path;

    /** Null until a message is to be sent, and when the daemon has gone. */
    private UnixDatagramSocket socket;

    LocalSyslog(String path) {
        if (!UnixDatagramSocket.isPossible(path)) {
            throw new IllegalArgumentException(path);
        }
        this.path = path;
    }

    @Override
    public void send(byte[] message) throws IOException {
        try {
            if (socket != null) {
                try {
                    socket.sendNow(message);
                    return;
                } catch (LastErrorException e) {
                    if (isFull(e)) {
                        throw e;
                    }
                    close(); // the daemon has gone; another may be there
                }
            }
            socket = UnixDatagramSocket.connect(path);
            socket.sendNow(message);
        } catch (LastErrorException e) {
            throw new IOException(
                    path + ": " + (isFull(e) ? "its queue is full" : e.getMessage()), e);
        }
    }

    private static boolean isFull(LastErrorException e) {
        return e.getErrorCode() == UnixDatagramSocket.EAGAIN;
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
