package ips.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CaptureFileSourceTest {
    private static final int FRAMES = 6;

    @TempDir Path directory;

    private final RecordingSink sink = new RecordingSink();

    private static byte[] pcap() {
        CaptureBytes file =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(CaptureBytes.NANO, 65535, LinkType.ETHERNET);
        for (int i = 0; i < FRAMES; i++) {
            file.pcapRecord(1_600_000_000L, i, 60 + i, CaptureBytes.frame(i, 60 + i));
        }
        return file.toBytes();
    }

    private static byte[] pcapng() {
        CaptureBytes file = new CaptureBytes(ByteOrder.BIG_ENDIAN).section();
        file.interfaceBlock(1, 0, file.option(2, "eth0".getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < FRAMES; i++) {
            file.enhanced(0, i, 60 + i, CaptureBytes.frame(i, 60 + i));
        }
        return file.toBytes();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("capture"), bytes);
    }

    private void readsAll(byte[] bytes) throws IOException {
        RecordingSink read = new RecordingSink();
        try (CaptureFileSource source = CaptureFileSource.open(write(bytes))) {
            read.drain(source);

            assertEquals(List.of(), source.warnings());
            assertEquals(bytes.length, source.progress().doneBytes());
        }
        assertEquals(FRAMES, read.frames.size());
        for (int i = 0; i < FRAMES; i++) {
            assertArrayEquals(CaptureBytes.frame(i, 60 + i), read.frames.get(i).bytes());
        }
    }

    @Test
    void readsGzipWhateverItsName() throws IOException {
        readsAll(gzip(pcap()));
        readsAll(gzip(pcapng()));
    }

    @Test
    void readsGzipMembersAsOneFile() throws IOException {
        for (byte[] file : List.of(pcap(), pcapng())) {
            byte[] head = Arrays.copyOf(file, 131);
            byte[] tail = Arrays.copyOfRange(file, 131, file.length);

            readsAll(join(gzip(head), gzip(tail)));
        }
    }

    @Test
    void readsZstdFramesAsOneFile() throws IOException {
        for (byte[] file : List.of(pcap(), pcapng())) {
            byte[] head = Arrays.copyOf(file, 131);
            byte[] tail = Arrays.copyOfRange(file, 131, file.length);
            byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};

            readsAll(Zstd.compress(file));
            readsAll(join(skippable, join(Zstd.compress(head), Zstd.compress(tail))));
        }
    }

    @Test
    void readsCompressedFilesLargerThanTheInputWindow() throws IOException {
        CaptureBytes file =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN).pcapHeader(CaptureBytes.MICRO, 0, 1);
        for (int i = 0; i < 30_000; i++) {
            file.pcapRecord(i, 0, 99, CaptureBytes.frame(i, 40 + i % 60));
        }
        for (byte[] bytes : List.of(gzip(file.toBytes()), Zstd.compress(file.toBytes()))) {
            RecordingSink read = new RecordingSink();
            try (CaptureFileSource source = CaptureFileSource.open(write(bytes))) {
                read.drain(source);
            }

            assertEquals(30_000, read.frames.size());
            for (int i = 0; i < 30_000; i++) {
                assertArrayEquals(CaptureBytes.frame(i, 40 + i % 60), read.frames.get(i).bytes());
            }
        }
    }

    private static void truncate(Path path, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    @Test
    void survivesFilesCutShortAtEveryByte() throws IOException {
        for (byte[] file : List.of(pcap(), pcapng())) {
            List<Integer> whole = new ArrayList<>();
            Path path = write(file);
            for (int length = file.length; length >= 4; length--) {
                truncate(path, length);
                RecordingSink read = new RecordingSink();
                try (CaptureFileSource source = CaptureFileSource.open(path)) {
                    read.drain(source);

                    if (source.warnings().isEmpty()) {
                        whole.add(length);
                    } else {
                        assertEquals(1, source.warnings().size());
                        assertTrue(
                                source.warnings().get(0).contains("cut short at byte " + length),
                                source.warnings().get(0));
                    }
                }
                for (int i = 0; i < read.frames.size(); i++) {
                    assertArrayEquals(CaptureBytes.frame(i, 60 + i), read.frames.get(i).bytes());
                }
            }
            // Only a cut between two records can go unnoticed.
            assertTrue(whole.size() >= FRAMES && whole.size() <= FRAMES + 3, whole.toString());
            assertEquals(file.length, whole.get(0));
        }
    }

    @Test
    void survivesCompressedFilesCutShortAtEveryByte() throws IOException {
        byte[] pcapng = pcapng();
        byte[] zstd =
                join(
                        Zstd.compress(Arrays.copyOf(pcapng, 500)),
                        Zstd.compress(Arrays.copyOfRange(pcapng, 500, pcapng.length)));
        for (byte[] file : List.of(gzip(pcap()), zstd, gzip(pcapng))) {
            int most = 0;
            Path path = write(file);
            for (int length = file.length - 1; length >= 5; length--) {
                truncate(path, length);
                RecordingSink read = new RecordingSink();
                try (CaptureFileSource source = CaptureFileSource.open(path)) {
                    read.drain(source);

                    assertFalse(source.warnings().isEmpty(), "no warning at " + length);
                } catch (CaptureException e) {
                    assertTrue(e.getMessage().contains("nothing in it can be unpacked"));
                }
                most = Math.max(most, read.frames.size());
            }
            assertTrue(most > FRAMES / 3 - 1, most + " frames at most");
        }
    }

    @Test
    void survivesRandomDamage() throws IOException {
        Random random = new Random(7);
        List<byte[]> files = List.of(pcap(), pcapng(), gzip(pcap()), Zstd.compress(pcap()));
        int exceptions = 0;
        for (int round = 0; round < 600; round++) {
            byte[] bytes = files.get(round % files.size()).clone();
            for (int damage = random.nextInt(1, 5); damage > 0; damage--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            }
            RecordingSink read = new RecordingSink();
            try (CaptureFileSource source = CaptureFileSource.open(write(bytes))) {
                read.drain(source);
            } catch (CaptureException e) {
                exceptions++; // its magic number was hit
            }
            assertTrue(read.frames.size() <= 2 * FRAMES);
        }
        assertTrue(exceptions < 150, exceptions + " files refused");
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithAFile() throws IOException {
        assertMessage("is empty", write(new byte[0]));
        assertMessage("looks like text", write("Hello, this is prose.\n".getBytes("US-ASCII")));
        assertMessage("looks like JSON", write("{\"frames\": 12345}".getBytes("US-ASCII")));
        assertMessage(
                "looks like a ZIP archive", write("PK\3\4..............".getBytes("US-ASCII")));
        assertMessage("begins 00 01 02 03", write(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
        assertMessage("too short", write(new byte[] {(byte) 0xd4, (byte) 0xc3, (byte) 0xb2}));
        assertMessage("looks like text", write(gzip("Hello, this is prose".getBytes("US-ASCII"))));
        assertMessage("looks like a gzip file", write(gzip(gzip(pcap()))));
        assertMessage("does not exist", directory.resolve("nothing.pcap"));
        assertMessage("is a directory", directory);
        Path pcapngWithoutMagic =
                write(new byte[] {0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 1, 2, 3, 4, 5, 6});
        assertMessage("looks like something unknown", pcapngWithoutMagic);
    }

    private static void assertMessage(String part, Path path) {
        CaptureException e =
                assertThrows(CaptureException.class, () -> CaptureFileSource.open(path));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    @Test
    void namesAFileThatMayNotBeRead() throws IOException {
        Path path = write(pcap());
        Files.setPosixFilePermissions(path, Set.of());
        assumeTrue(!Files.isReadable(path), "skipped: this user may read everything");

        assertMessage("permissions", path);
    }

    @Test
    void playsSeveralFilesOneAfterAnother() throws IOException {
        List<Path> paths =
                List.of(
                        Files.write(directory.resolve("1.pcap"), pcap()),
                        Files.write(directory.resolve("2.pcapng"), Arrays.copyOf(pcapng(), 300)),
                        Files.write(directory.resolve("3.pcap.gz"), gzip(pcap())));
        long total = 0;
        for (Path path : paths) {
            total += Files.size(path);
        }

        try (CaptureSource source = CaptureFileSource.of(paths)) {
            assertEquals(new CaptureSource.Progress(0, total), source.progress());

            sink.drain(source);

            assertEquals(new CaptureSource.Progress(total, total), source.progress());
            assertEquals(1, source.warnings().size());
            assertTrue(source.warnings().get(0).contains("2.pcapng"), source.warnings().get(0));
            assertEquals(
                    List.of(paths.get(0).toString(), "eth0", paths.get(2).toString()),
                    source.interfaces());
        }
        List<Integer> interfaces =
                sink.frames.stream().map(RecordingSink.Frame::interfaceIndex).toList();
        assertEquals(interfaces.stream().sorted().toList(), interfaces);
        assertEquals(FRAMES, interfaces.stream().filter(i -> i == 0).count());
        assertTrue(interfaces.contains(1));
        assertEquals(FRAMES, interfaces.stream().filter(i -> i == 2).count());
    }

    @Test
    void refusesASequenceWithABadFileBeforeTheFirstFrame() throws IOException {
        Path good = Files.write(directory.resolve("1.pcap"), pcap());
        Path bad = Files.writeString(directory.resolve("2.pcap"), "nothing of the kind");

        CaptureException e =
                assertThrows(
                        CaptureException.class, () -> CaptureFileSource.of(List.of(good, bad)));
        assertTrue(e.getMessage().contains("2.pcap"));
    }

    @Test
    void readsAPipeAsItIsWrittenAndHandsOverBeforeItWaits() throws Exception {
        Path fifo = directory.resolve("fifo");
        assumeTrue(mkfifo(fifo), "skipped: no mkfifo here");
        byte[] file = pcap();
        int half = 24 + 16 + 60 + 16 + 61 + 10; // two frames and a bit
        Thread writer =
                new Thread(
                        () -> {
                            try (OutputStream out = Files.newOutputStream(fifo)) {
                                out.write(file, 0, half);
                                out.flush();
                                while (sink.idles == 0) {
                                    Thread.sleep(1);
                                }
                                out.write(file, half, file.length - half);
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        writer.start();

        try (CaptureFileSource source = CaptureFileSource.open(fifo)) {
            assertEquals(-1, source.progress().totalBytes());
            assertEquals(2, source.poll(sink, 100));

            sink.drain(source);
        }
        writer.join(10_000);

        assertEquals(FRAMES, sink.frames.size());
        assertTrue(sink.idles >= 1);
    }

    @Test
    void endsWhenTheThreadThatWaitsAtAPipeIsInterrupted() throws Exception {
        Path fifo = directory.resolve("fifo");
        assumeTrue(mkfifo(fifo), "skipped: no mkfifo here");
        // Opened for both, or opening would wait for the other end.
        try (FileChannel writer =
                FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            writer.write(ByteBuffer.wrap(pcap(), 0, 24 + 16 + 60));
            try (CaptureFileSource source = CaptureFileSource.open(fifo)) {
                assertEquals(1, source.poll(sink, 100));
                Thread poller = Thread.currentThread();
                Thread interrupter =
                        new Thread(
                                () -> {
                                    while (sink.idles == 0) {
                                        Thread.onSpinWait();
                                    }
                                    poller.interrupt();
                                });
                interrupter.start();

                assertEquals(FrameSource.ENDED, source.poll(sink, 100));
                assertTrue(Thread.interrupted());
                interrupter.join();
            }
        }
    }

    private static boolean mkfifo(Path path) throws InterruptedException {
        try {
            Process process = new ProcessBuilder("mkfifo", path.toString()).start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void readsTheProjectsSamplesToTheEnd() throws IOException {
        Path pcaps = SharedFiles.find("pcaps");
        try (Stream<Path> files = Files.walk(pcaps)) {
            for (Path path : files.filter(p -> p.toString().contains(".pcap")).toList()) {
                RecordingSink read = new RecordingSink();
                try (CaptureFileSource source = CaptureFileSource.open(path)) {
                    read.drain(source);
                    assertTrue(read.frames.size() + source.warnings().size() > 0, path.toString());
                    if (!path.toString().contains("malformed")) {
                        assertEquals(List.of(), source.warnings());
                    }
                }
            }
        }
        try (CaptureFileSource source =
                CaptureFileSource.open(pcaps.resolve("benign-5-pings.pcap"))) {
            assertEquals(10, sink.drain(source).frames.size());
            assertEquals(FrameSource.ENDED, source.poll(sink, 1));
        }
    }
}
