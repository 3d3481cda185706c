package ips.bench.flood;

import ips.capture.CaptureFileWriter;
import ips.core.packet.LinkType;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes generated frames into a pcap file, with the same frame time between any two. */
public final class TimedFrames implements Flood.FrameConsumer, Closeable {
    private static final long START_NS = 1_700_000_000_000_000_000L;

    private final CaptureFileWriter writer;
    private final long gapNs;

    /**
     * @param gapUs microseconds of frame time between two frames
     */
    public TimedFrames(Path file, int gapUs) throws IOException {
        gapNs = gapUs * 1000L;
        writer =
                CaptureFileWriter.create(
                        file, LinkType.ETHERNET, CaptureFileWriter.Resolution.MICROSECONDS);
    }

    /**
     * @throws UncheckedIOException when the frame cannot be written
     */
    @Override
    public void frame(int number, byte[] frame, int length) {
        try {
            writer.write(START_NS + number * gapNs, Arrays.copyOf(frame, length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
