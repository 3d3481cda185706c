package ips.core;

/** The error handler of engines that were given none. */
final class ErrorReports {
    private static final System.Logger LOG = System.getLogger("ips.core");

    private ErrorReports() {}

    static void log(Throwable error) {
        LOG.log(System.Logger.Level.ERROR, "internal error", error);
    }
}
