/**
 * From the bytes of a frame to decoded headers, and back. Every length is checked once, in {@link
 * ips.core.packet.PacketDecoder}; who reads a {@link ips.core.packet.Packet} meets no unchecked
 * offset. State over several packets is left to {@code ips.core.flow}, except for IP fragments.
 */
@HotPath
package ips.core.packet;

import ips.core.HotPath;
