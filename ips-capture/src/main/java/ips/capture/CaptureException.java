package ips.capture;

import java.io.IOException;

/**
 * A capture file or a link cannot be read. The message is one sentence for a person: it names the
 * file or the interface and, where there is one, the remedy.
 */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    public CaptureException(String message) {
        super(message);
    }

    public CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
