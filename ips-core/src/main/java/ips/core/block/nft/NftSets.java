package ips.core.block.nft;

import ips.core.block.BanKey;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The names of the sets in the table: {@code all4}, {@code syn6} and so on for single addresses,
 * {@code allsub6}, {@code synsub6} and so on for IPv6 /64s, {@code net4} and {@code net6} for other
 * networks, which are banned by hand only, {@code allow4} and {@code allow6} for what passes ahead
 * of them all.
 */
final class NftSets {
    private NftSets() {}

    static final List<String> FAMILIES = List.of("4", "6");

    /** Sets of what passes ahead of all bans. */
    static final List<String> PASSING = List.of("allow4", "allow6");

    private static final String SUBNET = "sub6";
    private static final List<String> SUFFIXES = List.of("4", "6", SUBNET);

    static String word(BanScope scope) {
        return switch (scope) {
            case ALL -> "all";
            case SYN -> "syn";
            case ICMP -> "icmp";
            case ODD_FLAGS -> "odd";
            case UDP -> "udp";
            case SCTP -> "sctp";
        };
    }

    static String family(Cidr address) {
        return address.address().isIpv4() ? "4" : "6";
    }

    /** The set that a ban's element belongs to. */
    static String of(BanKey key) {
        Cidr address = key.address();
        if (address.isIpv6Subnet()) {
            return word(key.scope()) + SUBNET;
        }
        return (address.isSingleAddress() ? word(key.scope()) : "net") + family(address);
    }

    /**
     * Whether a ban's element stands in one of {@link #hashed}: the address, or a /64's first. Of
     * other networks those that lie within another have none.
     */
    static boolean isHashed(Cidr address) {
        return address.isSingleAddress() || address.isIpv6Subnet();
    }

    /** Whether the elements of the set stand for /64s. */
    static boolean isOfSubnets(String set) {
        return set.endsWith(SUBNET);
    }

    /** Sets of single addresses and of /64s: hash tables, one per scope and family. */
    static List<String> hashed() {
        List<String> sets = new ArrayList<>();
        for (String suffix : SUFFIXES) {
            for (BanScope scope : BanScope.values()) {
                sets.add(word(scope) + suffix);
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
            if (SUFFIXES.stream().anyMatch(suffix -> set.equals(word(scope) + suffix))) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
