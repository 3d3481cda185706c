package ips.core.detect;

import ips.core.packet.IpAddress;

/** Addresses that stand for many hosts: multicast and broadcast. */
final class GroupAddresses {
    private GroupAddresses() {}

    /**
     * Whether a destination is multicast (224.0.0.0/4, ff00::/8) or broadcast: 255.255.255.255, or
     * an IPv4 address that ends in 255. The sensor does not know the masks of the networks it
     * watches; of networks that are no larger than /24 every such address is the broadcast address
     * (RFC 919), and hosts of larger ones are rarely given it, because so many devices take it for
     * one.
     */
    static boolean contains(long high, long low) {
        if (IpAddress.isIpv4(high, low)) {
            return (low & 0xff) == 0xff || (low & 0xf000_0000L) == 0xe000_0000L;
        }
        return high >>> 56 == 0xff;
    }
}
