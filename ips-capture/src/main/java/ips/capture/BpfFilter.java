package ips.capture;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import ips.core.packet.LinkType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A filter in libpcap's language (pcap-filter(7)), compiled by libpcap and run by the kernel. Holds
 * the compiled program in memory of its own; immutable.
 */
final class BpfFilter {
    private static final int ERROR_BYTES = 256;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int NETMASK_UNKNOWN = -1;
    private static final int SNAP_LENGTH = FormatReader.MAX_FRAME_BYTES;

    private final Memory program;
    private final int instructions;

    private BpfFilter(Memory program, int instructions) {
        this.program = program;
        this.instructions = instructions;
    }

    /** What is needed of libpcap; pcap4j keeps the compiled program to itself. */
    private static final class Libpcap {
        static {
            Native.register(Libpcap.class, NativeLibrary.getInstance("pcap"));
        }

        static native Pointer pcap_create(String source, Pointer error);

        static native int pcap_activate(Pointer handle);

        static native Pointer pcap_open_dead(int linkType, int snapLength);

        static native int pcap_compile(
                Pointer handle, Pointer program, String expression, int optimize, int netmask);

        static native void pcap_freecode(Pointer program);

        static native Pointer pcap_geterr(Pointer handle);

        static native void pcap_close(Pointer handle);
    }

    /** Whether there is a libpcap on this system. */
    static boolean isAvailable() {
        try {
            NativeLibrary.getInstance("pcap");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /**
     * Compiles a filter for an interface.
     *
     * @throws CaptureException when it does not compile, with libpcap's reason, or without libpcap
     */
    static BpfFilter compile(String expression, String name, int linkType) throws CaptureException {
        try {
            Pointer handle = open(name, linkType);
            try {
                return compile(handle, expression);
            } finally {
                Libpcap.pcap_close(handle);
            }
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new CaptureException(
                    "the filter '%s' needs libpcap, which is not installed; install it (Debian: libpcap0.8) or leave the filter out"
                            .formatted(expression),
                    e);
        }
    }

    /**
     * A handle to compile with. One on the interface itself knows that the kernel takes VLAN tags
     * off, which {@code vlan} in a filter must take into account; where none can be had, such as on
     * an interface that is down, one that knows the link type only will do.
     */
    private static Pointer open(String name, int linkType) {
        try (Memory error = new Memory(ERROR_BYTES)) {
            Pointer live = Libpcap.pcap_create(name, error);
            if (live != null) {
                if (Libpcap.pcap_activate(live) >= 0) {
                    return live;
                }
                Libpcap.pcap_close(live);
            }
        }
        // libpcap numbers raw IP otherwise than files do.
        int type = linkType == LinkType.RAW ? 12 : linkType;
        return Libpcap.pcap_open_dead(type, SNAP_LENGTH);
    }

    private static BpfFilter compile(Pointer handle, String expression) throws CaptureException {
        try (Memory compiled = new Memory(16)) {
            compiled.clear();
            if (Libpcap.pcap_compile(handle, compiled, expression, 1, NETMASK_UNKNOWN) < 0) {
                String why =
                        Libpcap.pcap_geterr(handle).getString(0, StandardCharsets.UTF_8.name());
                throw new CaptureException(
                        CaptureException.Reason.FILTER,
                        "the filter '%s' does not compile: %s".formatted(expression, why),
                        null);
            }
            int instructions = compiled.getInt(0);
            Memory program = new Memory((long) instructions * INSTRUCTION_BYTES);
            Pointer source = compiled.getPointer(Native.POINTER_SIZE);
            program.write(0, source.getByteArray(0, (int) program.size()), 0, (int) program.size());
            Libpcap.pcap_freecode(compiled);
            return new BpfFilter(program, instructions);
        }
    }

    /**
     * A filter that goes on behind a program's last instruction.
     *
     * @param filter what is run there, or null to pass every frame whole
     */
    static BpfFilter behind(List<BpfProgram.Instruction> program, BpfFilter filter) {
        int rest = filter == null ? 1 : filter.instructions;
        int all = program.size() + rest;
        Memory joined = new Memory((long) all * INSTRUCTION_BYTES);
        long at = 0;
        for (BpfProgram.Instruction instruction : program) {
            at = put(joined, at, instruction);
        }
        if (filter == null) {
            put(joined, at, new BpfProgram.Instruction(BpfProgram.RETURN, 0, 0, SNAP_LENGTH));
        } else {
            int bytes = rest * INSTRUCTION_BYTES;
            joined.write(at, filter.program.getByteArray(0, bytes), 0, bytes);
        }
        return new BpfFilter(joined, all);
    }

    /** Writes a struct sock_filter; returns where the next one goes. */
    private static long put(Memory memory, long at, BpfProgram.Instruction instruction) {
        memory.setShort(at, (short) instruction.code());
        memory.setByte(at + 2, (byte) instruction.whenTrue());
        memory.setByte(at + 3, (byte) instruction.whenFalse());
        memory.setInt(at + 4, instruction.k());
        return at + INSTRUCTION_BYTES;
    }

    /** Makes the kernel show a socket only what passes the filter. */
    void attach(int fd, String name) throws CaptureException {
        try (Memory filter = new Memory(16)) {
            filter.clear();
            filter.setShort(0, (short) instructions);
            filter.setPointer(Native.POINTER_SIZE, program);
            int option = Linux.SO_ATTACH_FILTER;
            if (Linux.setsockopt(fd, Linux.SOL_SOCKET, option, filter, 2 * Native.POINTER_SIZE)
                    < 0) {
                throw new CaptureException(
                        "the kernel refuses the filter on %s: %s".formatted(name, Linux.error()));
            }
        }
    }
}
