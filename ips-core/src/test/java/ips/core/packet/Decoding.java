package ips.core.packet;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.nio.charset.StandardCharsets;

/** A decoder with its counters and its packet, fed with whole frames. */
final class Decoding {
    static final long START_NS = 1_700_000_000_000_000_000L;

    /** Where frames begin; not 0, to show whether offsets are heeded everywhere. */
    static final int OFFSET = 3;

    final Counters counters = new Counters();
    final Packet packet = new Packet();
    final PacketDecoder decoder;
    private final FrameAddresses addresses = new FrameAddresses();
    private long frameNumber;
    long nowNs = START_NS;
    int flags;

    Decoding() {
        this(FragmentReassembler.Config.DEFAULTS);
    }

    Decoding(FragmentReassembler.Config fragments) {
        decoder = new PacketDecoder(true, fragments, counters);
    }

    boolean decode(FrameBuilder frame) {
        return decode(frame.build(), frame.linkType());
    }

    boolean decode(byte[] frame) {
        return decode(frame, LinkType.ETHERNET);
    }

    boolean decode(byte[] frame, int linkType) {
        return decode(frame, frame.length, linkType);
    }

    /** The first {@code capturedLength} bytes of a frame, the rest left out by the snap length. */
    boolean decodeCut(FrameBuilder frame, int capturedLength) {
        return decode(frame.build(), capturedLength, frame.linkType());
    }

    private boolean decode(byte[] frame, int capturedLength, int linkType) {
        byte[] shifted = new byte[capturedLength + OFFSET];
        System.arraycopy(frame, 0, shifted, OFFSET, capturedLength);
        FrameBuffer buffer = new FrameBuffer(shifted);
        boolean found =
                decoder.decode(
                        buffer,
                        OFFSET,
                        capturedLength,
                        frame.length,
                        linkType,
                        0,
                        flags,
                        nowNs,
                        ++frameNumber,
                        packet);
        addresses.read(buffer, OFFSET, capturedLength, frame.length, linkType);
        return found;
    }

    /** What the capture thread sees of the frame decoded last. */
    FrameAddresses addresses() {
        return addresses;
    }

    /** The payload of the packet decoded last, one byte a character. */
    String payload() {
        byte[] bytes = new byte[packet.payloadLength()];
        packet.buffer().getBytes(packet.payloadOffset(), bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    long count(Counter counter) {
        return counters.get(counter);
    }
}
