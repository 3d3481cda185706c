package ips.capture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a pcap file, little-endian, times in nanoseconds or microseconds. For generators, tests
 * and the export of frames; used by one thread. Nothing is on the disk before {@link #flush}.
 */
public final class CaptureFileWriter implements Closeable {
    /** How fine the times in the file are. */
    public enum Resolution {
        MICROSECONDS(0xa1b2c3d4, 1_000),
        NANOSECONDS(0xa1b23c4d, 1);

        private final int magic;
        private final long unitNs;

        Resolution(int magic, long unitNs) {
            this.magic = magic;
            this.unitNs = unitNs;
        }
    }

    private static final int SNAP_LENGTH = FormatReader.MAX_FRAME_BYTES;
    private static final int RECORD_BYTES = 16;
    private static final long SECOND_NS = 1_000_000_000L;

    private final FileChannel channel;
    private final long unitNs;
    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(2 * SNAP_LENGTH).order(ByteOrder.LITTLE_ENDIAN);

    private CaptureFileWriter(FileChannel channel, long unitNs) {
        this.channel = channel;
        this.unitNs = unitNs;
    }

    /** A file with times in nanoseconds, replacing what was there. */
    public static CaptureFileWriter create(Path path, int linkType) throws IOException {
        return create(path, linkType, Resolution.NANOSECONDS);
    }

    /** A file in place of what was there. */
    public static CaptureFileWriter create(Path path, int linkType, Resolution resolution)
            throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        CaptureFileWriter writer = new CaptureFileWriter(channel, resolution.unitNs);
        writer.bytes.putInt(resolution.magic).putShort((short) 2).putShort((short) 4);
        writer.bytes.putInt(0).putInt(0).putInt(SNAP_LENGTH).putInt(linkType);
        return writer;
    }

    /** Appends a whole frame. */
    public void write(long timestampNs, byte[] frame) throws IOException {
        if (frame.length > SNAP_LENGTH) {
            throw new IllegalArgumentException("a frame of " + frame.length + " bytes");
        }
        if (bytes.remaining() < RECORD_BYTES + frame.length) {
            flush();
        }
        bytes.putInt((int) (timestampNs / SECOND_NS));
        bytes.putInt((int) (timestampNs % SECOND_NS / unitNs));
        bytes.putInt(frame.length).putInt(frame.length).put(frame);
    }

    /** Hands what was written to the operating system. */
    public void flush() throws IOException {
        bytes.flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        bytes.clear();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }
}
