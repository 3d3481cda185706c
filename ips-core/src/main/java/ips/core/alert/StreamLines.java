package ips.core.alert;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.agrona.ErrorHandler;

/**
 * Lines to a stream that stays open, flushed one by one. When the stream fails (its reader has
 * gone), that is reported once, and lines are lost and counted.
 */
final class StreamLines implements LineOutput {
    private final OutputStream stream;
    private final Counters counters;
    private final ErrorHandler errorHandler;
    private boolean failed;

    StreamLines(OutputStream stream, Counters counters, ErrorHandler errorHandler) {
        this.stream = stream;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    @Override
    public void write(String line) {
        if (failed) {
            counters.increment(Counter.LOG_LINES_LOST);
            return;
        }
        try {
            stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stream.flush();
            // A print stream throws nothing and has to be asked.
            if (stream instanceof PrintStream print && print.checkError()) {
                throw new IOException("its reader has gone");
            }
        } catch (IOException e) {
            failed = true;
            counters.increment(Counter.LOG_LINES_LOST);
            errorHandler.onError(
                    new IOException("cannot write EVE JSON to its stream: " + e.getMessage(), e));
        }
    }
}
