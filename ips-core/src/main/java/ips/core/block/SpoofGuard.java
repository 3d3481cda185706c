package ips.core.block;

import ips.core.packet.IpAddress;
import ips.core.verdict.Kind;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows a flood of forged sources when it sees one: while a destination is flooded by many sources,
 * more than {@code limit} different unproven sources are accused of the same kind of flood within
 * one second. Whoever forges addresses chooses them, so banning them would let him choose whom the
 * sensor locks out; the destination is named instead, and nobody is banned.
 *
 * <p>It lets go when fewer than half as many are accused within a second, or the flood of the
 * destination has ended. Detectors accuse again every second while an attack goes on, so the count
 * stays up for as long as the forged flood does. A handful of unproven sources beside a flood (one
 * real attacker among them) are banned all the same, each from its class of packets only.
 *
 * <p>Owned by the block manager's thread. Remembers {@code limit} + 1 sources per kind.
 */
final class SpoofGuard {
    static final long WINDOW_NS = 1_000_000_000L;

    private static final class Accused {
        final LinkedHashMap<IpAddress, Long> lastNs = new LinkedHashMap<>();
        boolean many;
    }

    private final int limit;
    private final Map<Kind, Accused> byKind = new HashMap<>();

    SpoofGuard(int limit) {
        this.limit = limit;
    }

    /** Forgets everything: the clock was set. */
    void forget() {
        byKind.clear();
    }

    /** Notes that an unproven source is accused. */
    void accused(Kind kind, IpAddress source, long nowNs) {
        Accused accused = byKind.computeIfAbsent(kind, k -> new Accused());
        accused.lastNs.remove(source);
        accused.lastNs.put(source, nowNs);
        Iterator<Long> eldestFirst = accused.lastNs.values().iterator();
        while (nowNs - eldestFirst.next() >= WINDOW_NS || accused.lastNs.size() > limit + 1) {
            eldestFirst.remove();
        }
        int sources = accused.lastNs.size();
        accused.many = accused.many ? sources > limit / 2 : sources > limit;
    }

    /**
     * Whether the unproven sources accused of this are to be taken for forged.
     *
     * @param destinationFlooded whether such a flood goes on against some destination
     */
    boolean areForged(Kind kind, boolean destinationFlooded) {
        Accused accused = byKind.get(kind);
        return destinationFlooded && accused != null && accused.many;
    }
}
