package ips.core.block;

import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The addresses and networks that the operator never wants banned. Immutable, for any thread; a
 * question costs one look-up per prefix length in use.
 */
public final class Allowlist {
    public static final Allowlist EMPTY = new Allowlist(List.of());

    private final Set<Cidr> networks;
    private final int[] ipv4Lengths;
    private final int[] ipv6Lengths;

    public Allowlist(Collection<Cidr> networks) {
        this.networks = Set.copyOf(networks);
        ipv4Lengths = lengths(networks, true);
        ipv6Lengths = lengths(networks, false);
    }

    Set<Cidr> networks() {
        return networks;
    }

    /** The same with one more. */
    public Allowlist with(Cidr network) {
        Set<Cidr> more = new LinkedHashSet<>(networks);
        more.add(network);
        return new Allowlist(more);
    }

    /** The same with one less. */
    Allowlist without(Cidr network) {
        Set<Cidr> fewer = new LinkedHashSet<>(networks);
        fewer.remove(network);
        return new Allowlist(fewer);
    }

    /** The entry that holds the address, if any. */
    public Optional<Cidr> find(IpAddress address) {
        for (int length : address.isIpv4() ? ipv4Lengths : ipv6Lengths) {
            Cidr network = new Cidr(address, length);
            if (networks.contains(network)) {
                return Optional.of(network);
            }
        }
        return Optional.empty();
    }

    /** An entry that has an address in common with the network, if any. */
    public Optional<Cidr> findOverlap(Cidr network) {
        return network.isSingleAddress()
                ? find(network.address())
                : networks.stream()
                        .filter(network::overlaps)
                        .sorted(BanTable.BY_ADDRESS)
                        .findFirst();
    }

    private static int[] lengths(Collection<Cidr> networks, boolean ipv4) {
        Set<Integer> lengths = new TreeSet<>();
        for (Cidr network : networks) {
            if (network.address().isIpv4() == ipv4) {
                lengths.add(network.prefixLength());
            }
        }
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }
}
