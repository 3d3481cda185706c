package ips.core.alert;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.agrona.ErrorHandler;

/**
 * A file that grows by whole records: nothing waits in a buffer, and a record for which the disk
 * has no room leaves no half behind. Earlier files of the name are {@code name.1}, {@code name.2}
 * and so on. Used by one thread, but for {@link #reopen}.
 */
final class RecordFile implements Closeable {
    private final Path path;
    private final int kept;
    private final String loss;
    private final ErrorHandler errorHandler;
    private FileChannel channel;
    private boolean failing;
    private volatile boolean reopenWanted;

    /** By what the system knows the file that was open last, and how long it was then. */
    private Object key;

    private long length;
    private boolean continued;

    /**
     * @param kept how many earlier files stay
     * @param loss what an error says of the consequence, as in {@code lines are lost}
     * @param errorHandler told in one sentence of the first failure of a row
     */
    RecordFile(Path path, int kept, String loss, ErrorHandler errorHandler) {
        this.path = path;
        this.kept = kept;
        this.loss = loss;
        this.errorHandler = errorHandler;
    }

    /**
     * Opens the file at its end if it is not open, and anew where {@link #reopen} asked for it.
     *
     * @return whether it was opened just now
     */
    boolean open() throws IOException {
        if (reopenWanted) {
            reopenWanted = false;
            close();
        }
        if (channel != null) {
            return false;
        }
        Path directory = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Object found = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        continued = found != null && found.equals(key) && channel.size() == length;
        key = found;
        length = channel.size();
        return true;
    }

    /** Whether the file that is open is the one that was before, as it was left. */
    boolean isContinued() {
        return continued;
    }

    /** Begins an empty file; the one there is becomes an earlier one. */
    void rotate() throws IOException {
        close();
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

    /** Bytes of the open file. */
    long size() throws IOException {
        return channel.size();
    }

    /** Appends a record to the open file. */
    void append(ByteBuffer record) throws IOException {
        long size = channel.size();
        try {
            while (record.hasRemaining()) {
                channel.write(record);
            }
            length = channel.size();
        } catch (IOException e) {
            takeBack(size, e);
            throw e;
        }
    }

    private void takeBack(long size, IOException cause) {
        try {
            channel.truncate(size);
            length = size;
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Closes the file and opens it anew at the next record, for logrotate; from any thread. */
    void reopen() {
        reopenWanted = true;
    }

    boolean isOpen() {
        return channel != null;
    }

    /** Whether the last record could not be written. */
    boolean isFailing() {
        return failing;
    }

    /** Notes that a record was written: the next failure is reported again. */
    void succeeded() {
        failing = false;
    }

    /** Reports the first failure of a row; the file is opened anew at the next record. */
    void failed(IOException cause) {
        close();
        if (!failing) {
            failing = true;
            errorHandler.onError(
                    new IOException("cannot write " + path + " (" + reason(cause) + "): " + loss));
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such folder";
        }
        if (e instanceof FileSystemException of && of.getReason() != null) {
            return of.getReason();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Every record was written at once; there is nothing left to lose.
        }
        channel = null;
    }
}
