package ips.capture;

import ips.core.pipeline.FrameSink;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The same links, or the same files, opened once for each of several pipelines: each polls a part
 * on a thread of its own. To people it is one source.
 */
final class FanOutSource implements CaptureSource {
    private final List<CaptureSource> parts;

    FanOutSource(List<CaptureSource> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public List<CaptureSource> parts() {
        return parts;
    }

    /** Polls the first part, which alone is no more than that pipeline's. */
    @Override
    public int poll(FrameSink sink, int limit) throws IOException {
        return parts.get(0).poll(sink, limit);
    }

    @Override
    public List<String> interfaces() {
        return parts.get(0).interfaces();
    }

    @Override
    public List<String> warnings() {
        return parts.stream().flatMap(part -> part.warnings().stream()).distinct().toList();
    }

    @Override
    public Progress progress() {
        return parts.get(0).progress();
    }

    @Override
    public String status() {
        return parts.stream()
                .map(CaptureSource::status)
                .filter(status -> !status.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    @Override
    public void close() throws IOException {
        Closing.all(parts);
    }
}
