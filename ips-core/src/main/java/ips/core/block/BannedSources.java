package ips.core.block;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.packet.Cidr;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.pipeline.PacketFilter;
import ips.core.verdict.BanScope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who is banned, for the workers to ask of each packet. Written by the block manager's thread, read
 * by any number of workers without a lock.
 *
 * <p>An open-addressing table with linear probing, at most a quarter full. A slot holds a reference
 * to an immutable entry, so what a reader sees of a slot is never torn: it is one ban's state or
 * the next. Removing an entry moves others into the gap, and a reader that passes at that moment
 * may miss one of them for this one packet: a banned packet counted as not blocked, no other harm.
 *
 * <p>16 bytes per ban there may be, and 88 per banned address. When full, further bans are not
 * entered; {@link #add} says so.
 */
@HotPath
public final class BannedSources implements PacketFilter {
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Entry[].class);
    private static final BanScope[] SCOPES = BanScope.values();
    private static final int ALL = BanScope.ALL.ordinal();
    private static final int SYN = BanScope.SYN.ordinal();
    private static final int ICMP = BanScope.ICMP.ordinal();
    private static final int ODD_FLAGS = BanScope.ODD_FLAGS.ordinal();
    private static final int UDP = BanScope.UDP.ordinal();

    /**
     * ICMPv6 types from router solicitation to redirect: the link cannot work without (RFC 4861).
     */
    private static final int FIRST_NEIGHBOUR_DISCOVERY = 133;

    private static final int LAST_NEIGHBOUR_DISCOVERY = 137;

    /** The ends of one address's bans by scope, 0 where there is none. */
    private record Entry(long high, long low, long[] untilNs) {}

    /** A network that was banned by hand, always in full. */
    private record Network(Cidr cidr, long highMask, long lowMask, long untilNs) {
        static Network of(Cidr cidr, long untilNs) {
            int bits = cidr.address().isIpv4() ? cidr.prefixLength() + 96 : cidr.prefixLength();
            return new Network(cidr, mask(bits), mask(bits - 64), untilNs);
        }

        private static long mask(int bits) {
            return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
        }
    }

    private static final long[] NO_BANS = new long[SCOPES.length];
    private static final Network[] NO_NETWORKS = {};

    private final Entry[] slots;
    private final int mask;
    private final int capacity;
    private volatile int entries;
    private volatile Network[] networks = NO_NETWORKS;

    /**
     * @param capacity banned addresses at most, 1 to 2^24
     */
    public BannedSources(int capacity) {
        this.capacity = capacity;
        slots = new Entry[4 * Integer.highestOneBit(2 * capacity - 1)];
        mask = slots.length - 1;
    }

    /** Whether nobody is banned; the cheap question to ask first. */
    public boolean isEmpty() {
        return entries == 0 && networks.length == 0;
    }

    /** Whether the packet falls under a ban of its source that is in force at the packet's time. */
    @Override
    public boolean blocks(Packet packet) {
        long high = packet.sourceHigh();
        long low = packet.sourceLow();
        if (entries > 0) {
            Entry entry = find(high, low);
            if (entry != null && blocks(entry.untilNs, packet)) {
                return true;
            }
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

    private static boolean blocks(long[] untilNs, Packet packet) {
        long nowNs = packet.timestampNs();
        if (nowNs < untilNs[ALL]) {
            return true;
        }
        return switch (packet.protocol()) {
            case Protocol.TCP ->
                    nowNs < untilNs[SYN] && isSyn(packet.tcpFlags())
                            || nowNs < untilNs[ODD_FLAGS] && isOdd(packet.tcpFlags());
            case Protocol.UDP -> nowNs < untilNs[UDP];
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

    private Entry find(long high, long low) {
        int slot = home(high, low);
        for (int probes = 0; probes <= mask; probes++) {
            Entry entry = (Entry) SLOTS.getAcquire(slots, slot);
            if (entry == null || entry.high == high && entry.low == low) {
                return entry;
            }
            slot = slot + 1 & mask;
        }
        return null;
    }

    private int home(long high, long low) {
        long hash = (high * 0x9e3779b97f4a7c15L ^ low) * 0xbf58476d1ce4e5b9L;
        return (int) (hash >>> 40 ^ hash >>> 20) & mask;
    }

    /** Enters a ban, or its new end. Returns false where there is no room. */
    @ColdPath
    boolean add(Ban ban) {
        Cidr address = ban.address();
        if (!address.isSingleAddress()) {
            return addNetwork(ban);
        }
        long high = address.address().high();
        long low = address.address().low();
        Entry before = find(high, low);
        if (before == null && entries >= capacity) {
            return false;
        }
        long[] untilNs = before == null ? new long[SCOPES.length] : before.untilNs.clone();
        untilNs[ban.scope().ordinal()] = ban.untilNs();
        put(new Entry(high, low, untilNs));
        if (before == null) {
            entries = entries + 1;
        }
        return true;
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
        Cidr address = ban.address();
        if (!address.isSingleAddress()) {
            removeNetwork(address);
            return;
        }
        Entry before = find(address.address().high(), address.address().low());
        if (before == null) {
            return;
        }
        long[] untilNs = before.untilNs.clone();
        untilNs[ban.scope().ordinal()] = 0;
        if (!Arrays.equals(untilNs, NO_BANS)) {
            put(new Entry(before.high, before.low, untilNs));
        } else {
            delete(before);
            entries = entries - 1;
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

    /** Into the address's own slot, or the first free one behind its home. */
    @ColdPath
    private void put(Entry entry) {
        int slot = home(entry.high, entry.low);
        while (slots[slot] != null
                && (slots[slot].high != entry.high || slots[slot].low != entry.low)) {
            slot = slot + 1 & mask;
        }
        SLOTS.setRelease(slots, slot, entry);
    }

    /** Closes the gap by moving back what would not be found behind it (Knuth, 6.4, R). */
    @ColdPath
    private void delete(Entry entry) {
        int gap = home(entry.high, entry.low);
        while (slots[gap] != entry) {
            gap = gap + 1 & mask;
        }
        int slot = gap;
        while (true) {
            slot = slot + 1 & mask;
            Entry next = slots[slot];
            if (next == null) {
                break;
            }
            int home = home(next.high, next.low);
            if ((slot - home & mask) >= (slot - gap & mask)) {
                SLOTS.setRelease(slots, gap, next);
                gap = slot;
            }
        }
        SLOTS.setRelease(slots, gap, (Entry) null);
    }
}
