package ips.core.alert;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How a message to syslog begins: as the local daemon wants it, or as RFC 5424 has it. */
public final class SyslogFormat {
    /** Where a daemon files messages under, as RFC 5424 numbers it. */
    public enum Facility {
        USER(1),
        DAEMON(3),
        AUTH(4),
        AUTHPRIV(10),
        LOCAL0(16),
        LOCAL1(17),
        LOCAL2(18),
        LOCAL3(19),
        LOCAL4(20),
        LOCAL5(21),
        LOCAL6(22),
        LOCAL7(23);

        private final int number;

        Facility(int number) {
            this.number = number;
        }
    }

    /** The severity of bans and releases; rules' and kinds' are 1, the worst, to 3 and beyond. */
    static final int BAN_SEVERITY = 3;

    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int LONGEST_HOST = 255;

    /** What every receiver takes, RFC 5424 §6.1. */
    private static final int LONGEST = 2048;

    private final Facility facility;
    private final String host;
    private final long pid;
    private final DateTimeFormatter time;

    private SyslogFormat(Facility facility, String host, long pid, DateTimeFormatter time) {
        this.facility = facility;
        this.host = host;
        this.pid = pid;
        this.time = time;
    }

    /** As syslog(3) writes it, to the second and in the host's own time. */
    public static SyslogFormat local(Facility facility, long pid) {
        return new SyslogFormat(
                facility,
                null,
                pid,
                DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT)
                        .withZone(ZoneId.systemDefault()));
    }

    /**
     * As RFC 5424 has it, in UTC to the microsecond.
     *
     * @param host this host's name; anything but printable ASCII is left out
     */
    public static SyslogFormat rfc5424(Facility facility, String host, long pid) {
        String name = host.replaceAll("[^!-~]", "");
        name = name.length() > LONGEST_HOST ? name.substring(0, LONGEST_HOST) : name;
        return new SyslogFormat(
                facility,
                name.isEmpty() ? "-" : name,
                pid,
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX", Locale.ROOT)
                        .withZone(ZoneOffset.UTC));
    }

    /**
     * @param severity 1, the worst, to 3 and beyond
     * @param kind alert, ban or release
     * @param text printable ASCII
     */
    String message(long ns, int severity, String kind, String text) {
        int level = severity <= 1 ? ERROR : severity == 2 ? WARNING : NOTICE;
        int priority = facility.number * 8 + level;
        String at = time.format(Texts.instant(ns));
        String message =
                host == null
                        ? "<" + priority + ">" + at + " ips[" + pid + "]: " + text
                        : "<" + priority + ">1 " + at + " " + host + " ips " + pid + " " + kind
                                + " - " + text;
        return message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    }
}
