package ips.core.rule;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The ports between which some signature, of either direction, may match: a bit a port. Packets
 * between other ports need neither flow nor stream. Immutable.
 */
final class PortReach {
    private final long[] sources = new long[1 << 10];
    private final long[] destinations = new long[1 << 10];
    private final boolean isAll;
    private final boolean namesSources;
    private final boolean namesDestinations;

    PortReach(List<Signature> signatures) {
        Set<PortSet> toSources = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<PortSet> toDestinations = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean all = false;
        for (Signature each : signatures) {
            boolean byDestination = each.destinationPort.count() <= each.sourcePort.count();
            PortSet narrower = byDestination ? each.destinationPort : each.sourcePort;
            all |= narrower.isAny();
            if (byDestination || each.bidirectional) {
                toDestinations.add(narrower);
            }
            if (!byDestination || each.bidirectional) {
                toSources.add(narrower);
            }
        }
        isAll = all;
        if (!all) {
            toSources.forEach(each -> enter(each, sources));
            toDestinations.forEach(each -> enter(each, destinations));
        }
        namesSources = Arrays.stream(sources).anyMatch(each -> each != 0);
        namesDestinations = Arrays.stream(destinations).anyMatch(each -> each != 0);
    }

    private static void enter(PortSet set, long[] ports) {
        set.forEach(port -> ports[port >> 6] |= 1L << port);
    }

    /** Whether it depends on source ports. */
    boolean namesSources() {
        return namesSources;
    }

    /** Whether it depends on destination ports. */
    boolean namesDestinations() {
        return namesDestinations;
    }

    /** Whether packets from a port to another may match. */
    boolean holdsFrom(int source, int destination) {
        return isAll || isDestination(destination) || isSource(source);
    }

    /** Whether packets between two ports may match, in one direction or the other. */
    boolean holds(int a, int b) {
        return isAll || isDestination(b) || isDestination(a) || isSource(a) || isSource(b);
    }

    // A forged SYN's source port is in no cache, nor need it be looked for where none is named.

    private boolean isSource(int port) {
        return namesSources && has(sources, port);
    }

    private boolean isDestination(int port) {
        return namesDestinations && has(destinations, port);
    }

    private static boolean has(long[] ports, int port) {
        return (ports[port >> 6] & 1L << port) != 0;
    }
}
