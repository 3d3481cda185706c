package ips.cli.doctor;

import java.util.Locale;

/**
 * What one check found.
 *
 * @param remedy the command that mends it, or ""
 */
public record Finding(Level level, String subject, String text, String remedy) {
    /** How bad it is. */
    public enum Level {
        OK,
        WARN,
        /** The sensor, or its bans, will not work. */
        WRONG;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text, "");
    }

    static Finding warn(String subject, String text, String remedy) {
        return new Finding(Level.WARN, subject, text, remedy);
    }

    static Finding wrong(String subject, String text, String remedy) {
        return new Finding(Level.WRONG, subject, text, remedy);
    }
}
