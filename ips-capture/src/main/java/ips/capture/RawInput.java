package ips.capture;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a file, a pipe or standard input as they are stored, with a look at the first ones
 * before they are read. Used by the capture thread; {@link #consumed} by any.
 */
final class RawInput implements ReadableByteChannel {
    /** What standard input is called on the command line. */
    static final Path STANDARD_INPUT = Path.of("-");

    private static final int HEAD_BYTES = 64;

    private final String name;
    private final FileChannel channel;
    private final Closeable owner;
    private final boolean live;
    private final long size;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).limit(0);
    private volatile long consumed;
    private IOException failure;

    private RawInput(String name, FileChannel channel, Closeable owner, boolean live, long size) {
        this.name = name;
        this.channel = channel;
        this.owner = owner;
        this.live = live;
        this.size = size;
    }

    static RawInput open(Path path) throws CaptureException {
        if (path.equals(STANDARD_INPUT)) {
            // Closing standard input is not this reader's business.
            FileChannel channel = new FileInputStream(FileDescriptor.in).getChannel();
            return new RawInput("standard input", channel, () -> {}, true, -1);
        }
        if (path.toString().isEmpty()) {
            throw new CaptureException("the name of a capture file is empty");
        }
        if (Files.isDirectory(path)) {
            throw new CaptureException(path + " is a directory; name a capture file in it");
        }
        try {
            boolean regular = Files.isRegularFile(path);
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new RawInput(
                    path.toString(), channel, channel, !regular, regular ? channel.size() : -1);
        } catch (NoSuchFileException e) {
            throw new CaptureException(path + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new CaptureException(
                    path + " may not be read by this user; change its permissions", e);
        } catch (IOException e) {
            throw new CaptureException(path + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Whether a path names what can be read only once: standard input, a pipe, a device. */
    static boolean isPipe(Path path) {
        return path.equals(STANDARD_INPUT)
                || Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /** What messages call it. */
    String name() {
        return name;
    }

    /** Whether a read may wait for somebody to write: a pipe, a terminal. */
    boolean isLive() {
        return live;
    }

    /** Bytes in all, -1 when nobody knows. */
    long size() {
        return size;
    }

    /** Bytes read so far. */
    long consumed() {
        return consumed;
    }

    /** The error of the device or the file system that ended reading, or null. */
    IOException failure() {
        return failure;
    }

    /** The first bytes, {@value #HEAD_BYTES} or as many as there are. */
    ByteBuffer peek() throws IOException {
        head.clear();
        while (head.hasRemaining() && readChannel(head) >= 0) {}
        head.flip();
        return head.duplicate();
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
    public int read(ByteBuffer target) throws IOException {
        int read;
        if (head.hasRemaining()) {
            read = Math.min(head.remaining(), target.remaining());
            target.put(head.duplicate().limit(head.position() + read));
            head.position(head.position() + read);
        } else {
            read = readChannel(target);
        }
        if (read > 0) {
            consumed += read;
        }
        return read;
    }

    private int readChannel(ByteBuffer target) throws IOException {
        try {
            return channel.read(target);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        owner.close();
    }
}
