package ips.core.pipeline;

import ips.core.HotPath;
import ips.core.packet.Packet;

/**
 * Says of each packet whether it would be, or was, kept from its destination. Shared by all
 * workers, so it must be safe to call from several threads at once.
 */
@HotPath
@FunctionalInterface
public interface PacketFilter {
    /** Whether the packet is blocked at its own time; the packet is not to be kept. */
    boolean blocks(Packet packet);
}
