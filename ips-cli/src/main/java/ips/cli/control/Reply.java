package ips.cli.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import ips.cli.ExitCode;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/**
 * What the sensor answers: an exit code for the command, and what it prints. On the wire: the code,
 * a line feed, the text.
 */
public record Reply(int exitCode, String text) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Writes one value, the result as JSON. */
    interface Json {
        void write(JsonGenerator json) throws IOException;
    }

    /** A success, told as the request wants it. */
    static Reply ok(Request request, List<String> lines, Json result) {
        if (!request.json()) {
            return new Reply(ExitCode.OK, String.join("\n", lines) + "\n");
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            result.write(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new Reply(ExitCode.OK, text + "\n");
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
