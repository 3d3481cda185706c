package ips.core.alert;

import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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

    private final RecordFile file;
    private final long mostBytes;
    private final Counters counters;
    private final PcapngRecords records = new PcapngRecords();
    private final List<String> comments = new ArrayList<>();
    private AlertFrame pending;

    /**
     * @param mostBytes what file and earlier file may take each, unless by a single frame
     * @param counters of the block manager's thread
     * @param errorHandler told in one sentence when the file cannot be written
     */
    public AlertFramesFile(
            Path path, long mostBytes, Counters counters, ErrorHandler errorHandler) {
        this.file = new RecordFile(path, 1, "frames of alerts", errorHandler);
        this.mostBytes = mostBytes;
        this.counters = counters;
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

    /** Begins a new file at the next frame if someone moved the old one away; from any thread. */
    public void reopen() {
        file.reopen();
    }

    /** Leaves a readable file in any case, even without frames. */
    @Override
    public void close() {
        write();
        try {
            if (!file.isOpen() && !file.isFailing()) {
                open();
            }
        } catch (IOException e) {
            file.failed(e);
        }
        file.close();
    }

    /** What nothing was told about (a campaign that goes on) is not written. */
    private void write() {
        if (pending == null || comments.isEmpty()) {
            pending = null;
            return;
        }
        try {
            append(pending);
            file.succeeded();
        } catch (IOException e) {
            counters.increment(Counter.ALERT_FRAMES_LOST);
            file.failed(e);
        }
        pending = null;
        comments.clear();
    }

    private void append(AlertFrame frame) throws IOException {
        open();
        ByteBuffer record = records.frame(frame, comments);
        long size = file.size();
        if (size + record.remaining() > mostBytes && size > EMPTY_BYTES) {
            begin();
        }
        ByteBuffer newInterface = records.newInterface(frame.linkType());
        if (newInterface != null) {
            file.append(newInterface);
            record = records.frame(frame, comments);
        }
        file.append(record);
    }

    /**
     * Goes on in a file that was only closed in between, lest each reload push an earlier one out.
     */
    private void open() throws IOException {
        if (!file.open()) {
            return;
        }
        if (file.isContinued()) {
            file.append(records.section());
        } else {
            begin();
        }
    }

    /** Begins a section, in a file of its own. */
    private void begin() throws IOException {
        if (file.size() > 0) {
            file.rotate();
        }
        file.append(records.section());
    }
}
