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
import java.util.Objects;
import org.agrona.ErrorHandler;

/**
 * A file that grows by whole records: nothing waits in a buffer, and a record for which the disk
 * has no room leaves no half behind. Earlier files of the name are {@code name.1}, {@code name.2}
 * and so on. Used by one thread, but for {@link #reopen}.
 *
 * <p>Before a record it looks whether its path still leads to the file that is open: of one that
 * was moved or removed nobody reads the end. It does so once in {@value #LOOK_MS} ms at the most,
 * so that a burst of records does not pay for it.
 */
final class RecordFile implements Closeable {
    private static final long LOOK_MS = 10;

    /** A little more than after what time {@code RecurringErrors} tells the same again. */
    private static final long TELL_AGAIN_NS = 61_000_000_000L;

    private static final String DENIED = "permission denied";

    private final Path path;
    private final int kept;
    private final String records;
    private final ErrorHandler errorHandler;
    private FileChannel channel;
    private boolean failing;
    private long lost;
    private boolean everTold;
    private long toldNs;

    /** Whether it is known by now that records are lost, and not yet that it is over. */
    private boolean failureTold;

    private long lookedNs;
    private volatile boolean reopenWanted;

    /** By what the system knows the file that was open last, and how long it was then. */
    private Object key;

    private long length;
    private boolean continued;

    /**
     * @param kept how many earlier files stay
     * @param records what its records are, for messages: {@code lines}
     * @param errorHandler told in one sentence that it cannot be written, that it can be again, and
     *     that it was moved away
     */
    RecordFile(Path path, int kept, String records, ErrorHandler errorHandler) {
        this.path = path;
        this.kept = kept;
        this.records = records;
        this.errorHandler = errorHandler;
    }

    /**
     * Opens the file at its end if it is not open, and anew where {@link #reopen} asked for it or
     * the path leads elsewhere.
     *
     * @return whether it was opened just now
     */
    boolean open() throws IOException {
        if (reopenWanted) {
            reopenWanted = false;
            close();
        }
        boolean moved = channel != null && isMoved();
        if (moved) {
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
        Object found = fileKey();
        continued = found != null && found.equals(key) && channel.size() == length;
        key = found;
        length = channel.size();
        lookedNs = System.nanoTime();
        if (moved) {
            errorHandler.onError(
                    new IOException(
                            path
                                    + " was moved or removed by another program; it is begun anew,"
                                    + " and what comes goes there"));
        }
        return true;
    }

    /**
     * Whether its name is another file's by now, or nobody's; a path that cannot be seen is not.
     */
    private boolean isMoved() {
        long nowNs = System.nanoTime();
        if (nowNs - lookedNs < LOOK_MS * 1_000_000) {
            return false;
        }
        lookedNs = nowNs;
        try {
            return !Objects.equals(key, fileKey());
        } catch (AccessDeniedException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private Object fileKey() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
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

    /** Notes that a record was written: that it can be, and how many were lost, is reported. */
    void succeeded() {
        if (lost > 0 && (failureTold || isTimeToTell())) {
            toldNs = System.nanoTime();
            failureTold = false;
            errorHandler.onError(
                    new IOException(
                            "%s can be written again; %d %s were lost"
                                    .formatted(path, lost, records)));
            lost = 0;
        }
        failing = false;
    }

    /**
     * Counts a record that is lost; the file is opened anew at the next one. Failures are reported
     * once a minute at the most: a disk at its limit takes a record now and then.
     */
    void failed(IOException cause) {
        close();
        failing = true;
        lost++;
        if (!isTimeToTell()) {
            return;
        }
        toldNs = System.nanoTime();
        everTold = true;
        failureTold = true;
        String reason = reason(cause);
        String loss =
                lost == 1
                        ? records + " are lost until it can be written again"
                        : lost + " " + records + " are lost so far";
        errorHandler.onError(
                new IOException(
                        "cannot write %s (%s)%s: %s"
                                .formatted(path, reason, remedy(reason), loss)));
    }

    private boolean isTimeToTell() {
        return !everTold || System.nanoTime() - toldNs >= TELL_AGAIN_NS;
    }

    /** What the operator may do, where that is known. */
    private static String remedy(String reason) {
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return "; make room there";
        }
        if (reason.contains("Read-only file system")) {
            return "; have that file system writable again";
        }
        return reason.equals(DENIED) ? "; let the sensor's user write there" : "";
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return DENIED;
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
