package ips.capture;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.GZIPInputStream;

/** How a capture file is compressed, told by its first bytes, never by its name. */
enum Compression {
    NONE {
        @Override
        ReadableByteChannel open(RawInput raw) {
            return raw;
        }
    },
    /** RFC 1952; members one after another are one stream. */
    GZIP {
        @Override
        ReadableByteChannel open(RawInput raw) throws IOException {
            return Channels.newChannel(
                    new GZIPInputStream(new EagerInputStream(raw), RAW_BUFFER_BYTES));
        }
    },
    /** RFC 8878; frames one after another are one stream, skippable ones are skipped. */
    ZSTD {
        @Override
        ReadableByteChannel open(RawInput raw) {
            return new ZstdChannel(raw);
        }
    };

    private static final int RAW_BUFFER_BYTES = 64 * 1024;

    static Compression of(ByteBuffer head) {
        if (head.remaining() >= 2 && (head.getShort(0) & 0xffff) == 0x1f8b) {
            return GZIP;
        }
        if (head.remaining() >= 4) {
            int magic = head.getInt(0);
            // 28 b5 2f fd, or a skippable frame: 5? 2a 4d 18.
            if (magic == 0x28b52ffd || (magic & 0xf0ffffff) == 0x502a4d18) {
                return ZSTD;
            }
        }
        return NONE;
    }

    /** The bytes before compression; the caller closes {@code raw} as well. */
    abstract ReadableByteChannel open(RawInput raw) throws IOException;

    /**
     * Never says that nothing is available: {@link GZIPInputStream} would take that for the end
     * between two members, which it is not in a pipe.
     */
    private static final class EagerInputStream extends InputStream {
        private final RawInput raw;
        private boolean ended;

        EagerInputStream(RawInput raw) {
            this.raw = raw;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = raw.read(ByteBuffer.wrap(target, offset, length));
            ended |= read < 0;
            return read;
        }

        @Override
        public int available() {
            return ended ? 0 : 1;
        }
    }

    /** Decompresses from one direct buffer to another; zstd-jni's stream would copy twice. */
    private static final class ZstdChannel implements ReadableByteChannel {
        private final RawInput raw;
        private final ZstdDecompressCtx context = new ZstdDecompressCtx();
        private final ByteBuffer compressed = ByteBuffer.allocateDirect(RAW_BUFFER_BYTES).limit(0);
        private boolean betweenFrames = true;
        private boolean open = true;

        ZstdChannel(RawInput raw) {
            this.raw = raw;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int before = target.position();
            // What zstd holds back for want of room comes out without new input, so try that first.
            while (true) {
                try {
                    if (compressed.hasRemaining() || !betweenFrames) {
                        betweenFrames =
                                context.decompressDirectByteBufferStream(target, compressed);
                    }
                } catch (RuntimeException e) { // ZstdException: the bytes are no zstd
                    throw new IOException(e.getMessage(), e);
                }
                if (target.position() > before || !target.hasRemaining()) {
                    return target.position() - before;
                }
                if (!compressed.hasRemaining()) {
                    compressed.clear();
                    int read = raw.read(compressed);
                    compressed.flip();
                    if (read < 0 && !betweenFrames) {
                        throw new EOFException("zstd frame cut short");
                    }
                    if (read < 0) {
                        return -1;
                    }
                }
            }
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                context.close();
            }
        }
    }
}
