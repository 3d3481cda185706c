package ips.capture;

import static ips.capture.BpfProgram.*;

import ips.capture.BpfProgram.Instruction;
import ips.core.packet.AddressHash;
import ips.core.packet.LinkType;
import ips.core.pipeline.Share;
import java.util.List;

/**
 * A program for the kernel that leaves out frames which fall to other pipelines: it hashes a
 * frame's addresses as {@link AddressHash} does and compares them with the bounds of the pipeline's
 * {@link Share}. Frames whose owners it cannot tell, such as tunnels and what is no IP, pass in
 * every pipeline; the ring behind it looks at each once more.
 *
 * <p>Not by PACKET_FANOUT, which gives each frame to one socket: a connection belongs to the owner
 * of its client and to that of its server, and both must see all of it in order.
 */
final class ShareFilter {
    private static final int ETHERNET_LENGTH = 14;
    private static final int ETHERTYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int[] TUNNELS = {4, 41, 47};
    private static final int VXLAN_PORT = 4789;
    private static final int TCP_HEADER = 20;
    private static final int FRAGMENT = 0x3fff;
    private static final int SYN_ACK_FIN_RST = 0x17;
    private static final int SYN = 0x02;

    // Places in the program's memory.
    private static final int SOURCE_HASH = 0;
    private static final int DESTINATION_HASH = 1;
    private static final int OPENING_SYN = 2;

    private final BpfProgram program = new BpfProgram();
    private final Share share;
    private final int ip;

    private ShareFilter(Share share, int linkType) {
        this.share = share;
        ip = linkType == LinkType.ETHERNET ? ETHERNET_LENGTH : 0;
    }

    /**
     * The program, to be followed by what becomes of frames that pass; empty where all do.
     *
     * @param linkType Ethernet, or bare IP
     */
    static List<Instruction> program(Share share, int linkType) {
        boolean wantsAll = share.inspectors() == 1 && share.index() == 0;
        return share.isWhole() || wantsAll
                ? List.of()
                : new ShareFilter(share, linkType).assemble();
    }

    private List<Instruction> assemble() {
        program.add(LOAD_LENGTH).branch(IF_AT_LEAST, ip + 40, null, "pass");
        if (ip > 0) {
            program.add(LOAD_HALF, ETHERTYPE)
                    .branch(IF_EQUAL, IPV4, "ipv4", null)
                    .branch(IF_EQUAL, IPV6, "ipv6", "pass");
        } else {
            program.jump("ipv4");
        }
        ipv4();
        ipv6();
        owners();
        return program.place("reject").add(RETURN, 0).place("pass").assemble();
    }

    /** As {@code FrameAddresses} reads plain IPv4; a UDP datagram may be a tunnel only by VXLAN. */
    private void ipv4() {
        program.place("ipv4")
                .add(LOAD_BYTE, ip)
                .add(AND, 0xf0)
                .branch(IF_EQUAL, 0x40, null, ip > 0 ? "pass" : "ipv6")
                .add(LOAD_X_HEADER_LENGTH, ip)
                .add(TO_A)
                .branch(IF_AT_LEAST, 20, null, "pass")
                .add(LOAD_HALF, ip + 2)
                .branch(IF_AT_LEAST_X, 0, null, "pass")
                .add(LOAD_LENGTH)
                .add(SUBTRACT, ip + TCP_HEADER)
                .branch(IF_AT_LEAST_X, 0, null, "pass")
                .add(LOAD_BYTE, ip + 9);
        for (int tunnel : TUNNELS) {
            program.branch(IF_EQUAL, tunnel, "pass", null);
        }
        program.branch(IF_EQUAL, UDP, null, "ipv4-addresses")
                .add(LOAD_HALF, ip + 6)
                .branch(IF_ANY_BIT, FRAGMENT, "ipv4-addresses", null)
                .add(LOAD_HALF_AT_X, ip + 2)
                .branch(IF_EQUAL, VXLAN_PORT, "pass", null)
                .place("ipv4-addresses")
                .add(LOAD_WORD, ip + 12);
        mix(SOURCE_HASH);
        program.add(LOAD_WORD, ip + 16);
        mix(DESTINATION_HASH);

        program.add(LOAD_BYTE, ip + 9)
                .branch(IF_EQUAL, TCP, null, "no-syn")
                .add(LOAD_HALF, ip + 6)
                .branch(IF_ANY_BIT, FRAGMENT, "no-syn", null)
                .add(LOAD_X_HEADER_LENGTH, ip)
                .add(LOAD_HALF, ip + 2)
                .add(SUBTRACT_X)
                .branch(IF_AT_LEAST, TCP_HEADER, null, "no-syn")
                .add(LOAD_BYTE_AT_X, ip + 13)
                .add(AND, SYN_ACK_FIN_RST)
                .branch(IF_EQUAL, SYN, "syn", "no-syn");
    }

    private void ipv6() {
        program.place("ipv6")
                .add(LOAD_BYTE, ip)
                .add(AND, 0xf0)
                .branch(IF_EQUAL, 0x60, null, "pass")
                .add(LOAD_LENGTH)
                .branch(IF_AT_LEAST, ip + 60, null, "pass")
                .add(LOAD_HALF, ip + 4)
                .branch(IF_EQUAL, 0, "pass", null) // a jumbogram
                .add(LOAD_BYTE, ip + 6)
                .branch(IF_EQUAL, TCP, "ipv6-addresses", null)
                .branch(IF_EQUAL, ICMPV6, "ipv6-addresses", null)
                .branch(IF_EQUAL, UDP, null, "pass")
                .add(LOAD_HALF, ip + 42)
                .branch(IF_EQUAL, VXLAN_PORT, "pass", null)
                .place("ipv6-addresses");
        prefix(ip + 8, SOURCE_HASH);
        prefix(ip + 24, DESTINATION_HASH);

        program.add(LOAD_BYTE, ip + 6)
                .branch(IF_EQUAL, TCP, null, "no-syn")
                .add(LOAD_HALF, ip + 4)
                .branch(IF_AT_LEAST, TCP_HEADER, null, "no-syn")
                .add(LOAD_BYTE, ip + 53)
                .add(AND, SYN_ACK_FIN_RST)
                .branch(IF_EQUAL, SYN, "syn", "no-syn");
    }

    /** Hashes a /64; an IPv4 address in disguise begins with zeros and passes. */
    private void prefix(int at, int hash) {
        program.add(LOAD_WORD, at + 4)
                .add(TO_X)
                .add(LOAD_WORD, at)
                .add(OR_X)
                .branch(IF_EQUAL, 0, "pass", null)
                .add(LOAD_WORD, at)
                .add(MULTIPLY, AddressHash.UPPER_FACTOR)
                .add(ADD_X);
        mix(hash);
    }

    private void mix(int hash) {
        fold(16);
        program.add(MULTIPLY, AddressHash.FIRST_FACTOR);
        fold(13);
        program.add(MULTIPLY, AddressHash.SECOND_FACTOR);
        fold(16);
        program.add(STORE_MEMORY, hash);
    }

    /** {@code A ^= A >>> shift}. */
    private void fold(int shift) {
        program.add(TO_X).add(SHIFT_RIGHT, shift).add(XOR_X);
    }

    private void owners() {
        program.place("syn")
                .add(LOAD_CONSTANT, 1)
                .jump("owners")
                .place("no-syn")
                .add(LOAD_CONSTANT, 0)
                .place("owners")
                .add(STORE_MEMORY, OPENING_SYN)
                .add(LOAD_MEMORY, SOURCE_HASH);
        passIfOwned(null);
        program.add(LOAD_MEMORY, OPENING_SYN)
                .branch(IF_EQUAL, 1, "pair", null)
                .add(LOAD_MEMORY, DESTINATION_HASH);
        passIfOwned(null);
        program.place("pair");
        if (share.inspectors() > 1) {
            program.add(LOAD_MEMORY, SOURCE_HASH)
                    .add(TO_X)
                    .add(LOAD_MEMORY, DESTINATION_HASH)
                    .add(ADD_X);
            fold(15);
            program.add(MULTIPLY, AddressHash.UPPER_FACTOR); // as Sharding.pairHash
            passIfOwned("reject");
        }
    }

    /** Passes a frame when the hash in A falls into this pipeline's part of all 32-bit numbers. */
    private void passIfOwned(String otherwise) {
        long first = bound(share.index());
        long end = bound(share.index() + 1);
        program.add(SUBTRACT, (int) first)
                .branch(IF_AT_LEAST, (int) (end - first), otherwise, "pass");
    }

    /** The least hash that falls to a pipeline. */
    private long bound(int pipeline) {
        return (((long) pipeline << 32) + share.pipelines() - 1) / share.pipelines();
    }
}
