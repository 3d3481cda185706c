package ips.core.alert;

import ips.core.verdict.AlertFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a pcapng file: a section, an interface per link type, a frame with comments. Times
 * in nanoseconds, little-endian.
 *
 * <pre>
 *  0      4        8                                          length - 4
 * +------+--------+----------- body, padded to 4 bytes -------+--------+
 * | type | length | fields, frame | options: code, length, .. | length |
 * +------+--------+-------------------------------------------+--------+
 * </pre>
 */
final class PcapngRecords {
    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int OPTION_END = 0;
    private static final int OPTION_COMMENT = 1;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;
    private static final int BLOCK_BYTES = 12;
    private static final int FRAME_FIELDS = 20;

    /** The link types of the section's interfaces, by their numbers. */
    private final List<Integer> linkTypes = new ArrayList<>();

    /** Begins a section, which knows of no interface. */
    ByteBuffer section() {
        linkTypes.clear();
        ByteBuffer block = block(SECTION_HEADER, 16);
        block.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        return end(block);
    }

    /** The block of an interface of a link type, or null where the section has one. */
    ByteBuffer newInterface(int linkType) {
        if (linkTypes.contains(linkType)) {
            return null;
        }
        linkTypes.add(linkType);
        ByteBuffer block = block(INTERFACE_DESCRIPTION, 20);
        block.putShort((short) linkType).putShort((short) 0).putInt(0);
        block.putShort((short) OPTION_TIME_RESOLUTION).putShort((short) 1).putInt(NANOSECONDS);
        block.putInt(OPTION_END);
        return end(block);
    }

    /**
     * @param comments printable ASCII
     */
    ByteBuffer frame(AlertFrame frame, List<String> comments) {
        List<byte[]> texts =
                comments.stream().map(text -> text.getBytes(StandardCharsets.US_ASCII)).toList();
        int options = texts.isEmpty() ? 0 : 4;
        for (byte[] text : texts) {
            options += 4 + padded(text.length);
        }
        int captured = frame.bytes().length;
        ByteBuffer block = block(ENHANCED_PACKET, FRAME_FIELDS + padded(captured) + options);
        block.putInt(linkTypes.indexOf(frame.linkType()));
        block.putInt((int) (frame.timestampNs() >>> 32)).putInt((int) frame.timestampNs());
        block.putInt(captured).putInt(frame.wireLength());
        putPadded(block, frame.bytes());
        for (byte[] text : texts) {
            block.putShort((short) OPTION_COMMENT).putShort((short) text.length);
            putPadded(block, text);
        }
        if (!texts.isEmpty()) {
            block.putInt(OPTION_END);
        }
        return end(block);
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }

    private static void putPadded(ByteBuffer block, byte[] bytes) {
        block.put(bytes);
        block.position(block.position() + padded(bytes.length) - bytes.length);
    }

    private static ByteBuffer block(int type, int bodyBytes) {
        ByteBuffer block =
                ByteBuffer.allocate(BLOCK_BYTES + bodyBytes).order(ByteOrder.LITTLE_ENDIAN);
        return block.putInt(type).putInt(block.capacity());
    }

    private static ByteBuffer end(ByteBuffer block) {
        return block.putInt(block.capacity()).flip();
    }
}
