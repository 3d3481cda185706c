package ips.core.block;

import ips.core.packet.Cidr;
import java.util.List;
import java.util.Map;

/**
 * What a run leaves to the next: the bans that stand, with their reasons, and how often addresses
 * were banned lately. Immutable.
 *
 * @param repeats by address, the one whose ban ended first at the beginning
 */
public record BanMemory(List<Ban> bans, Map<Cidr, Past> repeats) {
    public static final BanMemory NONE = new BanMemory(List.of(), Map.of());

    /**
     * Bans that ran out and count against an address.
     *
     * @param lastEndNs when the last of them ended, nanoseconds since 1970
     */
    public record Past(int bans, long lastEndNs) {}
}
