package ips.core.packet;

import ips.core.ColdPath;
import org.agrona.DirectBuffer;

/**
 * The decoded packet of one frame: filled by {@link PacketDecoder}, read by everyone behind it.
 *
 * <p>Each worker owns one and uses it again for every frame, so nothing may keep it, its buffer or
 * an offset into it beyond the call it was handed to. All offsets point into {@link #buffer} and
 * every length has been checked against the captured bytes: {@code payloadOffset + payloadLength}
 * never lies behind the buffer's end. For a packet reassembled from fragments the buffer is the
 * reassembler's, otherwise it is the frame's. For a tunnelled packet the fields are the innermost
 * packet's.
 */
public final class Packet {
    /** By IPv4's total length, and by IPv6's payload length without its first header. */
    static final int LONGEST_IP_PACKET = 65_535;

    // Filled by PacketDecoder in this package; plain fields, for they are read many times a frame.
    // To be filled is what costs most, so some are left stale and their accessors say when: those
    // of a fragment, of TCP, of ICMP and of IPv6 alone.
    DirectBuffer buffer;
    long frameNumber;
    long timestampNs;
    int frameOffset;
    int capturedLength;
    int wireLength;
    int linkType;
    int interfaceIndex;
    int frameFlags;
    int vlanCount;
    int linkHeaders; // on the way to the IP header: FrameWalk
    int outerVlan;
    int innerVlan;
    int tunnelDepth;
    int ipVersion;
    int ipOffset;
    int ipTotalLength;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int protocol;
    int ttl;
    int trafficClass;
    boolean fragment;
    boolean moreFragments;
    int fragmentOffset;
    int fragmentEnd;
    int identification;
    boolean reassembled;
    boolean routed;
    int transportOffset;
    int transportLength;
    int sourcePort;
    int destinationPort;
    int payloadOffset;
    int payloadLength;
    int tcpFlags;
    int tcpSequence;
    int tcpAcknowledgment;
    int tcpWindow;
    int icmpType;
    int icmpCode;
    int icmpId;
    int icmpSequence;
    boolean checksumWrong;
    Packet quoted;
    DirectBuffer frame;
    boolean fragmentOverlap;

    /**
     * Makes this a packet without a frame, which stands for the end of a TCP connection: addresses
     * and ports, no payload.
     */
    public void standFor(
            long frameNumber,
            long timestampNs,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long destinationHigh,
            long destinationLow,
            int destinationPort) {
        this.frameNumber = frameNumber;
        this.timestampNs = timestampNs;
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.sourcePort = sourcePort;
        this.destinationHigh = destinationHigh;
        this.destinationLow = destinationLow;
        this.destinationPort = destinationPort;
        ipVersion = IpAddress.isIpv4(sourceHigh, sourceLow) ? 4 : 6;
        protocol = Protocol.TCP;
        tcpFlags = TcpFlags.ACK;
        icmpType = -1;
    }

    /** Takes over when and in which frame another packet came. */
    void cameWith(Packet other) {
        frame = other.frame;
        frameNumber = other.frameNumber;
        timestampNs = other.timestampNs;
        frameOffset = other.frameOffset;
        capturedLength = other.capturedLength;
        wireLength = other.wireLength;
        linkType = other.linkType;
        interfaceIndex = other.interfaceIndex;
        frameFlags = other.frameFlags;
    }

    /** Makes this what another packet is without its transport header and what lies behind it. */
    public void standForHeaders(Packet other, int transport) {
        cameWith(other);
        buffer = other.buffer;
        vlanCount = other.vlanCount;
        outerVlan = other.outerVlan;
        innerVlan = other.innerVlan;
        tunnelDepth = other.tunnelDepth;
        ipVersion = other.ipVersion;
        ipOffset = other.ipOffset;
        ipTotalLength = other.ipTotalLength;
        sourceHigh = other.sourceHigh;
        sourceLow = other.sourceLow;
        destinationHigh = other.destinationHigh;
        destinationLow = other.destinationLow;
        protocol = transport;
        ttl = other.ttl;
        trafficClass = other.trafficClass;
        identification = other.identification;
        transportOffset = other.transportOffset;
        transportLength = other.transportLength;
        tcpFlags = -1;
        icmpType = -1;
    }

    /** The bytes all offsets point into. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** The bytes of the frame itself, where {@link #frameOffset} points into. */
    public DirectBuffer frame() {
        return frame;
    }

    /** Whether the frame is a fragment that overlaps others, or contradicts their end. */
    public boolean fragmentOverlap() {
        return fragmentOverlap;
    }

    /** The frame's number in the order of capture, from 1. */
    public long frameNumber() {
        return frameNumber;
    }

    /**
     * The frame's time in nanoseconds since 1970, never running back but for {@code TIME_SET_BACK}.
     */
    public long timestampNs() {
        return timestampNs;
    }

    /** Where the link-layer header begins (in the frame's own buffer). */
    public int frameOffset() {
        return frameOffset;
    }

    /** Bytes of the frame that were captured. */
    public int capturedLength() {
        return capturedLength;
    }

    /** Bytes the frame had on the wire. */
    public int wireLength() {
        return wireLength;
    }

    /** See {@link LinkType}. */
    public int linkType() {
        return linkType;
    }

    /** Index of the interface among those of the frame source, from 0. */
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /** Number of 802.1Q or 802.1ad tags. */
    public int vlanCount() {
        return vlanCount;
    }

    /** VLAN id of the outer tag, or -1. */
    public int outerVlan() {
        return vlanCount > 0 ? outerVlan : -1;
    }

    /** VLAN id of the second tag, or -1. */
    public int innerVlan() {
        return vlanCount > 1 ? innerVlan : -1;
    }

    /** How many tunnels were taken off. */
    public int tunnelDepth() {
        return tunnelDepth;
    }

    /** 4, 6, or 0 where the frame holds no readable IP header. */
    public int ipVersion() {
        return ipVersion;
    }

    public int ipOffset() {
        return ipOffset;
    }

    /** Bytes from {@link #ipOffset} to the transport header, extension headers included. */
    public int ipHeaderLength() {
        return transportOffset - ipOffset;
    }

    /** Bytes of the whole IP packet by its own header, captured or not. */
    public int ipTotalLength() {
        return ipTotalLength;
    }

    /** See {@link IpAddress#high}. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** See {@link IpAddress#low}. */
    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /** The source as a value; allocates, for use at {@code VerdictSink.raise} only. */
    @ColdPath
    public IpAddress source() {
        return new IpAddress(sourceHigh, sourceLow);
    }

    /** The destination as a value; allocates, for use at {@code VerdictSink.raise} only. */
    @ColdPath
    public IpAddress destination() {
        return new IpAddress(destinationHigh, destinationLow);
    }

    /** The transport protocol, behind all extension headers; see {@link Protocol}. */
    public int protocol() {
        return protocol;
    }

    /** Time to live, or hop limit. */
    public int ttl() {
        return ttl;
    }

    /** Type of service, or traffic class. */
    public int trafficClass() {
        return trafficClass;
    }

    /**
     * Whether this is one fragment of a packet that is not complete (yet). It has no ports and no
     * payload; the packet that completes it comes as {@link #reassembled}.
     */
    public boolean fragment() {
        return fragment;
    }

    /** Where this fragment's bytes belong in the whole packet's payload; 0 where there are none. */
    public int fragmentOffset() {
        return fragment ? fragmentOffset : 0;
    }

    /**
     * Where this fragment ends in the whole packet's payload by its own header, captured or not; 0
     * for a packet that is no fragment.
     */
    public int fragmentEnd() {
        return fragment ? fragmentEnd : 0;
    }

    /** Whether a fragment ends behind the longest packet IP allows, as a ping of death does. */
    public boolean fragmentOversized() {
        int header = ipVersion == 4 ? ipHeaderLength() : 0;
        return fragment && fragmentEnd + header > LONGEST_IP_PACKET;
    }

    /** Whether a fragment says that more follow it. */
    public boolean moreFragments() {
        return fragment && moreFragments;
    }

    /** IPv4: the identification field; IPv6: that of the fragment header, otherwise 0. */
    public int identification() {
        return identification;
    }

    /** Whether bytes of the IP packet are missing: cut by the snap length, or never sent. */
    public boolean incomplete() {
        return transportOffset + transportLength < ipOffset + ipTotalLength;
    }

    /** Whether this packet was reassembled from fragments, the last of which is this frame. */
    public boolean reassembled() {
        return reassembled;
    }

    public int transportOffset() {
        return transportOffset;
    }

    /** Captured bytes from {@link #transportOffset} to the end of the IP packet. */
    public int transportLength() {
        return transportLength;
    }

    /** Source port of TCP, UDP or SCTP, otherwise 0; 0 too where the header was cut short. */
    public int sourcePort() {
        return sourcePort;
    }

    /** Destination port of TCP, UDP or SCTP, otherwise 0; 0 too where the header was cut short. */
    public int destinationPort() {
        return destinationPort;
    }

    public int payloadOffset() {
        return payloadOffset;
    }

    /** Captured bytes behind the transport header. */
    public int payloadLength() {
        return payloadLength;
    }

    /** All eight control bits, see {@link TcpFlags}; -1 where there is no whole TCP header. */
    public int tcpFlags() {
        return tcpFlags;
    }

    public int tcpSequence() {
        return tcpSequence;
    }

    public int tcpAcknowledgment() {
        return tcpFlags >= 0 ? tcpAcknowledgment : 0;
    }

    /** The window field, not scaled. */
    public int tcpWindow() {
        return tcpFlags >= 0 ? tcpWindow : 0;
    }

    /** Type of an ICMP or ICMPv6 message; -1 where there is none. */
    public int icmpType() {
        return icmpType;
    }

    public int icmpCode() {
        return icmpType >= 0 ? icmpCode : 0;
    }

    /** Identifier of an echo request or reply, otherwise 0. */
    public int icmpId() {
        return icmpType >= 0 ? icmpId : 0;
    }

    /** Sequence number of an echo request or reply, otherwise 0. */
    public int icmpSequence() {
        return icmpType >= 0 ? icmpSequence : 0;
    }

    /** Whether a checksum of the IP or transport header was computed and found wrong. */
    public boolean checksumWrong() {
        return checksumWrong;
    }

    /**
     * The start of the packet an ICMP error quotes (RFC 792, RFC 4443 §3), decoded as far as it
     * goes, or null. Its addresses, protocol and ports are set; it has no payload.
     */
    public Packet quoted() {
        return quoted;
    }

    public boolean isTcp() {
        return tcpFlags >= 0;
    }

    /** Whether there is a whole UDP header. */
    public boolean isUdp() {
        return protocol == Protocol.UDP && !fragment && payloadOffset > 0;
    }

    /** Whether it is SCTP with a whole header. */
    public boolean isSctp() {
        return protocol == Protocol.SCTP && !fragment && payloadOffset > 0;
    }

    public boolean isIcmp() {
        return icmpType >= 0;
    }
}
