package ips.core.block.nft;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.block.nft.NftListing.Element;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bans that the kernel is known to have: the end of each there, and what it had dropped when
 * the table was last listed. Written by the keeper's thread, read by any.
 */
final class KernelBans {
    /** The kernel reports ends to the second. */
    private static final long TOLERANCE_NS = 2_000_000_000L;

    private final Map<BanKey, Element> bans = new ConcurrentHashMap<>();

    /**
     * What differs between kernel and wish.
     *
     * @param wrong elements to be added, renewed or removed
     * @param lost how many the kernel had been given and has no more, long before their ends
     */
    record Difference(List<BanKey> wrong, int lost) {}

    int size() {
        return bans.size();
    }

    boolean contains(BanKey key) {
        return bans.containsKey(key);
    }

    /** What is known of a ban's element, or null where there is none. */
    Element get(BanKey key) {
        return bans.get(key);
    }

    /** A ban was entered, or its end was moved: what it had dropped by then still counts. */
    void entered(BanKey key, long untilNs) {
        bans.merge(
                key,
                new Element(untilNs, 0, 0),
                (before, now) -> new Element(untilNs, before.packets(), before.bytes()));
    }

    void removed(BanKey key) {
        bans.remove(key);
    }

    void retain(Set<BanKey> keys) {
        bans.keySet().retainAll(keys);
    }

    /** Nothing is known any more. */
    void forget() {
        bans.clear();
    }

    /**
     * Takes in what was listed, and says what is not as it should be.
     *
     * @param shown the wanted networks that sets can hold, see {@link Networks#outermost}
     */
    Difference compare(
            NftListing listing, Map<BanKey, Ban> wanted, Collection<BanKey> shown, long nowNs) {
        List<BanKey> wrong = new ArrayList<>(listing.strange());
        for (BanKey key : listing.elements().keySet()) {
            if (!wanted.containsKey(key)) {
                wrong.add(key);
            }
        }
        int lost = 0;
        for (Map.Entry<BanKey, Ban> each : wanted.entrySet()) {
            BanKey key = each.getKey();
            long untilNs = each.getValue().untilNs();
            boolean endsNow = untilNs - nowNs < TOLERANCE_NS;
            boolean covered = !NftSets.isHashed(key.address()) && !shown.contains(key);
            if (covered || endsNow && bans.containsKey(key)) {
                continue;
            }
            Element found = listing.elements().get(key);
            if (found == null) {
                Element before = bans.remove(key);
                lost += before != null && before.untilNs() - nowNs > TOLERANCE_NS ? 1 : 0;
                wrong.add(key);
            } else if (Math.abs(found.untilNs() - untilNs) > TOLERANCE_NS) {
                bans.put(key, found);
                wrong.add(key);
            } else {
                bans.put(key, new Element(untilNs, found.packets(), found.bytes()));
            }
        }
        retain(wanted.keySet());
        return new Difference(wrong, lost);
    }
}
