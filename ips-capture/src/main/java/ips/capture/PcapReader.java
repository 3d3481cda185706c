package ips.capture;

import ips.core.packet.FrameBuffer;
import ips.core.pipeline.FrameSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The classic capture file (draft-ietf-opsawg-pcap): a file header, then records, in the byte order
 * of the machine that wrote it.
 *
 * <pre>
 *  0      4     6     8                 16      20         24
 *  +------+-----+-----+--------+--------+-------+----------+
 *  | magic|major|minor|  zone  | sigfigs|snaplen| link type|      file header
 *  +------+-----+-----+--------+--------+-------+----------+
 *
 *  0         4            8          12        16
 *  +---------+------------+----------+---------+-------...
 *  | seconds | micro/nano | captured | on wire | bytes          record
 *  +---------+------------+----------+---------+-------...
 * </pre>
 *
 * Kuznetzov's variant has 8 more bytes in the record's header: interface, protocol, packet type.
 */
final class PcapReader extends FormatReader {
    private static final int MAGIC_MICRO = 0xa1b2c3d4;
    private static final int MAGIC_NANO = 0xa1b23c4d;
    private static final int MAGIC_KUZNETZOV = 0xa1b2cd34;
    static final int HEADER_BYTES = 24;
    private static final int RECORD_BYTES = 16;
    private static final int KUZNETZOV_RECORD_BYTES = 24;

    private final List<String> interfaces;
    private final int interfaceIndex;
    private final int recordBytes;
    private final long fractionNs;
    private final int linkType;

    /**
     * @param input at the file header, which lies in its window or is cut short
     * @param firstInterface the index of this file's interface
     */
    PcapReader(BlockInput input, Warnings warnings, String name, int firstInterface) {
        super(input, warnings);
        interfaces = List.of(name);
        interfaceIndex = firstInterface;
        int start = input.position();
        int magic = input.bytes().order(ByteOrder.BIG_ENDIAN).getInt(start);
        if (!isMagic(magic)) {
            magic = input.bytes().order(ByteOrder.LITTLE_ENDIAN).getInt(start);
        }
        fractionNs = magic == MAGIC_NANO ? 1 : 1_000;
        recordBytes = magic == MAGIC_KUZNETZOV ? KUZNETZOV_RECORD_BYTES : RECORD_BYTES;
        if (input.has(HEADER_BYTES)) {
            // The upper half announces a frame check sequence; it is at the end and does no harm.
            linkType = input.bytes().getInt(start + 20) & 0xffff;
            warnings.linkType(linkType);
            input.advance(HEADER_BYTES);
        } else {
            linkType = 0;
            cutShort();
        }
    }

    /** Whether these four bytes, read in either order, begin such a file. */
    static boolean isMagic(int magic) {
        return magic == MAGIC_MICRO || magic == MAGIC_NANO || magic == MAGIC_KUZNETZOV;
    }

    @Override
    List<String> interfaces() {
        return interfaces;
    }

    @Override
    int records(FrameSink sink, int limit) throws IOException {
        ByteBuffer bytes = input.bytes();
        FrameBuffer frames = input.frames();
        int header = recordBytes;
        for (int n = 0; n < limit; n++) {
            if (!input.has(header) && !available(sink, header, n)) {
                return n;
            }
            int captured = bytes.getInt(input.position() + 8);
            if (captured < 0 || captured > MAX_FRAME_BYTES) {
                sink.lost(1, false);
                broken("a record claims " + Integer.toUnsignedString(captured) + " bytes");
                return n;
            }
            if (!input.has(header + captured) && !available(sink, header + captured, n)) {
                return n;
            }
            int record = input.position();
            long seconds = bytes.getInt(record) & 0xffff_ffffL;
            long fraction = bytes.getInt(record + 4) & 0xffff_ffffL;
            input.advance(header + captured);
            sink.frame(
                    seconds * 1_000_000_000L + fraction * fractionNs,
                    frames,
                    record + header,
                    captured,
                    Math.max(captured, bytes.getInt(record + 12)),
                    linkType,
                    interfaceIndex,
                    0);
        }
        return limit;
    }
}
