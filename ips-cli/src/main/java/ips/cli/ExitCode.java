package ips.cli;

/** What the sensor's exit status says; docs/operations.md and {@code --help} list them. */
public final class ExitCode {
    public static final int OK = 0;

    /** A bug: an exception that nobody foresaw. */
    public static final int INTERNAL = 1;

    /** An option or argument that does not exist or does not fit. */
    public static final int USAGE = 2;

    /** {@code --fail-on} found what it was to find. */
    public static final int FINDINGS = 3;

    /** A capture file that cannot be read. */
    public static final int INPUT = 4;

    /** The operating system does not allow it. */
    public static final int PERMISSION = 5;

    /** Something is missing on this host: an interface, a library, a free port, room on disk. */
    public static final int ENVIRONMENT = 6;

    /** The configuration is wrong. */
    public static final int CONFIGURATION = 7;

    /** The sensor was asked and did not do it, such as to ban what must never be banned. */
    public static final int REFUSED = 8;

    private ExitCode() {}
}
