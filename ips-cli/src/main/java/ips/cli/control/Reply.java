package ips.cli.control;

/**
 * What the sensor answers: an exit code for the command, and what it prints. On the wire: the code,
 * a line feed, the text.
 */
public record Reply(int exitCode, String text) {
    String wire() {
        return exitCode + "\n" + text;
    }

    static Reply parse(String wire) {
        int end = wire.indexOf('\n');
        return new Reply(Integer.parseInt(wire.substring(0, end)), wire.substring(end + 1));
    }
}
