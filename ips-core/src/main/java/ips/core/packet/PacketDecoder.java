package ips.core.packet;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import org.agrona.DirectBuffer;

/**
 * From the bytes of a frame to a {@link Packet}: checks every length once, counts what is cut short
 * or absurd, verifies checksums and puts fragments together. Owned by one worker; the packets it
 * fills point into the frame's buffer, or into the reassembler's.
 */
public final class PacketDecoder {
    /** Flag of {@link #decode}: checksums are vouched for, or not computed yet. */
    public static final int CHECKSUM_NOT_TO_BE_CHECKED = 1;

    private static final int ESP_LENGTH = 8; // RFC 4303 §2: what lies behind is encrypted

    private final boolean verifyChecksums;
    private final boolean shortCut;
    private final Counters counters;
    private final FragmentReassembler reassembler;
    private final Packet quoted = new Packet();
    // What a quoted packet lacks was left out by who quotes it, so it is not counted.
    private final Counters ignored = new Counters();

    /**
     * @param verifyChecksums whether to compute them; wrong ones are counted and flagged, and never
     *     a reason to skip a packet
     */
    public PacketDecoder(
            boolean verifyChecksums, FragmentReassembler.Config fragments, Counters counters) {
        this(verifyChecksums, fragments, counters, true);
    }

    /** Without the short cut every frame goes the long way, for tests that compare the two. */
    PacketDecoder(
            boolean verifyChecksums,
            FragmentReassembler.Config fragments,
            Counters counters,
            boolean shortCut) {
        this.shortCut = shortCut;
        reassembler = new FragmentReassembler(fragments, counters);
        this.verifyChecksums = verifyChecksums;
        this.counters = counters;
    }

    /** A decoder with the default room for fragments. */
    public PacketDecoder(boolean verifyChecksums, Counters counters) {
        this(verifyChecksums, FragmentReassembler.Config.DEFAULTS, counters);
    }

    /**
     * Decodes a frame as far as it can be read.
     *
     * @param offset where its link-layer header begins
     * @param capturedLength bytes there, 0 or more
     * @param wireLength bytes it had on the wire
     * @param linkType see {@link LinkType}
     * @param flags {@link #CHECKSUM_NOT_TO_BE_CHECKED} or 0; other bits are of no concern
     * @param timestampNs nanoseconds since 1970
     * @return whether the packet has addresses
     */
    public boolean decode(
            DirectBuffer buffer,
            int offset,
            int capturedLength,
            int wireLength,
            int linkType,
            int interfaceIndex,
            int flags,
            long timestampNs,
            long frameNumber,
            Packet packet) {
        if (packet.buffer != buffer) {
            packet.buffer = buffer;
        }
        packet.frameNumber = frameNumber;
        packet.timestampNs = timestampNs;
        packet.frameOffset = offset;
        packet.capturedLength = capturedLength;
        packet.wireLength = wireLength;
        packet.linkType = linkType;
        packet.interfaceIndex = interfaceIndex;
        packet.frameFlags = flags;
        packet.reassembled = false;
        packet.checksumWrong = false;
        packet.frame = buffer;
        packet.fragmentOverlap = false;
        if (linkType == LinkType.ETHERNET
                && shortCut
                && plainIpv4(buffer, offset, capturedLength, packet)) {
            return true;
        }
        if (FrameWalk.toInnermostIp(
                buffer, offset, capturedLength, wireLength, linkType, packet, counters)) {
            countOddAddresses(packet);
            if (mayVerify(packet) && packet.ipVersion == 4) {
                verifyIpv4Header(packet);
            }
            if (packet.fragment) {
                fragment(packet);
            } else {
                transport(packet);
            }
            return true;
        }
        clearAddresses(packet);
        clearTransport(packet);
        return false;
    }

    private boolean plainIpv4(DirectBuffer buffer, int offset, int capturedLength, Packet packet) {
        int result = PlainIpv4.decode(buffer, offset, capturedLength, mayVerify(packet), packet);
        if (result < 0) {
            return false;
        }
        countOddAddresses(packet);
        if (result > 0) {
            packet.checksumWrong = true;
            if ((result & PlainIpv4.IPV4_CHECKSUM_WRONG) != 0) {
                counters.increment(Counter.IPV4_CHECKSUM_WRONG);
            }
            if ((result & PlainIpv4.TRANSPORT_CHECKSUM_WRONG) != 0) {
                counters.increment(
                        packet.isTcp() ? Counter.TCP_CHECKSUM_WRONG : Counter.ICMP_CHECKSUM_WRONG);
            }
        }
        return true;
    }

    private static void clearAddresses(Packet packet) {
        packet.ipVersion = 0;
        packet.ipOffset = 0;
        packet.ipTotalLength = 0;
        packet.sourceHigh = 0;
        packet.sourceLow = 0;
        packet.destinationHigh = 0;
        packet.destinationLow = 0;
        packet.protocol = -1;
        packet.ttl = 0;
        packet.trafficClass = 0;
        packet.identification = 0;
        packet.fragment = false;
        packet.transportOffset = 0;
        packet.transportLength = 0;
    }

    static void clearTransport(Packet packet) {
        packet.sourcePort = 0;
        packet.destinationPort = 0;
        packet.payloadOffset = 0;
        packet.payloadLength = 0;
        packet.tcpFlags = -1;
        packet.tcpSequence = 0;
        packet.icmpType = -1;
        if (packet.quoted != null) {
            packet.quoted = null;
        }
    }

    private boolean mayVerify(Packet packet) {
        return verifyChecksums && (packet.frameFlags & CHECKSUM_NOT_TO_BE_CHECKED) == 0;
    }

    private void verifyIpv4Header(Packet packet) {
        int length = packet.ipHeaderLength();
        long sum =
                length == Ipv4Header.LENGTH
                        ? Checksum.sum20(packet.buffer, packet.ipOffset)
                        : Checksum.sum(packet.buffer, packet.ipOffset, length);
        judge(sum, Counter.IPV4_CHECKSUM_WRONG, packet);
    }

    private void countOddAddresses(Packet packet) {
        if (packet.ipVersion == 4) {
            int source = (int) packet.sourceLow;
            int destination = (int) packet.destinationLow;
            // 224.0.0.0/4 is multicast, all ones is broadcast.
            if (source >>> 28 == 0xe || source == -1) {
                counters.increment(Counter.SOURCE_IS_MULTICAST);
            } else if (source == destination && source >>> 24 != 127) {
                counters.increment(Counter.SOURCE_IS_DESTINATION);
            } else if (source >>> 24 == 127 && destination >>> 24 != 127) {
                counters.increment(Counter.SOURCE_IS_LOOPBACK);
            }
        } else {
            countOddIpv6(packet);
        }
    }

    private void countOddIpv6(Packet packet) {
        boolean fromLoopback = packet.sourceHigh == 0 && packet.sourceLow == 1;
        boolean same =
                packet.sourceHigh == packet.destinationHigh
                        && packet.sourceLow == packet.destinationLow;
        if (packet.sourceHigh >>> 56 == 0xff) {
            counters.increment(Counter.SOURCE_IS_MULTICAST);
        } else if (same && !fromLoopback) {
            counters.increment(Counter.SOURCE_IS_DESTINATION);
        } else if (fromLoopback && !same) {
            counters.increment(Counter.SOURCE_IS_LOOPBACK);
        }
    }

    /** A fragment may complete a packet that is itself a fragment, inside a tunnel. */
    private void fragment(Packet packet) {
        while (packet.fragment && reassembler.add(packet)) {
            packet.buffer = reassembler.output();
            FrameWalk.fromIp(packet.buffer, 0, reassembler.outputLength(), packet, counters);
        }
        if (packet.fragment) {
            clearTransport(packet);
        } else {
            packet.reassembled = true;
            transport(packet);
        }
    }

    /** Counts a transport header cut short, unless it was counted when the IP packet was. */
    private void cutShort(Counter counter, Packet packet) {
        if (!packet.incomplete()) {
            counters.increment(counter);
        }
    }

    private void transport(Packet packet) {
        switch (packet.protocol) {
            case Protocol.TCP -> tcp(packet);
            case Protocol.UDP -> udp(packet);
            case Protocol.SCTP -> sctp(packet);
            case Protocol.ICMP -> icmp(packet, packet.ipVersion == 4);
            case Protocol.ICMPV6 -> icmp(packet, packet.ipVersion == 6);
            case Protocol.ESP -> behind(ESP_LENGTH, packet);
            default -> behind(0, packet);
        }
    }

    /** The payload is all that lies behind a header of a length, nothing if that is cut short. */
    private static void behind(int headerLength, Packet packet) {
        clearTransport(packet);
        int header = Math.min(headerLength, packet.transportLength);
        packet.payloadOffset = packet.transportOffset + header;
        packet.payloadLength = packet.transportLength - header;
    }

    private void tcp(Packet packet) {
        DirectBuffer buffer = packet.buffer;
        int at = packet.transportOffset;
        int length = packet.transportLength;
        if (length < TcpHeader.LENGTH) {
            clearTransport(packet);
            cutShort(Counter.TCP_HEADER_TRUNCATED, packet);
            return;
        }
        long start = TcpHeader.start(buffer, at);
        long middle = TcpHeader.middle(buffer, at);
        int headerLength = TcpHeader.headerLength(middle);
        if (headerLength < TcpHeader.LENGTH || headerLength > length && !packet.incomplete()) {
            clearTransport(packet);
            packet.sourcePort = TcpHeader.sourcePort(start);
            packet.destinationPort = TcpHeader.destinationPort(start);
            counters.increment(Counter.TCP_BAD_OFFSET);
            return;
        }
        packet.sourcePort = TcpHeader.sourcePort(start);
        packet.destinationPort = TcpHeader.destinationPort(start);
        packet.icmpType = -1;
        if (packet.quoted != null) {
            packet.quoted = null;
        }
        packet.tcpSequence = TcpHeader.sequence(start);
        packet.tcpAcknowledgment = TcpHeader.acknowledgment(middle);
        packet.tcpFlags = TcpHeader.flags(middle);
        packet.tcpWindow = TcpHeader.window(middle);
        packet.payloadOffset = at + Math.min(headerLength, length);
        packet.payloadLength = length - Math.min(headerLength, length);
        if (mayVerifyTransport(packet)) {
            long sum = Checksum.halves(start) + Checksum.halves(middle);
            sum += Checksum.sum(buffer, at + 16, length - 16);
            sum += Checksum.pseudoHeader(packet, Protocol.TCP, length);
            judge(sum, Counter.TCP_CHECKSUM_WRONG, packet);
        }
    }

    private void udp(Packet packet) {
        clearTransport(packet);
        DirectBuffer buffer = packet.buffer;
        int at = packet.transportOffset;
        int available = packet.transportLength;
        if (available < UdpHeader.LENGTH) {
            cutShort(Counter.UDP_HEADER_TRUNCATED, packet);
            return;
        }
        packet.sourcePort = UdpHeader.sourcePort(buffer, at);
        packet.destinationPort = UdpHeader.destinationPort(buffer, at);
        packet.payloadOffset = at + UdpHeader.LENGTH;
        int length = UdpHeader.length(buffer, at);
        if (length == 0 && available > Packet.LONGEST_IP_PACKET) {
            length = available; // RFC 2675 §4
        }
        if (length < UdpHeader.LENGTH || length > available && !packet.incomplete()) {
            counters.increment(Counter.UDP_BAD_LENGTH);
            packet.payloadLength = available - UdpHeader.LENGTH;
            return;
        }
        packet.payloadLength = Math.min(length, available) - UdpHeader.LENGTH;
        if (mayVerifyTransport(packet) && UdpHeader.checksum(buffer, at) != 0) {
            long sum = Checksum.sum(buffer, at, length);
            sum += Checksum.pseudoHeader(packet, Protocol.UDP, length);
            judge(sum, Counter.UDP_CHECKSUM_WRONG, packet);
        }
    }

    /** Ports, and where the chunks begin. */
    private static void sctp(Packet packet) {
        clearTransport(packet);
        int at = packet.transportOffset;
        int length = packet.transportLength - SctpHeader.LENGTH;
        if (length >= 0) {
            packet.sourcePort = SctpHeader.sourcePort(packet.buffer, at);
            packet.destinationPort = SctpHeader.destinationPort(packet.buffer, at);
            packet.payloadOffset = at + SctpHeader.LENGTH;
            packet.payloadLength = length;
        }
    }

    private void icmp(Packet packet, boolean ofThisVersion) {
        clearTransport(packet);
        DirectBuffer buffer = packet.buffer;
        int at = packet.transportOffset;
        int length = packet.transportLength;
        if (!ofThisVersion) {
            packet.payloadOffset = at;
            packet.payloadLength = length;
            return;
        }
        if (length < IcmpHeader.LENGTH) {
            cutShort(Counter.ICMP_HEADER_TRUNCATED, packet);
            return;
        }
        int type = IcmpHeader.type(buffer, at);
        packet.icmpType = type;
        packet.icmpCode = IcmpHeader.code(buffer, at);
        int header = IcmpHeader.length(packet.protocol, type, length);
        packet.payloadOffset = at + header;
        packet.payloadLength = length - header;
        packet.icmpId = 0;
        packet.icmpSequence = 0;
        if (IcmpHeader.isRequest(packet.protocol, type)
                || IcmpHeader.isReply(packet.protocol, type)) {
            packet.icmpId = IcmpHeader.identifier(buffer, at);
            packet.icmpSequence = IcmpHeader.sequence(buffer, at);
        } else if (IcmpHeader.isError(packet.protocol, type)) {
            quote(packet);
        }
        if (mayVerifyTransport(packet)) {
            long sum = Checksum.sum(buffer, at, length);
            if (packet.ipVersion == 6) {
                sum += Checksum.pseudoHeader(packet, Protocol.ICMPV6, length);
            }
            judge(sum, Counter.ICMP_CHECKSUM_WRONG, packet);
        }
    }

    /** Not where bytes are missing, or the destination is not yet the final one. */
    private boolean mayVerifyTransport(Packet packet) {
        return mayVerify(packet)
                && !packet.incomplete()
                && !(packet.ipVersion == 6 && packet.routed);
    }

    private void judge(long sum, Counter wrong, Packet packet) {
        if (!Checksum.isRight(sum)) {
            packet.checksumWrong = true;
            counters.increment(wrong);
        }
    }

    /**
     * Reads the packet that an ICMP error is about, of which often only 8 bytes of payload came.
     */
    private void quote(Packet packet) {
        DirectBuffer buffer = packet.buffer;
        int at = packet.payloadOffset;
        int end = at + packet.payloadLength;
        quoted.vlanCount = 0;
        quoted.tunnelDepth = 0;
        boolean found =
                packet.ipVersion == 4
                        ? IpWalk.ipv4(buffer, at, end, end, quoted, ignored)
                        : IpWalk.ipv6(buffer, at, end, end, quoted, ignored);
        if (!found) {
            counters.increment(Counter.ICMP_QUOTE_UNREADABLE);
            return;
        }
        clearTransport(quoted);
        quoted.cameWith(packet);
        quoted.buffer = buffer;
        quoted.reassembled = false;
        quoted.checksumWrong = false;
        if (quoted.fragmentOffset == 0 && quoted.transportLength >= 8) {
            quoteTransport(quoted);
        }
        packet.quoted = quoted;
    }

    private static void quoteTransport(Packet quoted) {
        DirectBuffer buffer = quoted.buffer;
        int at = quoted.transportOffset;
        switch (quoted.protocol) {
            case Protocol.TCP -> {
                quoted.sourcePort = TcpHeader.sourcePort(buffer, at);
                quoted.destinationPort = TcpHeader.destinationPort(buffer, at);
                quoted.tcpSequence = TcpHeader.sequence(buffer, at);
            }
            case Protocol.UDP -> {
                quoted.sourcePort = UdpHeader.sourcePort(buffer, at);
                quoted.destinationPort = UdpHeader.destinationPort(buffer, at);
            }
            case Protocol.SCTP -> {
                quoted.sourcePort = SctpHeader.sourcePort(buffer, at);
                quoted.destinationPort = SctpHeader.destinationPort(buffer, at);
            }
            case Protocol.ICMP, Protocol.ICMPV6 -> {
                quoted.icmpType = IcmpHeader.type(buffer, at);
                quoted.icmpCode = IcmpHeader.code(buffer, at);
                quoted.icmpId = IcmpHeader.identifier(buffer, at);
                quoted.icmpSequence = IcmpHeader.sequence(buffer, at);
            }
            default -> {}
        }
    }
}
