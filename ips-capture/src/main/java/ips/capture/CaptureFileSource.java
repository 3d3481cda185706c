package ips.capture;

import ips.core.pipeline.FrameSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a capture file: pcap and pcapng, plain or compressed with gzip or zstd, from a file, a pipe
 * or standard input ({@code -}). Its first bytes say what it is, never its name. Frames are handed
 * over where they lie in the input window, none is copied, none allocates.
 *
 * <p>A file that is cut short or broken yields the frames before that and a warning. Memory:
 * {@value BlockInput#BLOCK_BYTES} bytes, whatever the size of the file.
 *
 * <p>At a pipe a poll waits for as long as nobody writes; frames taken before are handed on first.
 * Interrupting the capture thread ends the waiting, and the source.
 */
public final class CaptureFileSource implements CaptureSource {
    private static final String REMEDY = "give a pcap or pcapng file (gzip and zstd are read, too)";

    private final RawInput raw;
    private final BlockInput input;
    private final FormatReader reader;
    private final Warnings warnings;

    private CaptureFileSource(
            RawInput raw, BlockInput input, FormatReader reader, Warnings warnings) {
        this.raw = raw;
        this.input = input;
        this.reader = reader;
        this.warnings = warnings;
    }

    /**
     * Opens a file and reads its header.
     *
     * @param path the file, or {@code -} for standard input
     * @throws CaptureException when it is missing, unreadable, empty or no capture file
     */
    public static CaptureFileSource open(Path path) throws CaptureException {
        return open(path, 0);
    }

    /**
     * The files one after another, in the order given; each is looked at before the first frame.
     *
     * @throws CaptureException when one of them is missing, unreadable, empty or no capture file
     */
    public static CaptureSource of(List<Path> paths) throws CaptureException {
        return paths.size() == 1 ? open(paths.get(0)) : SequenceSource.open(paths);
    }

    /**
     * The same for several pipelines, each of which reads all the files for itself.
     *
     * @throws CaptureException also for standard input, which can be read only once
     */
    public static CaptureSource of(List<Path> paths, int pipelines) throws CaptureException {
        if (pipelines == 1) {
            return of(paths);
        }
        for (Path path : paths) {
            if (RawInput.isPipe(path)) {
                throw new CaptureException(
                        path + " can be read only once; give a file, or have one pipeline");
            }
        }
        List<CaptureSource> parts = new ArrayList<>();
        try {
            for (int i = 0; i < pipelines; i++) {
                parts.add(of(paths));
            }
        } catch (CaptureException e) {
            Closing.after(e, parts);
            throw e;
        }
        return new FanOutSource(parts);
    }

    static CaptureFileSource open(Path path, int firstInterface) throws CaptureException {
        RawInput raw = RawInput.open(path);
        try {
            return open(raw, firstInterface);
        } catch (IOException | RuntimeException e) {
            try {
                raw.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            if (e instanceof CaptureException exception) {
                throw exception;
            }
            if (e instanceof RuntimeException exception) {
                throw exception;
            }
            throw new CaptureException(raw.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static CaptureFileSource open(RawInput raw, int firstInterface) throws IOException {
        ByteBuffer head = raw.peek();
        if (!head.hasRemaining()) {
            throw new CaptureException(raw.name() + " is empty; " + REMEDY);
        }
        Compression compression = Compression.of(head);
        BlockInput input = new BlockInput(openChannel(raw, compression), raw);
        input.require(12);
        if (input.remaining() < 4) {
            throw new CaptureException(
                    compression == Compression.NONE
                            ? raw.name() + " is no capture file, it is too short; " + REMEDY
                            : raw.name() + " is broken, nothing in it can be unpacked");
        }
        Warnings warnings = new Warnings(raw.name());
        int magic = input.bytes().getInt(0);
        FormatReader reader;
        if (PcapReader.isMagic(magic) || PcapReader.isMagic(Integer.reverseBytes(magic))) {
            input.require(PcapReader.HEADER_BYTES);
            reader = new PcapReader(input, warnings, raw.name(), firstInterface);
        } else if (PcapngReader.isSectionHeader(input.bytes(), 0, input.remaining())) {
            reader = new PcapngReader(input, warnings, raw.name(), firstInterface);
        } else {
            ByteBuffer first = input.bytes().duplicate().limit(Math.min(64, input.remaining()));
            throw new CaptureException(
                    "%s is no capture file, it looks like %s; %s"
                            .formatted(raw.name(), FileKind.of(first), REMEDY));
        }
        return new CaptureFileSource(raw, input, reader, warnings);
    }

    private static ReadableByteChannel openChannel(RawInput raw, Compression compression)
            throws IOException {
        try {
            return compression.open(raw);
        } catch (IOException e) {
            if (e == raw.failure()) {
                throw e;
            }
            throw new CaptureException(raw.name() + " is broken, nothing in it can be unpacked", e);
        }
    }

    @Override
    public int poll(FrameSink sink, int limit) throws IOException {
        try {
            return reader.read(sink, limit);
        } catch (ClosedChannelException e) {
            return ENDED; // closed, or the thread interrupted, while it waited at a pipe
        } catch (IOException e) {
            throw new CaptureException(
                    "%s cannot be read at byte %d: %s"
                            .formatted(raw.name(), raw.consumed(), e.getMessage()),
                    e);
        }
    }

    @Override
    public List<String> interfaces() {
        return reader.interfaces();
    }

    @Override
    public List<String> warnings() {
        return warnings.list();
    }

    @Override
    public Progress progress() {
        return new Progress(raw.consumed(), raw.size());
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
