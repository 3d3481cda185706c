package ips.core.block;

import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many addresses of an IPv6 /64 were banned lately, each scope by itself: evidence that may be
 * forged adds nothing to what is proven, nor the other way round.
 *
 * <p>Owned by the block manager's thread. Remembers {@code capacity} addresses at most, some 150
 * bytes each and as much for a /64, and forgets the /64 whose last ban began first.
 */
final class SubnetOffenders {
    /** Ten times the default ban: who moves on when his ban begins is counted all the same. */
    static final long WINDOW_NS = Duration.ofMinutes(10).toNanos();

    private final int capacity;

    /** When the ban of each address of a /64 began; the /64 banned last comes last. */
    private final Map<BanKey, Map<IpAddress, Long>> bySubnet = new LinkedHashMap<>();

    private int addresses;

    SubnetOffenders(int capacity) {
        this.capacity = capacity;
    }

    /** Notes a ban that begins; returns how many addresses of the /64 were banned of late. */
    int note(IpAddress source, BanScope scope, long nowNs) {
        BanKey key = new BanKey(Cidr.ipv6Subnet(source), scope);
        Map<IpAddress, Long> banned = bySubnet.remove(key);
        if (banned == null) {
            banned = new LinkedHashMap<>();
        }
        int before = banned.size();
        banned.remove(source);
        banned.put(source, nowNs);
        banned.values().removeIf(ns -> nowNs - ns > WINDOW_NS);
        addresses += banned.size() - before;
        bySubnet.put(key, banned);
        Iterator<Map<IpAddress, Long>> eldest = bySubnet.values().iterator();
        while (addresses > capacity && bySubnet.size() > 1) {
            addresses -= eldest.next().size();
            eldest.remove();
        }
        return banned.size();
    }

    /** Forgets everything: the clock was set. */
    void clear() {
        bySubnet.clear();
        addresses = 0;
    }
}
