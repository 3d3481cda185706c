package ips.core;

/** The error handler of engines that were given none. */
final class ErrorReports {
    private static final System.Logger LOG = System.getLogger("ips.core");

    private ErrorReports() {}

    static void log(Throwable error, long again) {
        String text = again == 0 ? "internal error" : "internal error, " + again + " times more";
        LOG.log(System.Logger.Level.ERROR, text, error);
    }
}
