package ips.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcapReaderTest {
    @TempDir Path directory;

    private final RecordingSink sink = new RecordingSink();

    private CaptureFileSource source(byte[] bytes) throws IOException {
        return CaptureFileSource.open(Files.write(directory.resolve("a.pcap"), bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "LITTLE_ENDIAN, MICRO, 1600000000123456000",
        "BIG_ENDIAN,    MICRO, 1600000000123456000",
        "LITTLE_ENDIAN, NANO,  1600000000000123456",
        "BIG_ENDIAN,    NANO,  1600000000000123456",
    })
    void readsEachByteOrderAndResolution(String order, String resolution, long timeNs)
            throws IOException {
        int magic = resolution.equals("NANO") ? CaptureBytes.NANO : CaptureBytes.MICRO;
        CaptureBytes file =
                new CaptureBytes(
                                order.equals("BIG_ENDIAN")
                                        ? ByteOrder.BIG_ENDIAN
                                        : ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(magic, 65535, LinkType.LINUX_SLL);
        for (int i = 0; i < 10; i++) {
            file.pcapRecord(1_600_000_000L, 123_456, 1500, CaptureBytes.frame(i, 60 + i));
        }

        try (CaptureFileSource source = source(file.toBytes())) {
            sink.drain(source);

            assertEquals(10, sink.frames.size());
            for (int i = 0; i < 10; i++) {
                RecordingSink.Frame frame = sink.frames.get(i);
                assertEquals(timeNs, frame.timestampNs());
                assertArrayEquals(CaptureBytes.frame(i, 60 + i), frame.bytes());
                assertEquals(1500, frame.wireLength());
                assertEquals(LinkType.LINUX_SLL, frame.linkType());
                assertEquals(0, frame.interfaceIndex());
            }
            assertEquals(List.of(), source.warnings());
            assertEquals(file.size(), source.progress().doneBytes());
            assertEquals(file.size(), source.progress().totalBytes());
        }
    }

    @Test
    void readsKuznetzovsRecords() throws IOException {
        CaptureBytes file =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(CaptureBytes.KUZNETZOV, 65535, 1)
                        .kuznetzovRecord(5, 6, 60, CaptureBytes.frame(1, 60))
                        .kuznetzovRecord(7, 8, 61, CaptureBytes.frame(2, 61));

        try (CaptureFileSource source = source(file.toBytes())) {
            sink.drain(source);
        }

        assertEquals(2, sink.frames.size());
        assertEquals(7_000_008_000L, sink.frames.get(1).timestampNs());
        assertArrayEquals(CaptureBytes.frame(2, 61), sink.frames.get(1).bytes());
    }

    @Test
    void takesTimesAfter2038AndFrameCheckBitsInTheLinkType() throws IOException {
        CaptureBytes file =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(CaptureBytes.MICRO, 65535, 0x2400_0001)
                        .pcapRecord(0xffff_ffffL, 999_999, 60, new byte[60]);

        try (CaptureFileSource source = source(file.toBytes())) {
            sink.drain(source);
        }

        assertEquals(4_294_967_295_999_999_000L, sink.frames.get(0).timestampNs());
        assertEquals(LinkType.ETHERNET, sink.frames.get(0).linkType());
    }

    @Test
    void keepsFramesThatClaimLessOnTheWireThanWasCaptured() throws IOException {
        CaptureBytes file =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(CaptureBytes.MICRO, 10, 1)
                        .pcapRecord(1, 0, 20, new byte[60])
                        .pcapRecord(1, 0, -1, new byte[60])
                        .pcapRecord(1, 0, 0, new byte[0]);

        try (CaptureFileSource source = source(file.toBytes())) {
            sink.drain(source);
        }

        assertEquals(
                List.of(60, 60, 0),
                sink.frames.stream().map(RecordingSink.Frame::wireLength).toList());
    }

    @ParameterizedTest
    @CsvSource({"262145", "-1", "2147483647"})
    void stopsAtAnAbsurdLengthWithAWarning(int length) throws IOException {
        byte[] bytes =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(CaptureBytes.MICRO, 65535, 1)
                        .pcapRecord(1, 0, 60, new byte[60])
                        .pcapRecord(1, 0, 60, new byte[60])
                        .toBytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + 76 + 8, length);

        try (CaptureFileSource source = source(bytes)) {
            sink.drain(source);

            assertEquals(1, sink.frames.size());
            assertEquals(1, sink.lostBySource);
            assertEquals(1, source.warnings().size());
            assertTrue(source.warnings().get(0).contains("at byte 100"), source.warnings().get(0));
        }
    }

    @Test
    void warnsOfALinkTypeThatIsNotRead() throws IOException {
        CaptureBytes file =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(CaptureBytes.MICRO, 65535, 105)
                        .pcapRecord(1, 0, 60, CaptureBytes.frame(0, 60));

        try (CaptureFileSource source = source(file.toBytes())) {
            sink.drain(source);

            assertEquals(1, sink.frames.size());
            assertEquals(1, source.warnings().size());
            assertTrue(source.warnings().get(0).contains("link type 105"));
        }
    }

    @Test
    void readsRecordsAcrossTheEndsOfTheInputWindow() throws IOException {
        CaptureBytes file =
                new CaptureBytes(ByteOrder.BIG_ENDIAN).pcapHeader(CaptureBytes.MICRO, 0, 1);
        int[] lengths = {FormatReader.MAX_FRAME_BYTES, 60, 200_000, 1, 0, 131_071, 65_535};
        for (int i = 0; i < 70; i++) {
            file.pcapRecord(i, 0, 300_000, CaptureBytes.frame(i, lengths[i % 7]));
        }

        try (CaptureFileSource source = source(file.toBytes())) {
            sink.drain(source);

            assertEquals(List.of(), source.warnings());
        }

        assertEquals(70, sink.frames.size());
        for (int i = 0; i < 70; i++) {
            assertArrayEquals(
                    CaptureBytes.frame(i, lengths[i % 7]),
                    sink.frames.get(i).bytes(),
                    "frame " + i);
        }
    }

    @Test
    void readsBackWhatTheWriterWrote() throws IOException {
        Path path = directory.resolve("written.pcap");
        for (CaptureFileWriter.Resolution resolution : CaptureFileWriter.Resolution.values()) {
            try (CaptureFileWriter writer =
                    CaptureFileWriter.create(path, LinkType.RAW, resolution)) {
                for (int i = 0; i < 20_000; i++) {
                    writer.write(
                            1_700_000_000_123_456_000L + i * 1_000L, CaptureBytes.frame(i, 60));
                }
            }
            RecordingSink read = new RecordingSink();
            try (CaptureFileSource source = CaptureFileSource.open(path)) {
                read.drain(source);
            }

            assertEquals(20_000, read.frames.size());
            RecordingSink.Frame last = read.frames.get(19_999);
            assertEquals(1_700_000_000_143_455_000L, last.timestampNs());
            assertEquals(LinkType.RAW, last.linkType());
            assertArrayEquals(CaptureBytes.frame(19_999, 60), last.bytes());
        }
    }

    @Test
    void allocatesNothingPerFrame() throws IOException {
        Path path = directory.resolve("many.pcap");
        try (CaptureFileWriter writer = CaptureFileWriter.create(path, LinkType.ETHERNET)) {
            byte[] frame = new byte[60];
            for (int i = 0; i < 200_000; i++) {
                writer.write(i, frame);
            }
        }
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        CountingSink counting = new CountingSink();

        try (CaptureFileSource source = CaptureFileSource.open(path)) {
            source.poll(counting, 100_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            while (source.poll(counting, 256) != CaptureFileSource.ENDED) {}
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertEquals(200_000, counting.frames);
            // A read of the channel allocates a little now and then; 8 KiB in 100,000 frames is
            // none.
            assertTrue(allocated < 8_192, allocated + " bytes allocated");
        }
    }

    /** Counts and looks at each frame's first byte. */
    static final class CountingSink implements FrameSink {
        long frames;
        long sum;

        @Override
        public void frame(
                long timestampNs,
                DirectBuffer buffer,
                int offset,
                int capturedLength,
                int wireLength,
                int linkType,
                int interfaceIndex,
                int flags) {
            frames++;
            sum += buffer.getByte(offset) + timestampNs;
        }

        @Override
        public void lost(long frames, boolean byKernel) {}

        @Override
        public void idle(long nowNs) {}
    }
}
