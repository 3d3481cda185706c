package ips.core.rule;

import java.util.Arrays;
import java.util.List;

/**
 * Between which ports some signature may have something to say, be it of the other direction: a bit
 * a port. Packets between other ports need neither flow nor stream. Immutable.
 */
final class PortReach {
    private final long[] sources = new long[1 << 10];
    private final long[] destinations = new long[1 << 10];
    private final boolean isAll;

    PortReach(List<Signature> signatures) {
        boolean all = false;
        for (Signature each : signatures) {
            boolean byDestination = each.destinationPort.count() <= each.sourcePort.count();
            PortSet narrower = byDestination ? each.destinationPort : each.sourcePort;
            if (narrower.isAny()) {
                all = true;
                break;
            }
            enter(narrower, byDestination ? destinations : sources);
            if (each.bidirectional) {
                enter(narrower, byDestination ? sources : destinations);
            }
        }
        isAll = all;
    }

    private static void enter(PortSet set, long[] ports) {
        for (int port = 0; port < 1 << 16; port++) {
            if (set.contains(port)) {
                ports[port >> 6] |= 1L << port;
            }
        }
    }

    /** Whether it depends on source ports. */
    boolean namesSources() {
        return !isAll && Arrays.stream(sources).anyMatch(each -> each != 0);
    }

    /** Whether it depends on destination ports. */
    boolean namesDestinations() {
        return !isAll && Arrays.stream(destinations).anyMatch(each -> each != 0);
    }

    /** Whether packets from a port to another may match. */
    boolean holdsFrom(int source, int destination) {
        return isAll || has(destinations, destination) || has(sources, source);
    }

    /** Whether packets between two ports may match, in one direction or the other. */
    boolean holds(int a, int b) {
        return isAll
                || has(destinations, b)
                || has(destinations, a)
                || has(sources, a)
                || has(sources, b);
    }

    private static boolean has(long[] ports, int port) {
        return (ports[port >> 6] & 1L << port) != 0;
    }
}
