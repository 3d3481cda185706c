package ips.core.block;

import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Addresses whose ban would cut the host off, each with what it is ("a gateway"). Immutable. */
public record ProtectedAddresses(Map<IpAddress, String> roles) {
    public static final ProtectedAddresses NONE = new ProtectedAddresses(Map.of());

    public ProtectedAddresses {
        roles = Map.copyOf(roles);
    }

    /** What the network, or an address in it, is: "192.0.2.1, a gateway". */
    Optional<String> find(Cidr network) {
        if (network.isSingleAddress()) {
            return Optional.ofNullable(roles.get(network.address()))
                    .map(role -> network + ", " + role);
        }
        return new TreeMap<>(roles)
                .entrySet().stream()
                        .filter(entry -> network.contains(entry.getKey()))
                        .map(entry -> entry.getKey() + ", " + entry.getValue())
                        .findFirst();
    }
}
