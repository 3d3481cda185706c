package ips.core.rule;

import ips.core.packet.IpAddress;
import ips.core.packet.Packet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The signatures that ask for addresses and ports alone, as lists of known offenders do: by the
 * first 16 bits of an IPv4 address where one of their lists is short, else by port, so that a
 * packet asks the few that may fit. Immutable.
 */
final class AddressIndex {
    /** Lists over more of the 65,536 prefixes than this are as good as any. */
    private static final int FEW = 4096;

    private static final int[] NONE = {};

    private final boolean isEmpty;
    private final int[][] bySource = new int[1 << 16][];
    private final int[][] byDestination = new int[1 << 16][];
    private final long[] prefixes = new long[1 << 10]; // a bit for each that is in one of the two
    private final int[] ofIpv6;
    private final PortIndex others;
    private final PortReach otherReach;

    AddressIndex(List<Signature> signatures) {
        List<Signature> byPort = new ArrayList<>();
        List<Integer> six = new ArrayList<>();
        isEmpty = signatures.isEmpty();
        for (Signature each : signatures) {
            if (!each.bidirectional && each.source.prefixes() <= FEW) {
                add(each.source, each.order, bySource);
                six.add(each.order);
            } else if (!each.bidirectional && each.destination.prefixes() <= FEW) {
                add(each.destination, each.order, byDestination);
                six.add(each.order);
            } else {
                byPort.add(each);
            }
        }
        others = new PortIndex(byPort);
        otherReach = new PortReach(byPort);
        for (int prefix = 0; prefix < 1 << 16; prefix++) {
            if (bySource[prefix] != null || byDestination[prefix] != null) {
                prefixes[prefix >> 6] |= 1L << prefix;
            }
        }
        ofIpv6 = six.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void add(AddressSet addresses, int order, int[][] to) {
        addresses.forEachPrefix(
                prefix -> {
                    int[] before = to[prefix] == null ? NONE : to[prefix];
                    to[prefix] = Arrays.copyOf(before, before.length + 1);
                    to[prefix][before.length] = order;
                });
    }

    /** Adds those that may fit a packet. */
    void collect(Packet packet, Candidates to) {
        if (isEmpty) {
            return;
        }
        others.collect(packet.sourcePort(), packet.destinationPort(), to);
        if (packet.ipVersion() == 4) {
            add(bySource[prefix(packet.sourceLow())], to);
            add(byDestination[prefix(packet.destinationLow())], to);
        } else {
            to.addAll(ofIpv6);
        }
    }

    private static void add(int[] orders, Candidates to) {
        if (orders != null) {
            to.addAll(orders);
        }
    }

    /** Whether ports tell which may fit. */
    boolean asksPorts() {
        return otherReach.namesSources() || otherReach.namesDestinations();
    }

    /** Whether any may fit a packet of the same ends, in one direction or the other. */
    boolean mayConcern(Packet packet) {
        if (isEmpty) {
            return false;
        }
        if (otherReach.holds(packet.sourcePort(), packet.destinationPort())) {
            return true;
        }
        if (packet.ipVersion() != 4) {
            return ofIpv6.length > 0;
        }
        return isListed(prefix(packet.sourceLow())) || isListed(prefix(packet.destinationLow()));
    }

    private boolean isListed(int prefix) {
        return (prefixes[prefix >> 6] & 1L << prefix) != 0;
    }

    /** See {@link IpAddress}: an IPv4 address is the low half's low 32 bits. */
    private static int prefix(long low) {
        return (int) (low >>> 16) & 0xffff;
    }
}
