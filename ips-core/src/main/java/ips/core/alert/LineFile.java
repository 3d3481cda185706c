package ips.core.alert;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.ErrorHandler;

/**
 * A file that lines are appended to, each whole and at once: nothing waits in a buffer, and a line
 * for which the disk has no room leaves no half behind. Used by one thread, but for {@link
 * #reopen}.
 *
 * <p>A failure is told to the error handler in one sentence, the first of a row of them only; the
 * line is lost and counted, the next one is tried again. Nothing is ever thrown.
 */
final class LineFile implements LineOutput, Closeable {
    private final Path path;
    private final long mostBytes;
    private final int kept;
    private final ErrorHandler errorHandler;
    private FileChannel channel;
    private boolean failing;
    private volatile boolean reopenWanted;
    private volatile long linesLost;

    /** A file that grows for as long as nobody moves it away. */
    LineFile(Path path, ErrorHandler errorHandler) {
        this(path, Long.MAX_VALUE, 0, errorHandler);
    }

    /**
     * A file that is rotated: {@code name} becomes {@code name.1}, that {@code name.2}, and so on.
     *
     * @param mostBytes no file grows beyond it, unless by a single line
     * @param kept how many earlier files stay
     */
    LineFile(Path path, long mostBytes, int kept, ErrorHandler errorHandler) {
        this.path = path;
        this.mostBytes = mostBytes;
        this.kept = kept;
        this.errorHandler = errorHandler;
    }

    @Override
    public void write(String line) {
        try {
            append(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            failing = false;
        } catch (IOException e) {
            linesLost++;
            closeQuietly();
            if (!failing) {
                failing = true;
                errorHandler.onError(
                        new IOException(
                                "cannot write "
                                        + path
                                        + " ("
                                        + reason(e)
                                        + "): lines are lost until it can be written again"));
            }
        }
    }

    static String reason(IOException e) {
        // Those of files name the file alone.
        boolean says = e.getMessage() != null && !(e instanceof FileSystemException);
        return says ? e.getMessage() : e.toString();
    }

    private void append(ByteBuffer bytes) throws IOException {
        if (reopenWanted) {
            reopenWanted = false;
            closeQuietly();
        }
        open();
        long size = channel.size();
        if (size > 0 && size + bytes.remaining() > mostBytes) {
            rotate();
            size = 0;
        }
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            takeBack(size, e);
            throw e;
        }
    }

    /** Leaves no half of a line behind. */
    private void takeBack(long size, IOException cause) {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void open() throws IOException {
        if (channel == null) {
            Path directory = path.toAbsolutePath().getParent();
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private void rotate() throws IOException {
        closeQuietly();
        for (int number = kept; number > 0; number--) {
            Path from = number == 1 ? path : numbered(number - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(path);
        open();
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Closes the file and opens it anew at the next line, for logrotate; from any thread. */
    void reopen() {
        reopenWanted = true;
    }

    /** How many lines could not be written; from any thread. */
    long linesLost() {
        return linesLost;
    }

    private void closeQuietly() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Every line was written at once; there is nothing left to lose.
        }
        channel = null;
    }

    @Override
    public void close() {
        closeQuietly();
    }
}
