package ips.core.packet;

import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * Whose frame it is: the hashes of the innermost IP packet's addresses, read by the capture thread
 * before the frame is decoded. Takes the decoder's own {@link FrameWalk}, with a short cut for
 * plain IPv4 over Ethernet. A frame that it cannot read has 0 for both hashes.
 *
 * <p>The decoder sees the same addresses, with one exception: a tunnel whose outer packet is
 * fragmented is found here by the outer addresses, and only the decoder, when the last fragment has
 * come, sees the inner ones. One object per capture thread, used again for every frame.
 */
public final class FrameAddresses {
    private static final int IP = EthernetHeader.LENGTH;

    private final Packet packet = new Packet();
    // The decoder counts what is odd about a frame; here it would be counted twice.
    private final Counters ignored = new Counters();

    private int sourceHash;
    private int destinationHash;
    private boolean openingSyn;

    /** Reads the frame at {@code offset}. */
    public void read(
            DirectBuffer buffer, int offset, int capturedLength, int wireLength, int linkType) {
        if (linkType != LinkType.ETHERNET || !readPlainIpv4(buffer, offset, capturedLength)) {
            readAny(buffer, offset, capturedLength, wireLength, linkType);
        }
    }

    /** Hash of the source address, see {@link AddressHash}; 0 where there is none. */
    public int sourceHash() {
        return sourceHash;
    }

    /** Hash of the destination address, see {@link AddressHash}; 0 where there is none. */
    public int destinationHash() {
        return destinationHash;
    }

    /**
     * Whether this is a whole TCP packet that opens a connection: {@link TcpFlags#isOpeningSyn}.
     */
    public boolean openingSyn() {
        return openingSyn;
    }

    /** False, with nothing read, unless it is IPv4 right behind Ethernet with no tunnel inside. */
    private boolean readPlainIpv4(DirectBuffer buffer, int offset, int length) {
        int ip = offset + IP;
        if (length < IP + Ipv4Header.LENGTH + TcpHeader.LENGTH
                || EthernetHeader.type(buffer, offset) != EthernetHeader.TYPE_IPV4) {
            return false;
        }
        long start = Ipv4Header.start(buffer, ip);
        int headerLength = Ipv4Header.headerLength(start);
        int totalLength = Ipv4Header.totalLength(start);
        int protocol = Ipv4Header.timeToLiveAndProtocol(buffer, ip) & 0xff;
        if (Ipv4Header.version(start) != 4
                || headerLength < Ipv4Header.LENGTH
                || totalLength < headerLength
                || headerLength + TcpHeader.LENGTH > length - IP
                || FrameWalk.mayCarryTunnel(protocol)) {
            return false;
        }
        long addresses = Ipv4Header.addresses(buffer, ip);
        sourceHash = AddressHash.ofIpv4((int) (addresses >>> 32));
        destinationHash = AddressHash.ofIpv4((int) addresses);
        openingSyn =
                protocol == Protocol.TCP
                        && totalLength >= headerLength + TcpHeader.LENGTH
                        && !Ipv4Header.isFragment(Ipv4Header.flagsAndOffset(start))
                        && TcpFlags.isOpeningSyn(TcpHeader.flags(buffer, ip + headerLength));
        return true;
    }

    private void readAny(
            DirectBuffer buffer, int offset, int capturedLength, int wireLength, int linkType) {
        if (FrameWalk.toInnermostIp(
                buffer, offset, capturedLength, wireLength, linkType, packet, ignored)) {
            sourceHash = AddressHash.of(packet.sourceHigh, packet.sourceLow);
            destinationHash = AddressHash.of(packet.destinationHigh, packet.destinationLow);
            openingSyn =
                    packet.protocol == Protocol.TCP
                            && !packet.fragment
                            && packet.transportLength >= TcpHeader.LENGTH
                            && TcpFlags.isOpeningSyn(
                                    TcpHeader.flags(buffer, packet.transportOffset));
        } else {
            sourceHash = 0;
            destinationHash = 0;
            openingSyn = false;
        }
    }
}
