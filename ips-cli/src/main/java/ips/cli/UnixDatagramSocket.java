package ips.cli;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * A connected Unix-domain socket for datagrams (unix(7)), for which the JDK has no class. Linux
 * only; for one thread.
 */
public final class UnixDatagramSocket implements AutoCloseable {
    /**
     * The {@linkplain LastErrorException#getErrorCode error} where the receiver's queue is full.
     */
    public static final int EAGAIN = 11;

    /** What {@code sockaddr_un} has room for, without the zero byte at the end. */
    private static final int LONGEST_PATH = 107;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private final int fd;

    private UnixDatagramSocket(int fd) {
        this.fd = fd;
    }

    /** Whether a path can be connected to on this system, be there a socket or not. */
    public static boolean isPossible(String path) {
        int length = path.getBytes(StandardCharsets.UTF_8).length;
        return Platform.isLinux() && length > 0 && length <= LONGEST_PATH;
    }

    /**
     * @param path for which {@link #isPossible} is true; one that begins with {@code @} is the name
     *     of an abstract socket
     * @throws LastErrorException when nobody listens there
     */
    public static UnixDatagramSocket connect(String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        name[0] = name[0] == '@' ? 0 : name[0];
        UnixDatagramSocket socket =
                new UnixDatagramSocket(C.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        try (Memory address = new Memory(2L + name.length)) {
            address.setShort(0, (short) AF_UNIX);
            address.write(2, name, 0, name.length);
            C.connect(socket.fd, address, (int) address.size());
        } catch (LastErrorException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /**
     * @throws LastErrorException when it was not sent
     */
    public void send(byte[] message) {
        C.send(fd, message, message.length, MSG_NOSIGNAL);
    }

    /**
     * The same without ever waiting.
     *
     * @throws LastErrorException when it was not sent; {@link #EAGAIN} where it would have waited
     */
    public void sendNow(byte[] message) {
        C.send(fd, message, message.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    @Override
    public void close() {
        try {
            C.close(fd);
        } catch (LastErrorException e) {
            // The descriptor is gone in any case: close(2).
        }
    }

    /** socket(2), connect(2), send(2), close(2). */
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
