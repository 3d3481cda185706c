package ips.core.alert;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.ErrorHandler;

/**
 * A file that lines are appended to, each whole and at once. Used by one thread, but for {@link
 * #reopen}.
 *
 * <p>A line that cannot be written is lost and counted, the next one is tried again. Where someone
 * moves the file away, a new one is begun with the next line. Nothing is ever thrown.
 */
final class LineFile implements LineOutput, Closeable {
    private final RecordFile file;
    private final long mostBytes;
    private final Counters counters;

    /** A file that grows for as long as nobody moves it away. */
    LineFile(Path path, Counters counters, ErrorHandler errorHandler) {
        this(path, Long.MAX_VALUE, 0, counters, errorHandler);
    }

    /**
     * A file that is rotated, see {@link RecordFile}.
     *
     * @param mostBytes no file grows beyond it, unless by a single line
     * @param kept how many earlier files stay
     * @param counters of the thread that writes
     */
    LineFile(Path path, long mostBytes, int kept, Counters counters, ErrorHandler errorHandler) {
        this.file = new RecordFile(path, kept, "lines", errorHandler);
        this.mostBytes = mostBytes;
        this.counters = counters;
    }

    @Override
    public void write(String line) {
        try {
            append(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            file.succeeded();
        } catch (IOException e) {
            counters.increment(Counter.LOG_LINES_LOST);
            file.failed(e);
        }
    }

    private void append(ByteBuffer bytes) throws IOException {
        file.open();
        long size = file.size();
        if (size > 0 && size + bytes.remaining() > mostBytes) {
            file.rotate();
        }
        file.append(bytes);
    }

    /** Closes the file and opens it anew at the next line, for logrotate; from any thread. */
    void reopen() {
        file.reopen();
    }

    @Override
    public void close() {
        file.close();
    }
}
