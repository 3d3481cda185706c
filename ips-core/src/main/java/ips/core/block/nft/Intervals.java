package ips.core.block.nft;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import ips.core.packet.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What an interval set that merges its elements holds, to be compared with what it was given: nft
 * prints {@code 192.0.2.0/25} and {@code 192.0.2.128/25} as one prefix, others as a range. Both are
 * brought to the fewest blocks that cover the same addresses.
 */
final class Intervals {
    private final List<IPAddress> ipv4 = new ArrayList<>();
    private final List<IPAddress> ipv6 = new ArrayList<>();

    static Intervals of(Collection<Cidr> networks) {
        Intervals intervals = new Intervals();
        networks.forEach(network -> intervals.add(block(network.toString())));
        return intervals;
    }

    /**
     * Takes in an element as nft prints it as JSON: an address, a prefix or a range.
     *
     * @throws IllegalArgumentException if it is nothing of these
     */
    void listed(Object value) {
        if (value instanceof String text) {
            add(block(text));
        } else if (value instanceof Map<?, ?> outer
                && outer.get("prefix") instanceof Map<?, ?> prefix) {
            add(block(prefix.get("addr") + "/" + prefix.get("len")));
        } else if (value instanceof Map<?, ?> outer
                && outer.get("range") instanceof List<?> range
                && range.size() == 2) {
            IPAddress first = block(String.valueOf(range.get(0)));
            IPAddress last = block(String.valueOf(range.get(1)));
            for (IPAddress part : first.spanWithPrefixBlocks(last)) {
                add(part);
            }
        } else {
            throw new IllegalArgumentException("no interval: " + value);
        }
    }

    private static IPAddress block(String text) {
        IPAddress address = new IPAddressString(text).getAddress();
        if (address == null) {
            throw new IllegalArgumentException("no address: " + text);
        }
        return address.isPrefixed() ? address.toPrefixBlock() : address;
    }

    private void add(IPAddress block) {
        (block.isIPv4() ? ipv4 : ipv6).add(block);
    }

    boolean coverTheSameAs(Intervals other) {
        return merged(ipv4).equals(merged(other.ipv4)) && merged(ipv6).equals(merged(other.ipv6));
    }

    private static TreeSet<String> merged(List<IPAddress> blocks) {
        TreeSet<String> merged = new TreeSet<>();
        if (!blocks.isEmpty()) {
            IPAddress[] all = blocks.toArray(IPAddress[]::new);
            for (IPAddress block : all[0].mergeToPrefixBlocks(all)) {
                merged.add(block.toPrefixBlock().toCanonicalString());
            }
        }
        return merged;
    }
}
