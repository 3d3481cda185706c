package ips.cli.control;

import ips.cli.ExitCode;
import ips.cli.report.Json;
import java.util.List;

/**
 * What the sensor answers: an exit code for the command, and what it prints. On the wire: the code,
 * a line feed, the text.
 */
public record Reply(int exitCode, String text) {
    /** A success, told as the request wants it. */
    static Reply ok(Request request, List<String> lines, Json.Content result) {
        if (!request.json()) {
            return new Reply(ExitCode.OK, String.join("\n", lines) + "\n");
        }
        return new Reply(ExitCode.OK, Json.of(result) + "\n");
    }

    /** A success of which one sentence says all. */
    static Reply done(Request request, String sentence) {
        return ok(
                request,
                List.of(sentence),
                json -> {
                    json.writeStartObject();
                    json.writeStringField("done", sentence);
                    json.writeEndObject();
                });
    }

    String wire() {
        return exitCode + "\n" + text;
    }

    static Reply parse(String wire) {
        int end = wire.indexOf('\n');
        return new Reply(Integer.parseInt(wire.substring(0, end)), wire.substring(end + 1));
    }
}
