package ips.cli.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;

/** One request: a JSON object of texts in one line, {@code {"command":"ban","address":"..."}}. */
public record Request(Map<String, String> fields) {
    /** Longest line, bytes. */
    static final int MOST_BYTES = 4096;

    private static final JsonFactory JSON = new JsonFactory();

    public String command() {
        return get("command");
    }

    /** The text of a field, "" where it is missing. */
    public String get(String field) {
        return fields.getOrDefault(field, "");
    }

    public boolean json() {
        return get("format").equals("json");
    }

    String line() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text + "\n";
    }

    /**
     * Reads a line.
     *
     * @throws IOException if it is anything but one object of texts, each of another name
     */
    static Request parse(byte[] line, int length) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(line, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw new IOException(name + " is not a text");
                }
                if (fields.putIfAbsent(name, parser.getText()) != null) {
                    throw new IOException(name + " stands twice");
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new IOException("not one JSON object");
            }
        }
        return new Request(fields);
    }
}
