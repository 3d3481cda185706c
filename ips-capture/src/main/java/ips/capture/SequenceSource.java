package ips.capture;

import ips.core.pipeline.FrameSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Capture files one after another, as one source. One file is open at a time; one that disappears
 * or turns bad between the first look and its turn is passed over with a warning.
 */
public final class SequenceSource implements CaptureSource {
    private final List<Path> paths;
    private final long totalBytes;
    private final List<String> names = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int next;
    private long doneBytes;
    private CaptureFileSource current;

    private SequenceSource(List<Path> paths, long totalBytes) {
        this.paths = List.copyOf(paths);
        this.totalBytes = totalBytes;
    }

    /**
     * Looks at each file and is ready to read them.
     *
     * @throws CaptureException when one of them is missing, unreadable, empty or no capture file
     */
    public static SequenceSource open(List<Path> paths) throws CaptureException {
        long total = 0;
        for (Path path : paths) {
            if (RawInput.isPipe(path)) {
                total = -1; // a pipe cannot be looked at twice
                continue;
            }
            try (CaptureFileSource source = CaptureFileSource.open(path)) {
                total = total < 0 ? -1 : total + source.progress().totalBytes();
            } catch (CaptureException e) {
                throw e;
            } catch (IOException e) {
                throw new CaptureException(path + " cannot be closed: " + e.getMessage(), e);
            }
        }
        return new SequenceSource(paths, total);
    }

    @Override
    public int poll(FrameSink sink, int limit) throws IOException {
        while (true) {
            if (current == null && !openNext()) {
                return ENDED;
            }
            int frames = current.poll(sink, limit);
            if (frames != ENDED) {
                return frames;
            }
            finish();
            if (Thread.currentThread().isInterrupted()) {
                return ENDED;
            }
        }
    }

    private synchronized boolean openNext() {
        while (next < paths.size()) {
            Path path = paths.get(next++);
            try {
                current = CaptureFileSource.open(path, names.size());
                return true;
            } catch (CaptureException e) {
                warnings.add(e.getMessage());
            }
        }
        return false;
    }

    private synchronized void finish() throws IOException {
        names.addAll(current.interfaces());
        warnings.addAll(current.warnings());
        doneBytes += current.progress().doneBytes();
        current.close();
        current = null;
    }

    @Override
    public synchronized List<String> interfaces() {
        List<String> all = new ArrayList<>(names);
        if (current != null) {
            all.addAll(current.interfaces());
        }
        return all;
    }

    @Override
    public synchronized List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        if (current != null) {
            all.addAll(current.warnings());
        }
        return all;
    }

    @Override
    public synchronized Progress progress() {
        long done = doneBytes + (current == null ? 0 : current.progress().doneBytes());
        return new Progress(done, totalBytes);
    }

    @Override
    public synchronized void close() throws IOException {
        next = paths.size();
        if (current != null) {
            current.close();
        }
    }
}
