package ips.core.rule;

import ips.core.ColdPath;
import ips.core.packet.Packet;
import ips.core.packet.PacketsAround;
import ips.core.packet.Protocol;
import ips.core.verdict.PacketDetails.Carrier;

/** What an alert says of the packets around its own: tunnels, and the fragment that came last. */
final class Carriers {
    private final PacketsAround around = new PacketsAround();

    /** What brought a packet; null where it stands in its frame by itself. */
    @ColdPath
    Carrier of(Packet packet) {
        if (packet.reassembled()) {
            return carrier("defrag", around.fragmentOf(packet), 0);
        }
        int depth = packet.tunnelDepth();
        if (depth == 0 || packet.frame() == null) {
            return null;
        }
        Packet next = around.carrierOf(packet, depth - 1);
        if (next == null) {
            return null;
        }
        String origin = origin(next);
        return carrier(origin, around.carrierOf(packet, 0), depth);
    }

    private static Carrier carrier(String origin, Packet packet, int depth) {
        boolean ipv6Fragment = packet.fragment() && packet.ipVersion() == 6;
        return new Carrier(
                origin,
                packet.source(),
                packet.sourcePort(),
                packet.destination(),
                packet.destinationPort(),
                ipv6Fragment ? Protocol.FRAGMENT : packet.protocol(),
                depth);
    }

    /** What a packet is that carries another one, in EVE's words. */
    private static String origin(Packet carrier) {
        return switch (carrier.protocol()) {
            case Protocol.GRE -> "gre tunnel";
            case Protocol.UDP -> ofPorts(carrier);
            default -> carrier.ipVersion() == 4 ? "ipv4 tunnel" : "ipv6 tunnel";
        };
    }

    private static String ofPorts(Packet carrier) {
        return PacketsAround.isVxlan(carrier) ? "vxlan encapsulation" : "geneve encapsulation";
    }
}
