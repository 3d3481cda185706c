package ips.capture;

import ips.core.packet.FrameBuffer;
import ips.core.pipeline.FrameSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The block-structured capture file (draft-ietf-opsawg-pcapng). Sections may differ in byte order;
 * each describes its interfaces, and packet blocks name theirs. Blocks and options that say nothing
 * about frames are skipped.
 *
 * <pre>
 *  0        4              8                    length-4    length
 *  +--------+--------------+--------- ... -----+------------+
 *  |  type  | total length |  body, options    |total length|
 *  +--------+--------------+--------- ... -----+------------+
 *
 *  Enhanced packet:  interface 4 | time high 4 | time low 4 | captured 4 | on wire 4 | bytes ...
 *  Packet (old):     interface 2 | lost 2 | time high 4 | time low 4 | captured 4 | on wire 4 | ...
 *  Simple packet:    on wire 4 | bytes ...
 *  Section header:   1a2b3c4d | major 2 | minor 2 | section length 8 | options
 *  Interface:        link type 2 | 0 2 | snap length 4 | options
 *  Statistics:       interface 4 | time 8 | options
 * </pre>
 *
 * A frame without a usable time has the time of the frame before it.
 */
final class PcapngReader extends FormatReader {
    static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE = 1;
    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int SECTION_HEADER_BYTES = 28;
    private static final int PACKET_HEADER_BYTES = 28;
    private static final int SIMPLE_PACKET_HEADER_BYTES = 12;
    private static final int STATISTICS_HEADER_BYTES = 20;
    private static final int TRAILER_BYTES = 4;

    private final PcapngInterfaces interfaces;
    private long lastNs;
    private int frames;

    /**
     * @param input at the first block, whose type has been looked at
     * @param firstInterface the index of this file's first interface
     */
    PcapngReader(BlockInput input, Warnings warnings, String name, int firstInterface) {
        super(input, warnings);
        interfaces = new PcapngInterfaces(name, firstInterface);
    }

    /** Whether the bytes of a first section header are those of one, as far as they are there. */
    static boolean isSectionHeader(ByteBuffer bytes, int offset, int length) {
        if (bytes.getInt(offset) != SECTION_HEADER) { // the same in either order
            return false;
        }
        if (length < 12) {
            return true;
        }
        int magic = bytes.getInt(offset + 8);
        return magic == BYTE_ORDER_MAGIC || Integer.reverseBytes(magic) == BYTE_ORDER_MAGIC;
    }

    @Override
    List<String> interfaces() {
        return interfaces.names();
    }

    @Override
    int records(FrameSink sink, int limit) throws IOException {
        frames = 0;
        while (frames < limit && !ended()) {
            if (!available(sink, 12, frames)) {
                break;
            }
            int type = input.bytes().getInt(input.position());
            if (type == SECTION_HEADER && !orderKnown()) {
                sink.lost(1, false);
                broken("a section header without a byte order");
                break;
            }
            long total = input.bytes().getInt(input.position() + 4) & 0xffff_ffffL;
            if (total < 12) {
                sink.lost(1, false);
                broken("a block claims " + total + " bytes");
                break;
            }
            if (!block(sink, type, (total + 3) & ~3L)) {
                break;
            }
        }
        return frames;
    }

    /** Takes one whole block; false when that must wait or the file has ended. */
    private boolean block(FrameSink sink, int type, long total) throws IOException {
        return switch (type) {
            case ENHANCED_PACKET, PACKET -> packet(sink, type, total);
            case SIMPLE_PACKET -> simplePacket(sink, total);
            case INTERFACE -> describeInterface(sink, total);
            case STATISTICS -> statistics(sink, total);
            case SECTION_HEADER -> beginSection(sink, total);
            default -> pass(sink, total);
        };
    }

    private boolean packet(FrameSink sink, int type, long total) throws IOException {
        if (total < PACKET_HEADER_BYTES + TRAILER_BYTES) {
            return skipFrame(sink, total, "a packet block of only " + total + " bytes");
        }
        if (!available(sink, PACKET_HEADER_BYTES, frames)) {
            return false;
        }
        ByteBuffer bytes = input.bytes();
        int captured = bytes.getInt(input.position() + 20);
        if (captured < 0 || captured > total - PACKET_HEADER_BYTES - TRAILER_BYTES) {
            return skipFrame(
                    sink,
                    total,
                    "a packet block claims " + Integer.toUnsignedString(captured) + " bytes");
        }
        if (captured > MAX_FRAME_BYTES) {
            return skipFrame(sink, total, "a frame of " + captured + " bytes");
        }
        if (!available(sink, PACKET_HEADER_BYTES + captured, frames)) {
            return false;
        }
        int start = input.position();
        int id =
                type == ENHANCED_PACKET
                        ? bytes.getInt(start + 8)
                        : bytes.getShort(start + 8) & 0xffff;
        if (!interfaces.isKnown(id)) {
            return skipFrame(
                    sink,
                    total,
                    "a packet of an interface that is not described ("
                            + Integer.toUnsignedString(id)
                            + ")");
        }
        long time = (long) bytes.getInt(start + 12) << 32 | bytes.getInt(start + 16) & 0xffff_ffffL;
        long timeNs = interfaces.timeNs(id, time);
        if (timeNs >= 0) {
            lastNs = timeNs;
        }
        int wire = Math.max(captured, bytes.getInt(start + 24));
        hand(sink, start + PACKET_HEADER_BYTES, captured, wire, id);
        return pass(sink, total);
    }

    private boolean simplePacket(FrameSink sink, long total) throws IOException {
        if (total < SIMPLE_PACKET_HEADER_BYTES + TRAILER_BYTES || !interfaces.isKnown(0)) {
            return skipFrame(sink, total, "a simple packet block that cannot be read");
        }
        if (!available(sink, SIMPLE_PACKET_HEADER_BYTES, frames)) {
            return false;
        }
        long wire = input.bytes().getInt(input.position() + 8) & 0xffff_ffffL;
        long there = total - SIMPLE_PACKET_HEADER_BYTES - TRAILER_BYTES;
        long captured = Math.min(Math.min(wire, interfaces.snapLength(0)), there);
        if (captured > MAX_FRAME_BYTES) {
            return skipFrame(sink, total, "a frame of " + captured + " bytes");
        }
        if (!available(sink, SIMPLE_PACKET_HEADER_BYTES + (int) captured, frames)) {
            return false;
        }
        int start = input.position() + SIMPLE_PACKET_HEADER_BYTES;
        int onWire = (int) Math.min(wire, Integer.MAX_VALUE);
        hand(sink, start, (int) captured, onWire, 0);
        return pass(sink, total);
    }

    private void hand(FrameSink sink, int offset, int captured, int wire, int id) {
        FrameBuffer buffer = input.frames();
        frames++;
        sink.frame(
                lastNs,
                buffer,
                offset,
                captured,
                wire,
                interfaces.linkType(id),
                interfaces.index(id),
                0);
    }

    private boolean describeInterface(FrameSink sink, long total) throws IOException {
        int there = (int) Math.min(total, MAX_FRAME_BYTES);
        if (!available(sink, there, frames)) {
            return false;
        }
        if (total < 20) {
            broken("an interface block of only " + total + " bytes");
            return false;
        }
        interfaces.add(input.bytes(), input.position(), there - TRAILER_BYTES);
        warnings.linkType(interfaces.latestLinkType());
        return pass(sink, total);
    }

    /** What the capturing program says it lost is no frame of this file, but worth a sentence. */
    private boolean statistics(FrameSink sink, long total) throws IOException {
        int there = (int) Math.min(total, MAX_FRAME_BYTES);
        if (!available(sink, there, frames)) {
            return false;
        }
        int start = input.position();
        if (there >= STATISTICS_HEADER_BYTES + TRAILER_BYTES) {
            int id = input.bytes().getInt(start + 8);
            int end = start + there - TRAILER_BYTES;
            long lost = PcapngOptions.lost(input.bytes(), start + STATISTICS_HEADER_BYTES, end);
            if (lost > 0 && interfaces.isKnown(id)) {
                warnings.add(
                        "%,d frames of %s were lost when it was captured"
                                .formatted(lost, interfaces.name(id)));
            }
        }
        return pass(sink, total);
    }

    private boolean beginSection(FrameSink sink, long total) throws IOException {
        if (total < SECTION_HEADER_BYTES) {
            broken("a section header of only " + total + " bytes");
            return false;
        }
        interfaces.beginSection();
        return pass(sink, total);
    }

    /** Sets the byte order by the section header at the input's position. */
    private boolean orderKnown() {
        ByteBuffer bytes = input.bytes();
        int magic = bytes.getInt(input.position() + 8);
        if (magic == BYTE_ORDER_MAGIC) {
            return true;
        }
        if (magic != Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
            return false;
        }
        bytes.order(
                bytes.order() == ByteOrder.BIG_ENDIAN
                        ? ByteOrder.LITTLE_ENDIAN
                        : ByteOrder.BIG_ENDIAN);
        return true;
    }

    private boolean skipFrame(FrameSink sink, long total, String why) throws IOException {
        warnings.add("%s at byte %d; it is skipped".formatted(why, input.offset()));
        sink.lost(1, false);
        return pass(sink, total);
    }

    /** Passes over the block at the input's position. */
    private boolean pass(FrameSink sink, long total) throws IOException {
        if (input.remaining() >= total) {
            input.advance((int) total);
            return true;
        }
        if (input.skip(total)) {
            return true;
        }
        cutShort();
        return false;
    }
}
