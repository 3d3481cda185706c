package ips.capture;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The system calls of packet capture on Linux (packet(7), netdevice(7)) and the numbers they take.
 * Calls return -1 and leave the reason in {@link #errno}.
 */
final class Linux {
    static final int AF_INET = 2;
    static final int AF_PACKET = 17;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int ETH_P_ALL = 3;

    static final int SOL_SOCKET = 1;
    static final int SO_ERROR = 4;
    static final int SO_ATTACH_FILTER = 26;
    static final int SOL_PACKET = 263;
    static final int PACKET_ADD_MEMBERSHIP = 1;
    static final int PACKET_RX_RING = 5;
    static final int PACKET_STATISTICS = 6;
    static final int PACKET_VERSION = 10;
    static final int PACKET_IGNORE_OUTGOING = 23;
    static final int PACKET_MR_PROMISC = 1;
    static final int TPACKET_V3 = 2;

    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED = 1;
    static final short POLLIN = 1;

    static final int EPERM = 1;
    static final int ENOMEM = 12;
    static final int EACCES = 13;

    static final int ARPHRD_ETHER = 1;
    static final int ARPHRD_LOOPBACK = 772;
    static final int ARPHRD_IPGRE = 778;
    static final int ARPHRD_RAWIP = 519;
    static final int ARPHRD_TUNNEL = 768;
    static final int ARPHRD_TUNNEL6 = 769;
    static final int ARPHRD_SIT = 776;
    static final int ARPHRD_NONE = 0xfffe;

    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int IFREQ_BYTES = 40;
    private static final int IFNAMSIZ = 16;
    private static final int IFF_UP = 1;

    private static final int POLLFD_BYTES = 8;

    static {
        if (Platform.isLinux()) {
            Native.register(Linux.class, Platform.C_LIBRARY_NAME);
        }
    }

    private Linux() {}

    static native int socket(int domain, int type, int protocol);

    static native int setsockopt(int fd, int level, int name, Pointer value, int length);

    static native int getsockopt(int fd, int level, int name, Pointer value, Pointer length);

    static native int bind(int fd, Pointer address, int length);

    static native Pointer mmap(
            Pointer address, NativeLong length, int protection, int flags, int fd, NativeLong at);

    static native int munmap(Pointer address, NativeLong length);

    /** The kernel takes an {@code unsigned int}; a {@code NativeLong} would allocate per call. */
    static native int poll(Pointer fds, int count, int timeoutMs);

    static native int ioctl(int fd, NativeLong request, Pointer argument);

    static native int if_nametoindex(String name);

    static native Pointer if_nameindex();

    static native void if_freenameindex(Pointer list);

    static native int close(int fd);

    static native String strerror(int errno);

    /** Why the last call of this thread failed. */
    static int errno() {
        return Native.getLastError();
    }

    /** Why the last call of this thread failed, in words. */
    static String error() {
        return strerror(errno());
    }

    /** The names of all interfaces, with addresses or without. */
    static List<String> interfaceNames() {
        List<String> names = new ArrayList<>();
        Pointer list = if_nameindex();
        if (list != null) {
            // struct if_nameindex: index, padding to a pointer's size, pointer to the name
            for (long at = 0; list.getInt(at) != 0; at += 2L * Native.POINTER_SIZE) {
                names.add(list.getPointer(at + Native.POINTER_SIZE).getString(0));
            }
            if_freenameindex(list);
        }
        return names;
    }

    static int setOption(int fd, int level, int name, int value) {
        try (Memory memory = new Memory(4)) {
            memory.setInt(0, value);
            return setsockopt(fd, level, name, memory, 4);
        }
    }

    /** Room for {@link #await} to wait for descriptors: struct pollfd, poll(2). */
    static Memory pollfds(int count) {
        Memory pollfds = new Memory((long) count * POLLFD_BYTES);
        pollfds.clear();
        return pollfds;
    }

    /** Sets one of the descriptors to wait for; a negative one is passed over. */
    static void waitFor(Pointer pollfds, int index, int fd) {
        pollfds.setInt((long) index * POLLFD_BYTES, fd);
        pollfds.setShort((long) index * POLLFD_BYTES + 4, POLLIN);
    }

    /** Waits for descriptors; returns for how many there are {@link #events}. */
    static int await(Pointer pollfds, int count, int timeoutMs) {
        return poll(pollfds, count, timeoutMs);
    }

    /** What the last {@link #await} that found anything has seen of a descriptor. */
    static int events(Pointer pollfds, int index) {
        return pollfds.getShort((long) index * POLLFD_BYTES + 6);
    }

    /** The kind of hardware of an interface, an ARPHRD number, or -1 if there is no such one. */
    static int hardwareType(int fd, String name) {
        try (Memory request = interfaceRequest(name)) {
            int done = ioctl(fd, new NativeLong(SIOCGIFHWADDR), request);
            return done < 0 ? -1 : request.getShort(IFNAMSIZ) & 0xffff;
        }
    }

    /** Whether an interface exists and is up. */
    static boolean isUp(int fd, String name) {
        try (Memory request = interfaceRequest(name)) {
            int done = ioctl(fd, new NativeLong(SIOCGIFFLAGS), request);
            return done >= 0 && (request.getShort(IFNAMSIZ) & IFF_UP) != 0;
        }
    }

    private static Memory interfaceRequest(String name) {
        Memory request = new Memory(IFREQ_BYTES);
        request.clear();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        request.write(0, bytes, 0, Math.min(bytes.length, IFNAMSIZ - 1));
        return request;
    }

    /** A number in network byte order, as sockaddr_ll wants its protocol. */
    static short bigEndian(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                ? (short) value
                : Short.reverseBytes((short) value);
    }
}
