package ips.core.detect;

import ips.core.flow.ConnectionTable;
import ips.core.packet.IpAddress;

/** Addresses and endpoints as items and targets of a {@link ProbeTable}. */
final class Targets {
    private Targets() {}

    /** A host as an item: neighbours of an IPv4 network set bits of their own. */
    static long host(long high, long low) {
        return IpAddress.isIpv4(high, low)
                ? (low ^ (low & 0xffff_ffffL) >>> 9) & 0xffff_ffffL
                : ProbeTable.mix(high, low);
    }

    /** Who tried whom. */
    static long pair(ConnectionTable connections, int connection) {
        long client =
                ProbeTable.mix(
                        connections.clientHigh(connection), connections.clientLow(connection));
        long server =
                ProbeTable.mix(
                        connections.serverHigh(connection), connections.serverLow(connection));
        return ProbeTable.mix(client, server);
    }

    /** Who tried whom, at which port, over which protocol. */
    static long attempt(ConnectionTable connections, int connection) {
        long service =
                (long) connections.serverPort(connection) << 8 | connections.protocol(connection);
        return ProbeTable.mix(pair(connections, connection), service);
    }
}
