package ips.core.block;

import ips.core.packet.Cidr;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many bans of an address have run out lately, so that its next one lasts longer. Owned by the
 * block manager's thread; remembers {@code capacity} addresses at most, some 150 bytes each, and
 * forgets the one whose ban ended first.
 */
final class RepeatMemory {
    private final int capacity;
    private final long memoryNs;
    private final Map<Cidr, BanMemory.Past> byAddress = new LinkedHashMap<>();

    RepeatMemory(int capacity, long memoryNs) {
        this.capacity = capacity;
        this.memoryNs = memoryNs;
    }

    /** How many bans of the address count against it now. */
    int bansBefore(Cidr address, long nowNs) {
        BanMemory.Past past = byAddress.get(address);
        return past == null || nowNs - past.lastEndNs() > memoryNs ? 0 : past.bans();
    }

    void remember(Map<Cidr, BanMemory.Past> earlier) {
        earlier.entrySet().stream()
                .limit(capacity)
                .forEach(each -> byAddress.putIfAbsent(each.getKey(), each.getValue()));
    }

    Map<Cidr, BanMemory.Past> all() {
        return new LinkedHashMap<>(byAddress);
    }

    /** A ban has run out. */
    void ended(Ban ban) {
        Cidr address = ban.address();
        byAddress.remove(address);
        if (byAddress.size() >= capacity) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
        byAddress.put(address, new BanMemory.Past(ban.repeat() + 1, ban.untilNs()));
    }

    /** Nothing is held against the address any more. */
    void forgive(Cidr network) {
        if (network.isSingleAddress()) {
            byAddress.remove(network);
        } else {
            byAddress.keySet().removeIf(network::contains);
        }
    }

    void forgiveAll() {
        byAddress.clear();
    }
}
