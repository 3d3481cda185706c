package ips.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Builds capture files in memory, byte for byte, in either byte order. */
final class CaptureBytes {
    static final int MICRO = 0xa1b2c3d4;
    static final int NANO = 0xa1b23c4d;
    static final int KUZNETZOV = 0xa1b2cd34;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private ByteOrder order;

    CaptureBytes(ByteOrder order) {
        this.order = order;
    }

    CaptureBytes order(ByteOrder next) {
        order = next;
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    int size() {
        return out.size();
    }

    CaptureBytes pcapHeader(int magic, int snapLength, int linkType) {
        return put(
                24,
                b ->
                        b.putInt(magic)
                                .putShort((short) 2)
                                .putShort((short) 4)
                                .putLong(0)
                                .putInt(snapLength)
                                .putInt(linkType));
    }

    CaptureBytes pcapRecord(long seconds, int fraction, int wireLength, byte[] frame) {
        put(
                16,
                b ->
                        b.putInt((int) seconds)
                                .putInt(fraction)
                                .putInt(frame.length)
                                .putInt(wireLength));
        out.writeBytes(frame);
        return this;
    }

    CaptureBytes kuznetzovRecord(long seconds, int micros, int wireLength, byte[] frame) {
        put(
                24,
                b ->
                        b.putInt((int) seconds)
                                .putInt(micros)
                                .putInt(frame.length)
                                .putInt(wireLength)
                                .putInt(2)
                                .putInt(0x0800_0000));
        out.writeBytes(frame);
        return this;
    }

    CaptureBytes section() {
        return block(
                0x0a0d0d0a,
                put(
                        16,
                        order,
                        b ->
                                b.putInt(0x1a2b3c4d)
                                        .putShort((short) 1)
                                        .putShort((short) 0)
                                        .putLong(-1)),
                option(4, "a test".getBytes(StandardCharsets.UTF_8)),
                option(0, new byte[0]));
    }

    CaptureBytes interfaceBlock(int linkType, int snapLength, byte[]... options) {
        byte[][] parts = new byte[options.length + 1][];
        parts[0] =
                put(
                        8,
                        order,
                        b -> b.putShort((short) linkType).putShort((short) 0).putInt(snapLength));
        System.arraycopy(options, 0, parts, 1, options.length);
        return block(1, parts);
    }

    CaptureBytes enhanced(int id, long time, int wireLength, byte[] frame, byte[]... options) {
        byte[][] parts = new byte[options.length + 2][];
        parts[0] =
                put(
                        20,
                        order,
                        b ->
                                b.putInt(id)
                                        .putInt((int) (time >>> 32))
                                        .putInt((int) time)
                                        .putInt(frame.length)
                                        .putInt(wireLength));
        parts[1] = padded(frame);
        System.arraycopy(options, 0, parts, 2, options.length);
        return block(6, parts);
    }

    CaptureBytes oldPacket(int id, long time, int wireLength, byte[] frame) {
        return block(
                2,
                put(
                        20,
                        order,
                        b ->
                                b.putShort((short) id)
                                        .putShort((short) -1)
                                        .putInt((int) (time >>> 32))
                                        .putInt((int) time)
                                        .putInt(frame.length)
                                        .putInt(wireLength)),
                padded(frame));
    }

    CaptureBytes simple(int wireLength, byte[] frame) {
        return block(3, put(4, order, b -> b.putInt(wireLength)), padded(frame));
    }

    byte[] option(int code, byte[] value) {
        byte[] head = put(4, order, b -> b.putShort((short) code).putShort((short) value.length));
        byte[] body = padded(value);
        byte[] option = new byte[4 + body.length];
        System.arraycopy(head, 0, option, 0, 4);
        System.arraycopy(body, 0, option, 4, body.length);
        return option;
    }

    byte[] longValue(long value) {
        return put(8, order, b -> b.putLong(value));
    }

    CaptureBytes block(int type, byte[]... parts) {
        int length = 12;
        for (byte[] part : parts) {
            length += part.length;
        }
        int total = length;
        put(8, b -> b.putInt(type).putInt(total));
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return put(4, b -> b.putInt(total));
    }

    private CaptureBytes put(int length, Consumer<ByteBuffer> fill) {
        out.writeBytes(put(length, order, fill));
        return this;
    }

    private static byte[] put(int length, ByteOrder order, Consumer<ByteBuffer> fill) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(order);
        fill.accept(bytes);
        return bytes.array();
    }

    private static byte[] padded(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 3 & ~3);
    }

    /** A frame whose bytes tell which it is. */
    static byte[] frame(int number, int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (number * 31 + i);
        }
        return frame;
    }
}
