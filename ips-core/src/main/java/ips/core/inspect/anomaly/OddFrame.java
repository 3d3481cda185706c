package ips.core.inspect.anomaly;

import ips.core.packet.Packet;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** The bytes of a frame whose headers are walked, and what was found odd about them so far. */
final class OddFrame {
    private final long[] events;
    private final HeaderOptions options = new HeaderOptions();
    private DirectBuffer buffer;
    private boolean unaddressed;
    private boolean invalid;

    /** Protocol of the innermost header reached, or -1. */
    int transport;

    /**
     * @param events where the bits of {@link DecodeEvent} go, two words
     */
    OddFrame(long[] events) {
        this.events = events;
    }

    void begin(Packet packet) {
        buffer = packet.frame();
        events[0] = 0;
        events[1] = 0;
        unaddressed = false;
        invalid = false;
        transport = -1;
    }

    boolean unaddressed() {
        return unaddressed;
    }

    boolean invalid() {
        return invalid;
    }

    void note(DecodeEvent event) {
        events[event.ordinal() >> 6] |= 1L << event.ordinal();
    }

    /** The frame is so broken that nothing else is worth asking about. */
    void broken(DecodeEvent event) {
        note(event);
        invalid = true;
    }

    /** Not even its addresses can be read. */
    void headless(DecodeEvent event) {
        broken(event);
        unaddressed = true;
    }

    int u8(int at) {
        return buffer.getByte(at) & 0xff;
    }

    int u16(int at) {
        return buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    /** The options from a place on; good until the next are asked for. */
    HeaderOptions options(int from, int end) {
        options.begin(buffer, from, end);
        return options;
    }
}
