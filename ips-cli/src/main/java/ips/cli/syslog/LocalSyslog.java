package ips.cli.syslog;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import ips.core.alert.SyslogLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The socket of this host's daemon, {@code /dev/log}: a Unix-domain socket for datagrams, which the
 * JDK has none of. Never waits (MSG_DONTWAIT); connects anew when the daemon was started again.
 */
final class LocalSyslog implements SyslogLog.Transport {
    /** Where the daemon listens. */
    static final String PATH = "/dev/log";

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int EAGAIN = 11;
    private static final int LONGEST_PATH = 107;

    private static final int CLOSED = -1;

    private final String path;
    private final Memory address;
    private final int addressLength;
    private int fd = CLOSED;

    LocalSyslog(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (!Platform.isLinux() || bytes.length > LONGEST_PATH) {
            throw new IllegalArgumentException(path);
        }
        this.path = path;
        addressLength = 2 + bytes.length + 1;
        address = new Memory(addressLength);
        address.clear();
        address.setShort(0, (short) AF_UNIX);
        address.write(2, bytes, 0, bytes.length);
    }

    @Override
    public void send(byte[] message) throws IOException {
        try {
            if (fd != CLOSED) {
                try {
                    C.send(fd, message, message.length, MSG_DONTWAIT | MSG_NOSIGNAL);
                    return;
                } catch (LastErrorException e) {
                    if (e.getErrorCode() == EAGAIN) {
                        throw e;
                    }
                    close(); // the daemon has gone; another may be there
                }
            }
            open();
            C.send(fd, message, message.length, MSG_DONTWAIT | MSG_NOSIGNAL);
        } catch (LastErrorException e) {
            throw new IOException(path + ": " + reason(e), e);
        }
    }

    private static String reason(LastErrorException e) {
        return e.getErrorCode() == EAGAIN ? "its queue is full" : e.getMessage();
    }

    private void open() {
        fd = C.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        try {
            C.connect(fd, address, addressLength);
        } catch (LastErrorException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (fd != CLOSED) {
            try {
                C.close(fd);
            } catch (LastErrorException e) {
                // The descriptor is gone in any case.
            }
            fd = CLOSED;
        }
    }

    /** unix(7), send(2). */
    private static final class C {
        static {
            Native.register(C.class, Platform.C_LIBRARY_NAME);
        }

        private C() {}

        static native int socket(int domain, int type, int protocol) throws LastErrorException;

        static native int connect(int fd, Pointer address, int length) throws LastErrorException;

        static native long send(int fd, byte[] message, long length, int flags)
                throws LastErrorException;

        static native int close(int fd) throws LastErrorException;
    }
}
