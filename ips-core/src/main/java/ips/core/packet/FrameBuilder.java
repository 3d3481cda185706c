package ips.core.packet;

import ips.core.ColdPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes frames for tests and traffic generators: from the transport header outwards, with all
 * lengths and checksums right unless told otherwise.
 *
 * <pre>{@code
 * byte[] frame = FrameBuilder.tcp("192.0.2.1", 40000, "198.51.100.2", 80)
 *         .flags(TcpFlags.SYN).seq(1).vlan(7).build();
 * }</pre>
 *
 * <p>The version of IP follows from the addresses. A builder can build again after changes; it is
 * no part of the hot path.
 */
@ColdPath
public final class FrameBuilder {
    private static final int DEFAULT_WINDOW = 64_240;

    private final FrameLink link = new FrameLink();
    private final FrameIp ip;
    private boolean bare = true;
    private int sourcePort;
    private int destinationPort;
    private byte[] payload = {};

    private boolean wrongChecksum;
    private boolean noChecksum;

    private int tcpFlags = TcpFlags.ACK;
    private int sequence;
    private int acknowledgment;
    private int window = DEFAULT_WINDOW;
    private int urgentPointer;
    private byte[] tcpOptions = {};
    private int dataOffset = -1;
    private int udpLength = -1;
    private int icmpType;
    private int icmpCode;
    private int icmpId;
    private int icmpSequence;

    private FrameBuilder(FrameIp ip) {
        this.ip = ip;
    }

    /** A TCP segment with ACK set, sequence and acknowledgment number 0. */
    public static FrameBuilder tcp(String source, int sourcePort, String destination, int port) {
        return tcp(IpAddress.parse(source), sourcePort, IpAddress.parse(destination), port);
    }

    public static FrameBuilder tcp(
            IpAddress source, int sourcePort, IpAddress destination, int port) {
        return ip(source, destination, Protocol.TCP).withHeader().ports(sourcePort, port);
    }

    public static FrameBuilder udp(String source, int sourcePort, String destination, int port) {
        return udp(IpAddress.parse(source), sourcePort, IpAddress.parse(destination), port);
    }

    public static FrameBuilder udp(
            IpAddress source, int sourcePort, IpAddress destination, int port) {
        return ip(source, destination, Protocol.UDP).withHeader().ports(sourcePort, port);
    }

    /** An echo request with identifier and sequence number 1: ICMP, or ICMPv6 by the addresses. */
    public static FrameBuilder icmp(String source, String destination) {
        return icmp(IpAddress.parse(source), IpAddress.parse(destination));
    }

    public static FrameBuilder icmp(IpAddress source, IpAddress destination) {
        boolean four = source.isIpv4();
        return ip(source, destination, four ? Protocol.ICMP : Protocol.ICMPV6)
                .withHeader()
                .icmpType(four ? IcmpHeader.ECHO_REQUEST : IcmpHeader.V6_ECHO_REQUEST, 0)
                .icmpEcho(1, 1);
    }

    /** An IP packet of any protocol; the payload is all that follows the IP header. */
    public static FrameBuilder ip(String source, String destination, int protocol) {
        return ip(IpAddress.parse(source), IpAddress.parse(destination), protocol);
    }

    public static FrameBuilder ip(IpAddress source, IpAddress destination, int protocol) {
        return new FrameBuilder(new FrameIp(source, destination, protocol));
    }

    private FrameBuilder withHeader() {
        bare = false;
        return this;
    }

    // Transport.

    public FrameBuilder ports(int source, int destination) {
        sourcePort = source;
        destinationPort = destination;
        return this;
    }

    /** See {@link TcpFlags}; all eight bits. */
    public FrameBuilder flags(int flags) {
        tcpFlags = flags;
        return this;
    }

    public FrameBuilder seq(int number) {
        sequence = number;
        return this;
    }

    /** The acknowledgment number; the ACK flag is left as it is. */
    public FrameBuilder ack(int number) {
        acknowledgment = number;
        return this;
    }

    public FrameBuilder window(int bytes) {
        window = bytes;
        return this;
    }

    public FrameBuilder urgent(int pointer) {
        urgentPointer = pointer;
        return this;
    }

    /** TCP options as they are, filled up with zeros to a multiple of four bytes. */
    public FrameBuilder tcpOptions(int... bytes) {
        tcpOptions = padded(bytes(bytes));
        return this;
    }

    /** The options of an ordinary SYN: maximum segment size and window scale. */
    public FrameBuilder synOptions(int maximumSegmentSize, int windowScale) {
        return tcpOptions(
                TcpHeader.OPTION_MSS,
                4,
                maximumSegmentSize >>> 8,
                maximumSegmentSize & 0xff,
                TcpHeader.OPTION_NOP,
                TcpHeader.OPTION_WINDOW_SCALE,
                3,
                windowScale);
    }

    /** Another data offset than the right one, in bytes. */
    public FrameBuilder dataOffset(int bytes) {
        dataOffset = bytes;
        return this;
    }

    /** Another UDP length than the right one. */
    public FrameBuilder udpLength(int bytes) {
        udpLength = bytes;
        return this;
    }

    public FrameBuilder icmpType(int type, int code) {
        icmpType = type;
        icmpCode = code;
        return this;
    }

    /** Identifier and sequence number of an echo; bytes 4 to 7 of any other message. */
    public FrameBuilder icmpEcho(int id, int sequence) {
        icmpId = id;
        icmpSequence = sequence;
        return this;
    }

    /** The payload of an ICMP error: the header and {@code bytes} of payload of another packet. */
    public FrameBuilder quoting(FrameBuilder other, int bytes) {
        byte[] quoted = other.buildIp();
        int header = other.ip.headerLength();
        return icmpEcho(0, 0)
                .payload(Arrays.copyOf(quoted, Math.min(quoted.length, header + bytes)));
    }

    public FrameBuilder payload(byte[] bytes) {
        payload = bytes.clone();
        return this;
    }

    /** As ISO 8859-1: one byte a character. */
    public FrameBuilder payload(String text) {
        return payload(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A TCP, UDP or ICMP checksum that is off by one. */
    public FrameBuilder wrongChecksum() {
        wrongChecksum = true;
        return this;
    }

    /** A transport checksum of 0. */
    public FrameBuilder noChecksum() {
        noChecksum = true;
        return this;
    }

    // IP.

    public FrameBuilder ttl(int hops) {
        ip.ttl = hops;
        return this;
    }

    public FrameBuilder trafficClass(int value) {
        ip.trafficClass = value;
        return this;
    }

    public FrameBuilder id(int value) {
        ip.identification = value;
        return this;
    }

    public FrameBuilder dontFragment() {
        ip.dontFragment = true;
        return this;
    }

    /**
     * Makes it a fragment that says to begin at {@code offsetBytes}; of the content nothing is
     * changed. See {@link #fragments} for an honest packet in pieces.
     */
    public FrameBuilder fragment(int offsetBytes, boolean more) {
        ip.fragmentOffset = offsetBytes;
        ip.moreFragments = more;
        return this;
    }

    /** IPv4 options as they are, filled up with zeros to a multiple of four bytes. */
    public FrameBuilder ipOptions(int... bytes) {
        ip.options = padded(bytes(bytes));
        return this;
    }

    /**
     * Adds an IPv6 extension header; its first two bytes are made here.
     *
     * @param kind see {@link Protocol}
     * @param body what follows the length byte: 6 bytes, 14, 22 and so on
     */
    public FrameBuilder extension(int kind, byte[] body) {
        ip.extensions.add(new FrameIp.Extension(kind, body.clone()));
        return this;
    }

    /** Another version than the right one in the IP header's first nibble. */
    public FrameBuilder ipVersion(int value) {
        ip.version = value;
        return this;
    }

    /** Another IPv4 header length than the right one, in bytes. */
    public FrameBuilder headerLength(int bytes) {
        ip.headerLength = bytes;
        return this;
    }

    /** Another total length (IPv4) or payload length (IPv6) than the right one. */
    public FrameBuilder totalLength(int bytes) {
        ip.totalLength = bytes;
        return this;
    }

    public FrameBuilder wrongIpChecksum() {
        ip.wrongChecksum = true;
        return this;
    }

    // Tunnels: the builder returned is the outer packet's.

    /** IP in IP, either version in either. */
    public FrameBuilder inIp(String outerSource, String outerDestination) {
        int inner = ip.isIpv4() ? Protocol.IPIP : Protocol.IPV6;
        return ip(outerSource, outerDestination, inner).payload(buildIp());
    }

    public FrameBuilder inGre(String outerSource, String outerDestination) {
        ByteBuffer bytes = ByteBuffer.allocate(GreHeader.LENGTH + buildIp().length);
        bytes.putShort((short) 0).putShort((short) etherType()).put(buildIp());
        return ip(outerSource, outerDestination, Protocol.GRE).payload(bytes.array());
    }

    /** The frame as it is, Ethernet header and tags included. */
    public FrameBuilder inVxlan(String outerSource, String outerDestination, int identifier) {
        byte[] frame = build();
        ByteBuffer bytes = ByteBuffer.allocate(VxlanHeader.LENGTH + frame.length);
        bytes.putInt(0x0800_0000).putInt(identifier << 8).put(frame);
        return udp(outerSource, 49_152, outerDestination, VxlanHeader.PORT)
                .payload(bytes.array())
                .noChecksum();
    }

    // Link layer; Ethernet unless told otherwise.

    /** The link layer: tags, cooked captures, raw IP. */
    public FrameBuilder link(Consumer<FrameLink> settings) {
        settings.accept(link);
        return this;
    }

    /** A tag of 802.1Q; called twice, the first is the outer one. */
    public FrameBuilder vlan(int id) {
        link.vlan(id);
        return this;
    }

    /** Two tags, the outer one of 802.1ad. */
    public FrameBuilder qinq(int outer, int inner) {
        link.qinq(outer, inner);
        return this;
    }

    /** The link type to say with the frame, see {@link LinkType}. */
    public int linkType() {
        return link.linkType();
    }

    /** The frame. */
    public byte[] build() {
        return link.frame(etherType(), buildIp());
    }

    /** The frame in a buffer of its own. */
    public FrameBuffer buildBuffer() {
        return new FrameBuffer(build());
    }

    /** The IP packet without the link layer. */
    public byte[] buildIp() {
        return ip.packet(transport());
    }

    /**
     * The packet in fragments, in order; the identification should be set by {@link #id}.
     *
     * @param size payload bytes of each but the last, a multiple of 8
     */
    public List<byte[]> fragments(int size) {
        byte[] whole = transport();
        List<byte[]> frames = new ArrayList<>();
        for (int from = 0; from == 0 || from < whole.length; from += size) {
            int to = Math.min(whole.length, from + size);
            fragment(from, to < whole.length);
            frames.add(link.frame(etherType(), ip.packet(Arrays.copyOfRange(whole, from, to))));
        }
        ip.fragmentOffset = -1;
        return frames;
    }

    private int etherType() {
        return ip.isIpv4() ? EthernetHeader.TYPE_IPV4 : EthernetHeader.TYPE_IPV6;
    }

    /** Transport header and payload. */
    private byte[] transport() {
        if (bare) {
            return payload;
        }
        return switch (ip.protocol) {
            case Protocol.TCP -> tcpSegment();
            case Protocol.UDP -> udpDatagram();
            case Protocol.ICMP, Protocol.ICMPV6 -> icmpMessage();
            default -> payload;
        };
    }

    private byte[] tcpSegment() {
        int header = TcpHeader.LENGTH + tcpOptions.length;
        ByteBuffer bytes = ByteBuffer.allocate(header + payload.length);
        bytes.putShort((short) sourcePort).putShort((short) destinationPort);
        bytes.putInt(sequence).putInt(acknowledgment);
        bytes.put((byte) ((dataOffset >= 0 ? dataOffset : header) >>> 2 << 4)).put((byte) tcpFlags);
        bytes.putShort((short) window).putShort((short) 0).putShort((short) urgentPointer);
        bytes.put(tcpOptions).put(payload);
        return checksummed(bytes.array(), 16, true);
    }

    private byte[] udpDatagram() {
        int length = UdpHeader.LENGTH + payload.length;
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.putShort((short) sourcePort).putShort((short) destinationPort);
        bytes.putShort((short) (udpLength >= 0 ? udpLength : length)).putShort((short) 0);
        bytes.put(payload);
        return checksummed(bytes.array(), 6, true);
    }

    private byte[] icmpMessage() {
        ByteBuffer bytes = ByteBuffer.allocate(IcmpHeader.LENGTH + payload.length);
        bytes.put((byte) icmpType).put((byte) icmpCode).putShort((short) 0);
        bytes.putShort((short) icmpId).putShort((short) icmpSequence).put(payload);
        return checksummed(bytes.array(), 2, ip.protocol == Protocol.ICMPV6);
    }

    private byte[] checksummed(byte[] bytes, int at, boolean withPseudoHeader) {
        if (noChecksum) {
            return bytes;
        }
        long sum = Checksum.sum(new FrameBuffer(bytes), 0, bytes.length);
        if (withPseudoHeader) {
            Packet addresses = new Packet();
            addresses.sourceHigh = ip.source.high();
            addresses.sourceLow = ip.source.low();
            addresses.destinationHigh = ip.destination.high();
            addresses.destinationLow = ip.destination.low();
            sum += Checksum.pseudoHeader(addresses, ip.protocol, bytes.length);
        }
        int checksum = ~Checksum.fold(sum) & 0xffff;
        if (ip.protocol == Protocol.UDP && checksum == 0) {
            checksum = 0xffff;
        }
        ByteBuffer.wrap(bytes).putShort(at, (short) (wrongChecksum ? checksum ^ 0x0101 : checksum));
        return bytes;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] padded(byte[] bytes) {
        return Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
    }
}
