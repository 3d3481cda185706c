package ips.core.inspect;

/** What can be odd about FTP, by the names of {@code app-layer-event:ftp.*}. */
public enum FtpEvent {
    REQUEST_COMMAND_TOO_LONG,
    RESPONSE_COMMAND_TOO_LONG;

    long bit() {
        return 1L << ordinal();
    }
}
