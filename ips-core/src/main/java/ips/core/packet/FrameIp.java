package ips.core.packet;

import ips.core.ColdPath;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The IP header of {@link FrameBuilder}, with the lies it is told to tell: -1 where a length is to
 * be the right one.
 */
@ColdPath
final class FrameIp {
    record Extension(int kind, byte[] body) {}

    final IpAddress source;
    final IpAddress destination;
    final int protocol;
    final List<Extension> extensions = new ArrayList<>();
    int ttl = 64;
    int trafficClass;
    int identification;
    boolean dontFragment;
    int fragmentOffset = -1;
    boolean moreFragments;
    byte[] options = {};
    int version;
    int headerLength = -1;
    int totalLength = -1;
    boolean wrongChecksum;

    FrameIp(IpAddress source, IpAddress destination, int protocol) {
        if (source.isIpv4() != destination.isIpv4()) {
            throw new IllegalArgumentException(source + " and " + destination);
        }
        this.source = source;
        this.destination = destination;
        this.protocol = protocol;
        version = source.isIpv4() ? 4 : 6;
    }

    boolean isIpv4() {
        return source.isIpv4();
    }

    /** Without extensions. */
    int headerLength() {
        return version == 4 ? Ipv4Header.LENGTH + options.length : Ipv6Header.LENGTH;
    }

    /** The packet that holds {@code content}. */
    byte[] packet(byte[] content) {
        return isIpv4() ? ipv4Packet(content) : ipv6Packet(content);
    }

    private byte[] ipv4Packet(byte[] content) {
        int header = Ipv4Header.LENGTH + options.length;
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
        bytes.put(source.bytes()).put(destination.bytes()).put(options).put(content);
        int checksum = ~Checksum.fold(Checksum.sum(new FrameBuffer(bytes), 0, header));
        bytes.putShort(10, (short) (wrongChecksum ? checksum ^ 0x0101 : checksum));
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
}
