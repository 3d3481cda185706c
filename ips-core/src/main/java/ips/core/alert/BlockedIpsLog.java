package ips.core.alert;

import ips.core.block.Ban;
import ips.core.block.BlockListener;
import ips.core.block.Detection;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.ErrorHandler;

/**
 * The log of bans: {@code blocked_ips.log}, a line per ban and a line per release, UTC.
 *
 * <pre>
 * 2026-11-23T06:46:25.123Z ban 198.51.100.7 scope=syn duration=60s repeat=0 reason="SYN flood: ..."
 * 2026-11-23T06:47:25.123Z release 198.51.100.7 scope=syn duration=60s why=expired reason="..."
 * </pre>
 *
 * <p>A line with {@code restore} is of a ban that an earlier run gave and that still stands. A ban
 * that is prolonged makes no line of its own; its release tells how long it was in the end. Times
 * never go back from one line to the next, unless the clock of the frames was set back. Text is
 * printable ASCII, everything else escaped with backslashes, so a line stays one line. Rotated by
 * size. Written on the block manager's thread; a file that cannot be written costs one sentence to
 * the error handler, and the lines, which are counted.
 */
public final class BlockedIpsLog implements BlockListener {
    /** Its name in the log directory. */
    public static final String FILE_NAME = "blocked_ips.log";

    public static final long DEFAULT_MOST_BYTES = 10 << 20;
    public static final int DEFAULT_KEPT = 5;

    private final LineFile file;
    private long nowNs;
    private long tickedNs;

    /** The time of the line before. */
    private long writtenNs;

    /** With rotation at 10 MiB, keeping five earlier files. */
    public BlockedIpsLog(Path logDirectory, Counters counters, ErrorHandler errorHandler) {
        this(logDirectory, DEFAULT_MOST_BYTES, DEFAULT_KEPT, counters, errorHandler);
    }

    /**
     * @param logDirectory made when the first line is written
     * @param mostBytes size beyond which a new file is begun
     * @param kept how many earlier files stay, as {@code blocked_ips.log.1} (the latest) and so on
     * @param counters of the block manager's thread
     */
    public BlockedIpsLog(
            Path logDirectory,
            long mostBytes,
            int kept,
            Counters counters,
            ErrorHandler errorHandler) {
        file =
                new LineFile(
                        logDirectory.resolve(FILE_NAME), mostBytes, kept, counters, errorHandler);
    }

    @Override
    public void banned(Ban ban, Detection cause, boolean prolonged) {
        nowNs = Math.max(nowNs, cause == null ? ban.fromNs() : cause.lastNs());
        if (!prolonged || cause == null) {
            write(ban.fromNs(), "ban", ban, ban.untilNs(), "repeat=" + ban.repeat());
        }
    }

    @Override
    public void restored(Ban ban) {
        long leftNs = ban.untilNs() - Math.max(nowNs, ban.fromNs());
        write(
                Math.max(nowNs, ban.fromNs()),
                "restore",
                ban,
                ban.untilNs(),
                "left=" + Texts.duration(leftNs));
    }

    @Override
    public void released(Ban ban, ReleaseReason reason) {
        long endNs = ban.endedNs(reason, Math.max(nowNs, writtenNs));
        String why = "why=" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
        write(endNs, "release", ban, endNs, why);
    }

    @Override
    public void allowed(Cidr network, long allowedNs) {
        write(allowedNs, "allow " + network + " why=by-hand");
    }

    @Override
    public void disallowed(Cidr network, long disallowedNs) {
        write(disallowedNs, "disallow " + network + " why=by-hand");
    }

    @Override
    public void tick(long tickNs) {
        if (tickNs < tickedNs) {
            writtenNs = 0; // the clock was set back
        }
        tickedNs = tickNs;
        nowNs = tickNs;
    }

    private void write(long timeNs, String event, Ban ban, long endNs, String more) {
        String reason = ban.reason().replace("\"", "\\\"");
        write(
                timeNs,
                event
                        + " "
                        + ban.address()
                        + " scope="
                        + ban.scope().word()
                        + " duration="
                        + Texts.duration(endNs - ban.fromNs())
                        + " "
                        + more
                        + " reason=\""
                        + reason
                        + "\"");
    }

    /** What ran out between two ticks may be told behind what came after it. */
    private void write(long timeNs, String event) {
        writtenNs = Math.max(writtenNs, timeNs);
        file.write(Texts.isoTime(writtenNs) + " " + event);
    }

    /** Opens the file anew at the next line, after someone moved it away; from any thread. */
    public void reopen() {
        file.reopen();
    }

    @Override
    public void close() {
        file.close();
    }
}
