package ips.core.block;

import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bans in force, one per address and scope, ordered by their ends. Owned by the block manager's
 * thread; any thread may read {@link #size} and take a {@link #snapshot}.
 *
 * <p>Holds {@code capacity} bans at most, some 300 bytes each; when full, the one that ends first
 * makes room.
 */
final class BanTable {
    static final Comparator<Cidr> BY_ADDRESS =
            Comparator.comparing(Cidr::address).thenComparingInt(Cidr::prefixLength);

    private static final Comparator<Ban> BY_END =
            Comparator.comparingLong(Ban::untilNs)
                    .thenComparing(Ban::address, BY_ADDRESS)
                    .thenComparing(Ban::scope);

    private final int capacity;
    private final Map<BanKey, Ban> byKey = new ConcurrentHashMap<>();
    private final TreeSet<Ban> byEnd = new TreeSet<>(BY_END);

    /** Bans of networks other than /64s, which only people make: few, searched one by one. */
    private final Map<Cidr, Ban> networks = new TreeMap<>(BY_ADDRESS);

    BanTable(int capacity) {
        this.capacity = capacity;
    }

    /** The ban of that very address or network and scope, or null. */
    Ban find(Cidr address, BanScope scope) {
        return byKey.get(new BanKey(address, scope));
    }

    /** The ban in full of a network that holds the address, or null. */
    Ban findNetwork(IpAddress address) {
        Ban subnet = findSubnet(address, BanScope.ALL);
        if (subnet != null) {
            return subnet;
        }
        for (Ban ban : networks.values()) {
            if (ban.address().contains(address)) {
                return ban;
            }
        }
        return null;
    }

    /** The ban of the address's /64 and of that scope, or null. */
    Ban findSubnet(IpAddress address, BanScope scope) {
        return address.isIpv4() ? null : find(Cidr.ipv6Subnet(address), scope);
    }

    boolean isFull() {
        return byKey.size() >= capacity;
    }

    /** Adds a ban, or replaces the one of the same address and scope; there is room. */
    void put(Ban ban) {
        Ban before = byKey.put(BanKey.of(ban), ban);
        if (before != null) {
            byEnd.remove(before);
        }
        byEnd.add(ban);
        if (!ban.address().isSingleAddress() && !ban.address().isIpv6Subnet()) {
            networks.put(ban.address(), ban);
        }
    }

    void remove(Ban ban) {
        byKey.remove(BanKey.of(ban));
        byEnd.remove(ban);
        networks.remove(ban.address());
    }

    /** The ban that ends first, or null. */
    Ban first() {
        return byEnd.isEmpty() ? null : byEnd.first();
    }

    /** The bans in the order of their ends; a view for the owning thread. */
    Iterable<Ban> all() {
        return Collections.unmodifiableSet(byEnd);
    }

    /** Moves every ban in time, for a clock that was set. */
    List<Ban> shift(long byNs) {
        List<Ban> moved = new ArrayList<>(byEnd.size());
        for (Ban ban : byEnd) {
            moved.add(ban.shifted(byNs));
        }
        byEnd.clear();
        moved.forEach(this::put);
        return moved;
    }

    int size() {
        return byKey.size();
    }

    /** The bans in force about now, in the order of their ends; for any thread. */
    List<Ban> snapshot() {
        List<Ban> bans = new ArrayList<>(byKey.values());
        bans.sort(BY_END);
        return bans;
    }
}
