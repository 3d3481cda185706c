package ips.core.rule;

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
            all |= narrower.isAny();
            long[] ports = byDestination ? destinations : sources;
            for (int port = 0; port < 1 << 16; port++) {
                if (narrower.contains(port)) {
                    ports[port >> 6] |= 1L << port;
                }
            }
        }
        isAll = all;
    }

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
