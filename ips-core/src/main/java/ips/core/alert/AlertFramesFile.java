package ips.core.alert;

import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ErrorHandler;

/**
 * The frames of alerts as pcapng, with what was alerted as comments: for Wireshark and its like. A
 * frame is there once, however much it gave rise to, and written whole or not at all.
 *
 * <p>A file that would grow beyond its limit, and one that was there before, becomes {@code
 * name.1}, in place of an earlier one. What cannot be written is counted, and told in one sentence.
 * On the block manager's thread.
 */
public final class AlertFramesFile implements BlockListener {
    /** A section and one interface. */
    private static final int EMPTY_BYTES = 60;

    private static final int MOST_COMMENTS = 16;
    private static final int LONGEST_COMMENT = 512;

    private final Path path;
    private final long mostBytes;
    private final Counters counters;
    private final ErrorHandler errorHandler;
    private final PcapngRecords records = new PcapngRecords();
    private final List<String> comments = new ArrayList<>();
    private AlertFrame pending;
    private FileChannel channel;
    private long size;
    private boolean failing;
    private volatile boolean reopenWanted;

    /**
     * @param mostBytes what file and earlier file may take each, unless by a single frame
     * @param counters of the block manager's thread
     * @param errorHandler told in one sentence when the file cannot be written
     */
    public AlertFramesFile(
            Path path, long mostBytes, Counters counters, ErrorHandler errorHandler) {
        this.path = path;
        this.mostBytes = mostBytes;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    @Override
    public void frame(AlertFrame frame) {
        write();
        pending = frame;
    }

    @Override
    public void alerted(SignatureAlert alert) {
        if (pending != null && alert.frame() == pending.frame() && !alert.fromStream()) {
            comment(Texts.alert(alert));
        }
    }

    @Override
    public void detected(Detection detection) {
        boolean own = !detection.kind().word().equals("rule");
        if (pending != null && detection.lastFrame() == pending.frame() && own) {
            comment(Texts.campaign(detection));
        }
    }

    private void comment(String text) {
        if (comments.size() < MOST_COMMENTS) {
            boolean fits = text.length() <= LONGEST_COMMENT;
            comments.add(fits ? text : text.substring(0, LONGEST_COMMENT));
        }
    }

    @Override
    public void tick(long nowNs) {
        write();
    }

    /** Begins a new file at the next frame, after someone moved it away; from any thread. */
    public void reopen() {
        reopenWanted = true;
    }

    /** Leaves a readable file in any case, be it without frames. */
    @Override
    public void close() {
        write();
        try {
            if (channel == null && !failing) {
                open();
            }
        } catch (IOException e) {
            failed(e);
        }
        closeQuietly();
    }

    /** What nothing was told about (a campaign that goes on) is not written. */
    private void write() {
        if (pending == null || comments.isEmpty()) {
            pending = null;
            return;
        }
        try {
            append(pending);
            failing = false;
        } catch (IOException e) {
            counters.increment(Counter.ALERT_FRAMES_LOST);
            closeQuietly();
            failed(e);
        }
        pending = null;
        comments.clear();
    }

    private void failed(IOException e) {
        if (!failing) {
            failing = true;
            errorHandler.onError(
                    new IOException(
                            "cannot write "
                                    + path
                                    + " ("
                                    + LineFile.reason(e)
                                    + "): frames of alerts are lost until it can be written"));
        }
    }

    private void append(AlertFrame frame) throws IOException {
        if (reopenWanted) {
            reopenWanted = false;
            closeQuietly();
        }
        if (channel == null) {
            open();
        }
        ByteBuffer record = records.frame(frame, comments);
        if (size + record.remaining() > mostBytes && size > EMPTY_BYTES) {
            closeQuietly();
            open();
        }
        ByteBuffer newInterface = records.newInterface(frame.linkType());
        if (newInterface != null) {
            put(newInterface);
            record = records.frame(frame, comments);
        }
        put(record);
    }

    private void put(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            size = channel.position();
        } catch (IOException e) {
            takeBack(e);
            throw e;
        }
    }

    /** Leaves no half of a block behind. */
    private void takeBack(IOException cause) {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void open() throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        if (Files.isRegularFile(path) && Files.size(path) > 0) {
            Path earlier = path.resolveSibling(path.getFileName() + ".1");
            Files.move(path, earlier, StandardCopyOption.REPLACE_EXISTING);
        }
        channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        size = 0;
        put(records.section());
    }

    private void closeQuietly() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Every frame was written at once; there is nothing left to lose.
        }
        channel = null;
    }
}
