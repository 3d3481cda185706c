package ips.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.LinkType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcapngReaderTest {
    @TempDir Path directory;

    private final RecordingSink sink = new RecordingSink();

    private CaptureFileSource source(CaptureBytes file) throws IOException {
        return source(file.toBytes());
    }

    private CaptureFileSource source(byte[] file) throws IOException {
        return CaptureFileSource.open(Files.write(directory.resolve("a.pcapng"), file));
    }

    private static CaptureBytes file(ByteOrder order) {
        return new CaptureBytes(order).section();
    }

    private static byte[] name(CaptureBytes file, String name) {
        return file.option(2, name.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsSectionsOfBothByteOrdersWithInterfacesOfTheirOwn() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0, name(file, "eth0"), file.option(9, new byte[] {9}));
        file.interfaceBlock(101, 0, name(file, "tun0"));
        file.enhanced(0, 1_600_000_000_000_000_001L, 60, CaptureBytes.frame(0, 60));
        file.enhanced(1, 1_600_000_000_000_002L, 1500, CaptureBytes.frame(1, 61));
        file.order(ByteOrder.BIG_ENDIAN).section();
        file.interfaceBlock(113, 0, name(file, "any"));
        file.interfaceBlock(1, 0, name(file, "eth0"));
        file.enhanced(0, 1_600_000_000_000_003L, 60, CaptureBytes.frame(2, 62));
        file.enhanced(1, 1_600_000_000_000_004L, 60, CaptureBytes.frame(3, 63));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(List.of("eth0", "tun0", "any"), source.interfaces());
            assertEquals(List.of(), source.warnings());
        }
        assertEquals(
                List.of(
                        1_600_000_000_000_000_001L, 1_600_000_000_000_002_000L,
                        1_600_000_000_000_003_000L, 1_600_000_000_000_004_000L),
                sink.frames.stream().map(RecordingSink.Frame::timestampNs).toList());
        assertEquals(
                List.of(LinkType.ETHERNET, LinkType.RAW, LinkType.LINUX_SLL, LinkType.ETHERNET),
                sink.frames.stream().map(RecordingSink.Frame::linkType).toList());
        assertEquals(
                List.of(0, 1, 2, 0),
                sink.frames.stream().map(RecordingSink.Frame::interfaceIndex).toList());
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(CaptureBytes.frame(i, 60 + i), sink.frames.get(i).bytes());
        }
    }

    @Test
    void namesInterfacesByTextThatSteersNoTerminal() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0, name(file, " e\u001b[2J\n\u009b1m\u202e\u200b\u00fc\0"));
        file.interfaceBlock(1, 0, name(file, "x".repeat(65)));
        file.interfaceBlock(1, 0, name(file, "\0"));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(
                    List.of(
                            "e?[2J??1m??\u00fc",
                            "x".repeat(64),
                            directory.resolve("a.pcapng") + "#2"),
                    source.interfaces());
        }
    }

    @Test
    void warnsOfInterfacesWhoseLinkTypeIsNotRead() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0);
        file.interfaceBlock(105, 0);
        file.enhanced(1, 1_600_000_000_000_000L, 60, CaptureBytes.frame(0, 60));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(1, source.warnings().size());
            assertTrue(source.warnings().get(0).contains("link type 105"));
        }
    }

    @Test
    void readsSimpleAndObsoletePacketBlocks() throws IOException {
        CaptureBytes file = file(ByteOrder.BIG_ENDIAN);
        file.interfaceBlock(1, 68);
        file.oldPacket(0, 5_000_001L, 99, CaptureBytes.frame(0, 61));
        file.simple(1500, CaptureBytes.frame(1, 68));
        file.simple(42, CaptureBytes.frame(2, 42));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);
        }

        assertEquals(List.of(61, 68, 42), sink.frames.stream().map(f -> f.bytes().length).toList());
        assertEquals(
                List.of(99, 1500, 42),
                sink.frames.stream().map(RecordingSink.Frame::wireLength).toList());
        assertEquals(
                List.of(5_000_001_000L, 5_000_001_000L, 5_000_001_000L),
                sink.frames.stream().map(RecordingSink.Frame::timestampNs).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "6,   0,  1500000,             1500000000",
        "0,   0,  7,                   7000000000",
        "3,   0,  7001,                7001000000",
        "9,   0,  7000000001,          7000000001",
        "12,  0,  7000000001999,       7000000001",
        "30,  0,  7000000001999,       0",
        "129, 0,  15,                  7500000000",
        "138, 0,  1536,                1500000000",
        "160, 0,  32212254720,         7500000000",
        "190, 0,  5764607523034234880, 1250000000",
        "128, 0,  3,                   3000000000",
        "6,   10, 1500000,             11500000000",
        "6,   -1, 1500000,             500000000",
        "6,   9223372036, 500000,      9223372036500000000",
        "6,   9223372037, 1500000,     1500000000",
        "6,   -9223372037, 1500000,    1500000000",
        "6,   -9223372036854775808, 7, 7000",
    })
    void scalesTimesByResolutionAndOffset(int resolution, long offsetS, long time, long timeNs)
            throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(
                1,
                0,
                file.option(9, new byte[] {(byte) resolution}),
                file.option(14, file.longValue(offsetS)));
        file.enhanced(0, time, 60, new byte[60]);

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);
        }

        assertEquals(timeNs, sink.frames.get(0).timestampNs());
    }

    @Test
    void givesAFrameWithoutUsableTimeTheTimeOfTheOneBefore() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0);
        file.enhanced(0, 3_000_000L, 60, new byte[60]);
        file.enhanced(0, -1L, 60, new byte[60]);
        file.enhanced(0, Long.MAX_VALUE / 500, 60, new byte[60]);

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);
        }

        assertEquals(
                List.of(3_000_000_000L, 3_000_000_000L, 3_000_000_000L),
                sink.frames.stream().map(RecordingSink.Frame::timestampNs).toList());
    }

    @Test
    void skipsUnknownBlocksAndOptionsOfAnySize() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0, file.option(3, new byte[60_000]), file.option(0, new byte[0]));
        file.block(4, new byte[4 * BlockInput.BLOCK_BYTES]);
        file.block(0x0bad_beef, new byte[12]);
        file.enhanced(
                0, 1, 60, CaptureBytes.frame(1, 59), file.option(1, new byte[61]), new byte[4]);
        file.block(5, new byte[12]);
        file.enhanced(0, 1, 60, CaptureBytes.frame(2, 60));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(List.of(), source.warnings());
        }
        assertEquals(2, sink.frames.size());
        assertArrayEquals(CaptureBytes.frame(1, 59), sink.frames.get(0).bytes());
        assertArrayEquals(CaptureBytes.frame(2, 60), sink.frames.get(1).bytes());
    }

    @Test
    void tellsWhatWasLostWhenTheFileWasCaptured() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0, name(file, "eth0"));
        file.enhanced(0, 1, 60, CaptureBytes.frame(1, 60));
        byte[] received = file.option(4, longBytes(5_000));
        byte[] dropped = file.option(5, longBytes(1_200));
        byte[] droppedBySystem = file.option(7, longBytes(34));
        file.block(5, statistics(received, dropped, droppedBySystem));
        file.block(5, statistics(received, file.option(5, longBytes(0))));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(1, source.warnings().size());
            String warning = source.warnings().get(0);
            assertTrue(
                    warning.endsWith("1,234 frames of eth0 were lost when it was captured"),
                    warning);
        }
        assertEquals(1, sink.frames.size());
    }

    /** The body of an interface statistics block about interface 0. */
    private static byte[] statistics(byte[]... options) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[12]);
        for (byte[] option : options) {
            body.writeBytes(option);
        }
        return body.toByteArray();
    }

    private static byte[] longBytes(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    }

    @Test
    void skipsPacketsThatCannotBeReadAndGoesOn() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0);
        file.enhanced(7, 1, 60, new byte[60]); // no such interface
        file.enhanced(0, 1, 60, new byte[FormatReader.MAX_FRAME_BYTES + 4]);
        file.block(6, new byte[8]); // too short for its header
        file.block(6, file.longValue(0), file.longValue(-1L << 32), file.longValue(0)); // -1 bytes
        file.enhanced(0, 1, 60, CaptureBytes.frame(3, 60));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(1, sink.frames.size());
            assertEquals(4, sink.lostBySource);
            assertEquals(4, source.warnings().size());
            assertTrue(source.warnings().get(0).contains("(7)"), source.warnings().get(0));
        }
    }

    /** A block's length is a multiple of four, but not every program counts the padding. */
    @Test
    void findsTheNextBlockBehindOneOfUnevenLength() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0);
        int uneven = file.size();
        file.enhanced(0, 1, 60, CaptureBytes.frame(1, 59));
        file.enhanced(0, 1, 60, CaptureBytes.frame(2, 60));
        byte[] bytes = file.toBytes();
        bytes[uneven + 4]--;

        try (CaptureFileSource source = source(bytes)) {
            sink.drain(source);

            assertEquals(List.of(), source.warnings());
        }
        assertArrayEquals(CaptureBytes.frame(1, 59), sink.frames.get(0).bytes());
        assertArrayEquals(CaptureBytes.frame(2, 60), sink.frames.get(1).bytes());
    }

    @Test
    void takesEmptyFramesAndThoseThatClaimLessOnTheWire() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0);
        file.enhanced(0, 1, 60, new byte[0]);
        file.enhanced(0, 1, 10, new byte[60]);

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);
        }

        assertEquals(List.of(0, 60), sink.frames.stream().map(f -> f.bytes().length).toList());
        assertEquals(
                List.of(60, 60),
                sink.frames.stream().map(RecordingSink.Frame::wireLength).toList());
    }

    @Test
    void takesNeitherPaddingNorABlocksEndForBytesOfAFrame() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.simple(60, new byte[60]); // of no interface
        file.interfaceBlock(1, 61);
        file.simple(1500, CaptureBytes.frame(1, 61));
        byte[] claimsFourMore = new byte[20 + 60];
        claimsFourMore[12] = 64;
        file.block(6, claimsFourMore);
        file.section().interfaceBlock(1, 0);
        file.simple(1500, CaptureBytes.frame(2, 64));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);
        }

        assertEquals(2, sink.lostBySource);
        assertEquals(2, sink.frames.size());
        assertArrayEquals(CaptureBytes.frame(1, 61), sink.frames.get(0).bytes());
        assertArrayEquals(CaptureBytes.frame(2, 64), sink.frames.get(1).bytes());
    }

    @ParameterizedTest
    @CsvSource({
        "6, 11, a block claims 11 bytes",
        "1, 16, an interface block of only 16 bytes",
        "0x0a0d0d0a, 24, a section header of only 24 bytes"
    })
    void endsAtABlockThatIsShorterThanItsHeader(String type, int total, String warning)
            throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.interfaceBlock(1, 0);
        file.enhanced(0, 1, 60, new byte[60]);
        int shorter = file.size();
        file.block(Integer.decode(type), new byte[] {0x4d, 0x3c, 0x2b, 0x1a}, new byte[40]);
        file.enhanced(0, 1, 60, new byte[60]);
        byte[] bytes = file.toBytes();
        bytes[shorter + 4] = (byte) total;

        try (CaptureFileSource source = source(bytes)) {
            sink.drain(source);

            assertTrue(source.warnings().get(0).contains(warning), source.warnings()::toString);
        }
        assertEquals(1, sink.frames.size());
    }

    @Test
    void tellsOfNoLossOfAnInterfaceThatIsNotDescribed() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        file.block(5, statistics(file.option(5, longBytes(7))));

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(List.of(), source.warnings());
        }
    }

    @Test
    void boundsInterfacesNamesAndWarnings() throws IOException {
        CaptureBytes file = file(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < PcapngInterfaces.MOST + 10; i++) {
            file.interfaceBlock(1, 0);
        }
        for (int i = 0; i < 100; i++) {
            file.enhanced(PcapngInterfaces.MOST, 1, 60, new byte[60]);
        }
        file.enhanced(PcapngInterfaces.MOST - 1, 1, 60, new byte[60]);

        try (CaptureFileSource source = source(file)) {
            sink.drain(source);

            assertEquals(PcapngInterfaces.MOST, source.interfaces().size());
            assertEquals(Warnings.MOST + 1, source.warnings().size());
            assertEquals(100, sink.lostBySource);
            assertEquals(1, sink.frames.size());
        }
    }
}
