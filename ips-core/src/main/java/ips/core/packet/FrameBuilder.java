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

    private record Extension(int kind, byte[] body) {}

    private final FrameLink link = new FrameLink();
    private final List<Extension> extensions = new ArrayList<>();
    private final IpAddress source;
    private final IpAddress destination;
    private final int protocol;
    private boolean bare = true;
    private int sourcePort;
    private int destinationPort;
    private byte[] payload = {};

    private int ttl = 64;
    private int trafficClass;
    private int identification;
    private boolean dontFragment;
    private int fragmentOffset = -1;
    private boolean moreFragments;
    private byte[] ipOptions = {};
    private int version;
    private int headerLength = -1;
    private int totalLength = -1;
    private boolean wrongIpChecksum;
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

    private FrameBuilder(IpAddress source, IpAddress destination, int protocol) {
        if (source.isIpv4() != destination.isIpv4()) {
            throw new IllegalArgumentException(source + " and " + destination);
        }
        this.source = source;
        this.destination = destination;
        this.protocol = protocol;
        version = source.isIpv4() ? 4 : 6;
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
        return new FrameBuilder(source, destination, protocol);
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
        int header = other.version == 4 ? Ipv4Header.LENGTH + other.ipOptions.length : 40;
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
        ttl = hops;
        return this;
    }

    public FrameBuilder trafficClass(int value) {
        trafficClass = value;
        return this;
    }

    public FrameBuilder id(int value) {
        identification = value;
        return this;
    }

    public FrameBuilder dontFragment() {
        dontFragment = true;
        return this;
    }

    /**
     * Makes it a fragment that says to begin at {@code offsetBytes}; of the content nothing is
     * changed. See {@link #fragments} for an honest packet in pieces.
     */
    public FrameBuilder fragment(int offsetBytes, boolean more) {
        fragmentOffset = offsetBytes;
        moreFragments = more;
        return this;
    }

    /** IPv4 options as they are, filled up with zeros to a multiple of four bytes. */
    public FrameBuilder ipOptions(int... bytes) {
        ipOptions = padded(bytes(bytes));
        return this;
    }

    /**
     * Adds an IPv6 extension header; its first two bytes are made here.
     *
     * @param kind see {@link Protocol}
     * @param body what follows the length byte: 6 bytes, 14, 22 and so on
     */
    public FrameBuilder extension(int kind, byte[] body) {
        extensions.add(new Extension(kind, body.clone()));
        return this;
    }

    /** Another version than the right one in the IP header's first nibble. */
    public FrameBuilder ipVersion(int value) {
        version = value;
        return this;
    }

    /** Another IPv4 header length than the right one, in bytes. */
    public FrameBuilder headerLength(int bytes) {
        headerLength = bytes;
        return this;
    }

    /** Another total length (IPv4) or payload length (IPv6) than the right one. */
    public FrameBuilder totalLength(int bytes) {
        totalLength = bytes;
        return this;
    }

    public FrameBuilder wrongIpChecksum() {
        wrongIpChecksum = true;
        return this;
    }

    // Tunnels: the builder returned is the outer packet's.

    /** IP in IP, either version in either. */
    public FrameBuilder inIp(String outerSource, String outerDestination) {
        int inner = source.isIpv4() ? Protocol.IPIP : Protocol.IPV6;
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
        return ipPacket(transport());
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
            frames.add(link.frame(etherType(), ipPacket(Arrays.copyOfRange(whole, from, to))));
        }
        fragmentOffset = -1;
        return frames;
    }

    private int etherType() {
        return source.isIpv4() ? EthernetHeader.TYPE_IPV4 : EthernetHeader.TYPE_IPV6;
    }

    /** Transport header and payload. */
    private byte[] transport() {
        if (bare) {
            return payload;
        }
        return switch (protocol) {
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
        return checksummed(bytes.array(), 2, protocol == Protocol.ICMPV6);
    }

    private byte[] checksummed(byte[] bytes, int at, boolean withPseudoHeader) {
        if (noChecksum) {
            return bytes;
        }
        long sum = Checksum.sum(new FrameBuffer(bytes), 0, bytes.length);
        if (withPseudoHeader) {
            Packet addresses = new Packet();
            addresses.sourceHigh = source.high();
            addresses.sourceLow = source.low();
            addresses.destinationHigh = destination.high();
            addresses.destinationLow = destination.low();
            sum += Checksum.pseudoHeader(addresses, protocol, bytes.length);
        }
        int checksum = ~Checksum.fold(sum) & 0xffff;
        if (protocol == Protocol.UDP && checksum == 0) {
            checksum = 0xffff;
        }
        ByteBuffer.wrap(bytes).putShort(at, (short) (wrongChecksum ? checksum ^ 0x0101 : checksum));
        return bytes;
    }

    private byte[] ipPacket(byte[] content) {
        return source.isIpv4() ? ipv4Packet(content) : ipv6Packet(content);
    }

    private byte[] ipv4Packet(byte[] content) {
        int header = Ipv4Header.LENGTH + ipOptions.length;
        int total = header + content.length;
        ByteBuffer bytes = ByteBuffer.allocate(total);
        bytes.put((byte) (version << 4 | (headerLength >= 0 ? headerLength : header) >>> 2));
        bytes.put((byte) trafficClass).putShort((short) (totalLength >= 0 ? totalLength : total));
        int flagsAndOffset =
                (dontFragment ? Ipv4Header.DONT_FRAGMENT : 0)
                        | (fragmentOffset >= 0 && moreFragments ? Ipv4Header.MORE_FRAGMENTS : 0)
                        | Math.max(0, fragmentOffset) >>> 3;
        bytes.putShort((short) identification).putShort((short) flagsAndOffset);
        bytes.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        bytes.put(source.bytes()).put(destination.bytes()).put(ipOptions).put(content);
        int checksum = ~Checksum.fold(Checksum.sum(new FrameBuffer(bytes), 0, header));
        bytes.putShort(10, (short) (wrongIpChecksum ? checksum ^ 0x0101 : checksum));
        return bytes.array();
    }

    private byte[] ipv6Packet(byte[] content) {
        List<Extension> chain = new ArrayList<>(extensions);
        if (fragmentOffset >= 0) {
            ByteBuffer body = ByteBuffer.allocate(6);
            body.putShort((short) (fragmentOffset | (moreFragments ? 1 : 0)));
            chain.add(new Extension(Protocol.FRAGMENT, body.putInt(identification).array()));
        }
        int length = content.length;
        for (Extension extension : chain) {
            length += 2 + extension.body.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Ipv6Header.LENGTH + length);
        bytes.putInt(version << 28 | trafficClass << 20);
        bytes.putShort((short) (totalLength >= 0 ? totalLength : length));
        bytes.put((byte) (chain.isEmpty() ? protocol : chain.get(0).kind)).put((byte) ttl);
        bytes.put(source.bytes()).put(destination.bytes());
        for (int i = 0; i < chain.size(); i++) {
            Extension extension = chain.get(i);
            int size = 2 + extension.body.length;
            bytes.put((byte) (i + 1 < chain.size() ? chain.get(i + 1).kind : protocol));
            bytes.put((byte) lengthField(extension.kind, size)).put(extension.body);
        }
        return bytes.put(content).array();
    }

    private static int lengthField(int kind, int size) {
        return switch (kind) {
            case Protocol.FRAGMENT -> 0;
            case Protocol.AUTHENTICATION -> size / 4 - 2;
            default -> size / 8 - 1;
        };
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
