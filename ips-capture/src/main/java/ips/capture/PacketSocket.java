package ips.capture;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.Share;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An AF_PACKET socket with its ring, bound to one interface. Ring, filter and promiscuous mode are
 * set before it is bound, so no frame of another interface or from before the filter is ever seen.
 * Used by the capture thread.
 */
final class PacketSocket implements Closeable {
    private static final int FRAME_BYTES = 2048; // TPACKET_V3 wants it named and ignores it
    private static final int REQUEST_BYTES = 28;
    private static final int ADDRESS_BYTES = 20;
    private static final int MEMBERSHIP_BYTES = 16;
    private static final int STATISTICS_BYTES = 12;

    private final int fd;
    private final String name;
    private final int kernelIndex;
    private final int linkType;
    private final Memory pollfd = Linux.pollfds(1);
    private final Memory statistics = new Memory(STATISTICS_BYTES);
    private final Memory length = new Memory(4);
    private final Pointer mapping;
    private final NativeLong mappedBytes;
    private final PacketRing ring;
    private boolean open = true;

    private PacketSocket(
            int fd,
            String name,
            int kernelIndex,
            int linkType,
            Pointer mapping,
            NativeLong mappedBytes,
            PacketRing ring) {
        this.fd = fd;
        this.name = name;
        this.kernelIndex = kernelIndex;
        this.linkType = linkType;
        this.mapping = mapping;
        this.mappedBytes = mappedBytes;
        this.ring = ring;
        Linux.waitFor(pollfd, 0, fd);
    }

    /**
     * Opens a socket on an interface.
     *
     * @param filter compiled for the interface's link type, or null
     * @param interfaceIndex what frames are to say
     */
    static PacketSocket open(
            String name, AfPacketSource.Config config, BpfFilter filter, int interfaceIndex)
            throws CaptureException {
        int fd = Linux.socket(Linux.AF_PACKET, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw refused(name);
        }
        Pointer mapping = null;
        NativeLong bytes = new NativeLong((long) config.blockBytes() * config.blocks());
        try {
            int index = Linux.if_nametoindex(name);
            if (index == 0) {
                throw missing(name);
            }
            int hardware = Linux.hardwareType(fd, name);
            int linkType = linkType(name, hardware);
            boolean loopback = hardware == Linux.ARPHRD_LOOPBACK;
            makeRing(fd, name, config);
            if (filter != null) {
                filter.attach(fd, name);
            }
            if (config.promiscuous()) {
                beginPromiscuous(fd, name, index);
            }
            if (loopback) {
                // Since Linux 4.20; the ring leaves those frames out in any case.
                Linux.setOption(fd, Linux.SOL_PACKET, Linux.PACKET_IGNORE_OUTGOING, 1);
            }
            mapping = map(fd, name, bytes);
            ByteBuffer buffer = mapping.getByteBuffer(0, bytes.longValue());
            PacketRing ring =
                    new PacketRing(
                            buffer,
                            config.blockBytes(),
                            config.blocks(),
                            linkType,
                            interfaceIndex,
                            loopback);
            bind(fd, name, index);
            PacketSocket socket = new PacketSocket(fd, name, index, linkType, mapping, bytes, ring);
            mapping = null;
            fd = -1;
            return socket;
        } finally {
            if (mapping != null) {
                Linux.munmap(mapping, bytes);
            }
            if (fd >= 0) {
                Linux.close(fd);
            }
        }
    }

    private static Pointer map(int fd, String name, NativeLong bytes) throws CaptureException {
        Pointer mapping =
                Linux.mmap(
                        null,
                        bytes,
                        Linux.PROT_READ_WRITE,
                        Linux.MAP_SHARED,
                        fd,
                        new NativeLong(0));
        if (Pointer.nativeValue(mapping) == -1) {
            throw failed(name, "mmap");
        }
        return mapping;
    }

    /** Throws what there is to do when this process may not capture. */
    static void checkPermission(String name) throws CaptureException {
        int fd = Linux.socket(Linux.AF_PACKET, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw refused(name);
        }
        Linux.close(fd);
    }

    /** The link type of an interface. */
    static int linkType(String name) throws CaptureException {
        int hardware = hardwareType(name);
        if (hardware < 0) {
            throw missing(name);
        }
        return linkType(name, hardware);
    }

    /** The word for an interface's link in {@link CaptureInterfaces.Interface}. */
    static String linkName(String name) {
        int hardware = hardwareType(name);
        if (hardware == Linux.ARPHRD_LOOPBACK) {
            return "loopback";
        }
        return switch (linkType(hardware)) {
            case LinkType.ETHERNET -> "ethernet";
            case LinkType.RAW -> "ip";
            default -> "other";
        };
    }

    static boolean isUp(String name) {
        int fd = Linux.socket(Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
        try {
            return Linux.isUp(fd, name);
        } finally {
            Linux.close(fd);
        }
    }

    private static int hardwareType(String name) {
        int fd = Linux.socket(Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
        try {
            return Linux.hardwareType(fd, name);
        } finally {
            Linux.close(fd);
        }
    }

    private static int linkType(String name, int hardware) throws CaptureException {
        int linkType = linkType(hardware);
        if (linkType < 0) {
            throw new CaptureException(
                    "%s is of a kind that is not read (hardware type %d); only Ethernet, loopback and IP tunnels are"
                            .formatted(name, hardware));
        }
        return linkType;
    }

    private static int linkType(int hardware) {
        return switch (hardware) {
            case Linux.ARPHRD_ETHER, Linux.ARPHRD_LOOPBACK -> LinkType.ETHERNET;
            case Linux.ARPHRD_NONE,
                    Linux.ARPHRD_RAWIP,
                    Linux.ARPHRD_TUNNEL,
                    Linux.ARPHRD_TUNNEL6,
                    Linux.ARPHRD_SIT,
                    Linux.ARPHRD_IPGRE ->
                    LinkType.RAW;
            default -> -1;
        };
    }

    private static void makeRing(int fd, String name, AfPacketSource.Config config)
            throws CaptureException {
        if (Linux.setOption(fd, Linux.SOL_PACKET, Linux.PACKET_VERSION, Linux.TPACKET_V3) < 0) {
            throw failed(name, "TPACKET_V3 (Linux 3.2 or later)");
        }
        try (Memory request = new Memory(REQUEST_BYTES)) {
            request.clear();
            request.setInt(0, config.blockBytes());
            request.setInt(4, config.blocks());
            request.setInt(8, FRAME_BYTES);
            request.setInt(12, config.blockBytes() / FRAME_BYTES * config.blocks());
            request.setInt(16, config.blockMs());
            int level = Linux.SOL_PACKET;
            if (Linux.setsockopt(fd, level, Linux.PACKET_RX_RING, request, REQUEST_BYTES) < 0) {
                if (Linux.errno() == Linux.ENOMEM) {
                    throw new CaptureException(
                            "the kernel has no memory for a ring of %d blocks of %d bytes on %s; ask for fewer or smaller blocks"
                                    .formatted(config.blocks(), config.blockBytes(), name));
                }
                throw failed(name, "a receive ring");
            }
        }
    }

    private static void beginPromiscuous(int fd, String name, int index) throws CaptureException {
        try (Memory request = new Memory(MEMBERSHIP_BYTES)) {
            request.clear();
            request.setInt(0, index);
            request.setShort(4, (short) Linux.PACKET_MR_PROMISC);
            int option = Linux.PACKET_ADD_MEMBERSHIP;
            if (Linux.setsockopt(fd, Linux.SOL_PACKET, option, request, MEMBERSHIP_BYTES) < 0) {
                throw failed(name, "promiscuous mode");
            }
        }
    }

    private static void bind(int fd, String name, int index) throws CaptureException {
        try (Memory address = new Memory(ADDRESS_BYTES)) {
            address.clear();
            address.setShort(0, (short) Linux.AF_PACKET);
            address.setShort(2, Linux.bigEndian(Linux.ETH_P_ALL));
            address.setInt(4, index);
            if (Linux.bind(fd, address, ADDRESS_BYTES) < 0) {
                throw failed(name, "bind");
            }
        }
    }

    private static CaptureException missing(String name) {
        return new CaptureException(
                "there is no interface %s; those there are: %s"
                        .formatted(name, String.join(", ", CaptureInterfaces.names())));
    }

    private static CaptureException refused(String name) {
        int errno = Linux.errno();
        if (errno == Linux.EPERM || errno == Linux.EACCES) {
            return new CaptureException(
                    CaptureException.Reason.PERMISSION,
                    "capturing on "
                            + name
                            + " needs the capability CAP_NET_RAW: start the sensor with sudo, or with"
                            + " AmbientCapabilities=CAP_NET_RAW in its systemd unit",
                    null);
        }
        return failed(name, "a packet socket");
    }

    private static CaptureException failed(String name, String what) {
        return new CaptureException(
                "capturing on %s failed, the kernel refuses %s: %s"
                        .formatted(name, what, Linux.error()));
    }

    /**
     * Replaces the filter by one that passes a pipeline's share only, of what the filter passes.
     *
     * @param filter compiled for the interface's link type, or null
     */
    void attach(BpfFilter filter, Share share) throws CaptureException {
        List<BpfProgram.Instruction> program = ShareFilter.program(share, linkType);
        if (!program.isEmpty()) {
            BpfFilter.behind(program, filter).attach(fd, name);
        }
    }

    /** As {@link PacketRing#take}. */
    int take(FrameSink sink, int limit) {
        return ring.take(sink, limit);
    }

    /** Waits for frames; returns the error of the link, such as ENETDOWN, or 0. */
    int await(int timeoutMs) {
        int events = Linux.await(pollfd, 1, timeoutMs) > 0 ? Linux.events(pollfd, 0) : 0;
        return (events & ~Linux.POLLIN) == 0 ? 0 : takeError();
    }

    int descriptor() {
        return fd;
    }

    private int takeError() {
        length.setInt(0, 4);
        statistics.setInt(0, 0);
        Linux.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_ERROR, statistics, length);
        return statistics.getInt(0);
    }

    /** Frames the kernel had no room for since the last call. */
    long takeDrops() {
        length.setInt(0, STATISTICS_BYTES);
        int option = Linux.PACKET_STATISTICS;
        int done = Linux.getsockopt(fd, Linux.SOL_PACKET, option, statistics, length);
        return done < 0 ? 0 : statistics.getInt(4) & 0xffff_ffffL;
    }

    /** Whether the interface it was bound to is still there, under its name. */
    boolean isThere() {
        return Linux.if_nametoindex(name) == kernelIndex;
    }

    boolean isUp() {
        return Linux.isUp(fd, name);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Linux.munmap(mapping, mappedBytes);
            Linux.close(fd);
        }
    }
}
