package ips.core.block;

import ips.core.block.BlockListener.SpareReason;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Says which addresses must never be banned. Every ban passes it last, a manual one too, and bans
 * in force pass it again whenever it has changed.
 *
 * <p>Always protected: 0.0.0.0/8 and ::, loopback, multicast, the limited broadcast address, and
 * IPv4-mapped addresses, by which a forger could not have the IPv4 host banned that they name. On a
 * live link also what {@link HostFacts} finds: the host's own addresses and broadcast addresses,
 * gateways, resolvers, peers of SSH sessions. And the operator's {@link Allowlist}. Link-local
 * addresses are not special in themselves: a neighbour can attack, and a router among them is found
 * as a gateway. For a capture file the analysing host's own addresses mean nothing, so there the
 * gate is made without them.
 *
 * <p>{@link #allow} is for the block manager's thread; questions may come from any.
 */
public final class NeverBanGate implements AutoCloseable {
    /** Why an address or network may not be banned. */
    public record Protection(SpareReason reason, String text) {}

    private static final Map<Cidr, String> SPECIAL = new TreeMap<>(BanTable.BY_ADDRESS);

    static {
        SPECIAL.put(Cidr.parse("0.0.0.0/8"), "the range of \"this network\" (RFC 1122)");
        SPECIAL.put(Cidr.parse("127.0.0.0/8"), "loopback");
        SPECIAL.put(Cidr.parse("224.0.0.0/4"), "multicast");
        SPECIAL.put(Cidr.parse("255.255.255.255"), "the broadcast address");
        SPECIAL.put(Cidr.parse("::"), "the unspecified address");
        SPECIAL.put(Cidr.parse("::1"), "loopback");
        SPECIAL.put(Cidr.parse("ff00::/8"), "multicast");
        SPECIAL.put(
                new Cidr(IpAddress.ofIpv4(0).mapped(), 96),
                "IPv4 in IPv6 packets, which no host can have (RFC 4942)");
    }

    private final Supplier<ProtectedAddresses> host;
    private volatile Allowlist allowlist;

    /** What was allowed while running; no configuration knows of it. */
    private volatile Allowlist byHand = Allowlist.EMPTY;

    /**
     * @param host the host's own addresses and those it depends on, as they are at the moment
     */
    public NeverBanGate(Allowlist allowlist, Supplier<ProtectedAddresses> host) {
        this.allowlist = allowlist;
        this.host = host;
    }

    /** The gate for capture files: special ranges and the allowlist. */
    public static NeverBanGate forFiles(Allowlist allowlist) {
        return new NeverBanGate(allowlist, () -> ProtectedAddresses.NONE);
    }

    /** Why the address, or some address of the network, may not be banned; empty if it may. */
    public Optional<Protection> protects(Cidr network) {
        for (Map.Entry<Cidr, String> range : SPECIAL.entrySet()) {
            if (range.getKey().overlaps(network)) {
                String text = range.getKey() + ", " + range.getValue();
                return Optional.of(new Protection(SpareReason.NEVER_BAN, text));
            }
        }
        Optional<String> ofHost = host.get().find(network);
        if (ofHost.isPresent()) {
            return ofHost.map(text -> new Protection(SpareReason.NEVER_BAN, text));
        }
        return allowlist
                .findOverlap(network)
                .or(() -> byHand.findOverlap(network))
                .map(entry -> new Protection(SpareReason.ALLOWLIST, entry + ", on the allowlist"));
    }

    /**
     * The allowlist, and what is found of the host: what an enforcer lets pass ahead of all bans.
     */
    List<Cidr> networks() {
        Set<Cidr> all = new LinkedHashSet<>(allowlist.networks());
        all.addAll(byHand.networks());
        host.get().roles().keySet().forEach(address -> all.add(Cidr.of(address)));
        return List.copyOf(all);
    }

    /** Protects one more network from now on, whatever the configuration comes to say. */
    void allow(Cidr network) {
        byHand = byHand.with(network);
    }

    /**
     * Takes back what {@link #allow} did.
     *
     * @throws IllegalArgumentException if it did not; the message says where else to look
     */
    void disallow(Cidr network) {
        if (!byHand.networks().contains(network)) {
            throw new IllegalArgumentException(
                    network
                            + " was not allowed by hand; what bans.allow holds is taken out there,"
                            + " and then ips reload");
        }
        byHand = byHand.without(network);
    }

    /** Puts another list in the place of the configuration's; what was allowed by hand stays. */
    void replaceAllowlist(Allowlist other) {
        allowlist = other;
    }

    /** Stops following the host, where it does; what was found last holds. */
    @Override
    public void close() {
        if (host instanceof HostFacts facts) {
            facts.close();
        }
    }

    /** Changes whenever the answers may have; compared by identity. */
    Object state() {
        return host.get();
    }
}
