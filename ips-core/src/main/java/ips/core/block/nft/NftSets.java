package ips.core.block.nft;

import ips.core.block.BanKey;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The names of the sets in the table: {@code all4}, {@code syn6} and so on for single addresses,
 * {@code net4} and {@code net6} for networks banned by hand, {@code allow4} and {@code allow6} for
 * what passes ahead of them all.
 */
final class NftSets {
    private NftSets() {}

    static final List<String> FAMILIES = List.of("4", "6");

    static String word(BanScope scope) {
        return switch (scope) {
            case ALL -> "all";
            case SYN -> "syn";
            case ICMP -> "icmp";
            case ODD_FLAGS -> "odd";
            case UDP -> "udp";
        };
    }

    static String family(Cidr address) {
        return address.address().isIpv4() ? "4" : "6";
    }

    /** The set that a ban's element belongs to. */
    static String of(BanKey key) {
        String word = key.address().isSingleAddress() ? word(key.scope()) : "net";
        return word + family(key.address());
    }

    /** Sets of single addresses: hash tables, one per scope and family. */
    static List<String> ofAddresses() {
        List<String> sets = new ArrayList<>();
        for (String family : FAMILIES) {
            for (BanScope scope : BanScope.values()) {
                sets.add(word(scope) + family);
            }
        }
        return sets;
    }

    /** The scope of a set of bans, or nothing for another. */
    static Optional<BanScope> scope(String set) {
        if (set.equals("net4") || set.equals("net6")) {
            return Optional.of(BanScope.ALL);
        }
        for (BanScope scope : BanScope.values()) {
            if (set.equals(word(scope) + "4") || set.equals(word(scope) + "6")) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
