package ips.capture;

import java.io.IOException;

/**
 * A capture file or a link cannot be read. The message is one sentence for a person: it names the
 * file or the interface and, where there is one, the remedy.
 */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What the remedy is about. */
    public enum Reason {
        /** The operating system does not allow this process to capture. */
        PERMISSION,
        /** The filter is no filter. */
        FILTER,
        OTHER
    }

    private final Reason reason;

    public CaptureException(String message) {
        this(Reason.OTHER, message, null);
    }

    public CaptureException(String message, Throwable cause) {
        this(Reason.OTHER, message, cause);
    }

    public CaptureException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
