package ips.core.alert;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.agrona.ErrorHandler;

/**
 * Lines to a stream that stays open, flushed one by one. When the stream fails (its reader has
 * gone), that is reported once and later lines are lost.
 */
final class StreamLines implements LineOutput {
    private final OutputStream stream;
    private final ErrorHandler errorHandler;
    private boolean failed;

    StreamLines(OutputStream stream, ErrorHandler errorHandler) {
        this.stream = stream;
        this.errorHandler = errorHandler;
    }

    @Override
    public void write(String line) {
        if (failed) {
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
            errorHandler.onError(
                    new IOException("cannot write EVE JSON to its stream: " + e.getMessage(), e));
        }
    }
}
