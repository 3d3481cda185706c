package ips.core.block;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.packet.Cidr;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.PacketFilter;
import ips.core.verdict.BanScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who is banned, for the workers to ask of each packet. Written by the block manager's thread, read
 * by any number of workers without a lock.
 *
 * <p>Addresses and IPv6 /64s are looked up in a table each; other networks, which only people ban,
 * one by one. 18 bytes per ban there may be, and 88 per banned address. When full, further bans are
 * not entered; {@link #add} says so.
 */
@HotPath
public final class BannedSources implements PacketFilter {
    private static final int ALL = BanScope.ALL.ordinal();
    private static final int SYN = BanScope.SYN.ordinal();
    private static final int ICMP = BanScope.ICMP.ordinal();
    private static final int ODD_FLAGS = BanScope.ODD_FLAGS.ordinal();
    private static final int UDP = BanScope.UDP.ordinal();
    private static final int SCTP = BanScope.SCTP.ordinal();

    /** A /64 is banned for several of its addresses. */
    private static final int SUBNET_SHARE = 8;

    /**
     * ICMPv6 types from router solicitation to redirect: the link cannot work without (RFC 4861).
     */
    private static final int FIRST_NEIGHBOUR_DISCOVERY = 133;

    private static final int LAST_NEIGHBOUR_DISCOVERY = 137;

    /** A network of another size, always banned by hand and in full. */
    private record Network(Cidr cidr, long highMask, long lowMask, long untilNs) {
        static Network of(Cidr cidr, long untilNs) {
            int bits = cidr.address().isIpv4() ? cidr.prefixLength() + 96 : cidr.prefixLength();
            return new Network(cidr, mask(bits), mask(bits - 64), untilNs);
        }

        private static long mask(int bits) {
            return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
        }
    }

    private static final Network[] NO_NETWORKS = {};

    private final BanEnds addresses;
    private final BanEnds subnets;
    private final int capacity;
    private volatile Network[] networks = NO_NETWORKS;

    /**
     * @param capacity banned addresses at most, 1 to 2^24; an eighth as many /64s
     */
    public BannedSources(int capacity) {
        this.capacity = capacity;
        addresses = new BanEnds(capacity);
        subnets = new BanEnds(Math.max(1, capacity / SUBNET_SHARE));
    }

    /** Whether nobody is banned; the cheap question to ask first. */
    public boolean isEmpty() {
        return addresses.isEmpty() && subnets.isEmpty() && networks.length == 0;
    }

    /** Whether the packet falls under a ban of its source that is in force at the packet's time. */
    @Override
    public boolean blocks(Packet packet) {
        long high = packet.sourceHigh();
        long low = packet.sourceLow();
        if (isBlocked(addresses.find(high, low), packet)) {
            return true;
        }
        // No IPv4 address lies in a /64: their upper half is that of :: (see Cidr).
        if (high != 0 && isBlocked(subnets.find(high, 0), packet)) {
            return true;
        }
        for (Network network : networks) {
            if ((high & network.highMask) == network.cidr.address().high()
                    && (low & network.lowMask) == network.cidr.address().low()
                    && packet.timestampNs() < network.untilNs) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlocked(long[] untilNs, Packet packet) {
        if (untilNs == null) {
            return false;
        }
        long nowNs = packet.timestampNs();
        if (nowNs < untilNs[ALL]) {
            return true;
        }
        return switch (packet.protocol()) {
            case Protocol.TCP ->
                    nowNs < untilNs[SYN] && isSyn(packet.tcpFlags())
                            || nowNs < untilNs[ODD_FLAGS] && isOdd(packet.tcpFlags());
            case Protocol.UDP -> nowNs < untilNs[UDP];
            case Protocol.SCTP -> nowNs < untilNs[SCTP];
            case Protocol.ICMP -> nowNs < untilNs[ICMP] && !isIcmpError(packet.icmpType());
            case Protocol.ICMPV6 -> nowNs < untilNs[ICMP] && !isNeededIcmpv6(packet.icmpType());
            default -> false;
        };
    }

    private static boolean isSyn(int flags) {
        return flags >= 0 && (flags & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.SYN;
    }

    /** Flags that no connection needs: none of SYN, ACK and RST, or SYN or RST along with FIN. */
    private static boolean isOdd(int flags) {
        if (flags < 0) {
            return false;
        }
        boolean meaningless = (flags & (TcpFlags.SYN | TcpFlags.ACK | TcpFlags.RST)) == 0;
        boolean synAndEnd =
                (flags & TcpFlags.SYN) != 0 && (flags & (TcpFlags.FIN | TcpFlags.RST)) != 0;
        return meaningless || synAndEnd;
    }

    /** Unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792). */
    private static boolean isIcmpError(int type) {
        return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    }

    /** Errors (RFC 4443 §2.1) and neighbour discovery; a fragment, of type -1, is neither. */
    private static boolean isNeededIcmpv6(int type) {
        return type >= 0 && type < 128
                || type >= FIRST_NEIGHBOUR_DISCOVERY && type <= LAST_NEIGHBOUR_DISCOVERY;
    }

    /** Enters a ban, or its new end. Returns false where there is no room. */
    @ColdPath
    boolean add(Ban ban) {
        BanEnds ends = endsOf(ban.address());
        return ends == null ? addNetwork(ban) : ends.add(ban);
    }

    /** The table the ban belongs to, or null for one of the few others. */
    @ColdPath
    private BanEnds endsOf(Cidr address) {
        if (address.isIpv6Subnet()) {
            return subnets;
        }
        return address.isSingleAddress() ? addresses : null;
    }

    @ColdPath
    private boolean addNetwork(Ban ban) {
        removeNetwork(ban.address());
        Network[] before = networks;
        if (before.length >= capacity) {
            return false;
        }
        Network[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = Network.of(ban.address(), ban.untilNs());
        networks = after;
        return true;
    }

    /** Takes a ban out. */
    @ColdPath
    void remove(Ban ban) {
        BanEnds ends = endsOf(ban.address());
        if (ends == null) {
            removeNetwork(ban.address());
        } else {
            ends.remove(ban);
        }
    }

    @ColdPath
    private void removeNetwork(Cidr address) {
        List<Network> others = new ArrayList<>();
        for (Network network : networks) {
            if (!network.cidr.equals(address)) {
                others.add(network);
            }
        }
        networks = others.toArray(NO_NETWORKS);
    }
}
