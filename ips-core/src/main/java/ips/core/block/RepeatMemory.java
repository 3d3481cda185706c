package ips.core.block;

import ips.core.packet.Cidr;
import java.util.Iterator;
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

    /** Takes what an earlier run remembered, those whose bans ended last if not all fit. */
    void remember(Map<Cidr, BanMemory.Past> earlier) {
        earlier.entrySet().stream()
                .skip(Math.max(0, earlier.size() - capacity))
                .forEach(each -> byAddress.putIfAbsent(each.getKey(), each.getValue()));
    }

    Map<Cidr, BanMemory.Past> all() {
        return new LinkedHashMap<>(byAddress);
    }

    /** A ban has run out. */
    void ended(Ban ban) {
        Cidr address = ban.address();
        byAddress.remove(address);
        Iterator<BanMemory.Past> eldest = byAddress.values().iterator();
        while (eldest.hasNext() && isOver(eldest.next(), ban.untilNs())) {
            eldest.remove();
        }
        byAddress.put(address, new BanMemory.Past(ban.repeat() + 1, ban.untilNs()));
    }

    private boolean isOver(BanMemory.Past past, long nowNs) {
        return byAddress.size() >= capacity || nowNs - past.lastEndNs() > memoryNs;
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
