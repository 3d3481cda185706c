package ips.cli.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything that is wrong with a configuration, found in one go. */
public final class ConfigException extends Exception {
    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(String.join("\n", problems.stream().map(Problem::toString).toList()));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing to mend.
     *
     * @param origin where it stands: {@code ips.yaml:12}, or the option on the command line
     * @param message what is wrong and what would be right
     */
    public record Problem(String origin, String message) {
        private static final Pattern LINE = Pattern.compile(".*:([0-9]{1,9})");

        /** The line it stands in, from 1; for an option as high as can be. */
        int line() {
            Matcher line = LINE.matcher(origin);
            return line.matches() ? Integer.parseInt(line.group(1)) : Integer.MAX_VALUE;
        }

        @Override
        public String toString() {
            return origin + ": " + message;
        }
    }
}
