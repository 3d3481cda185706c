package ips.cli.eval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * One labelled request of a corpus.
 *
 * @param id the record's name
 * @param label benign, or the word of the attack's kind
 * @param source where the text comes from
 * @param kind of attack record or of honest request
 * @param place where the payload sits
 * @param method of the request line
 * @param uri bytes as ISO-8859-1
 * @param headers in order, bytes as ISO-8859-1
 * @param body as sent
 */
public record CorpusRequest(
        String id,
        String label,
        String source,
        String kind,
        String place,
        String method,
        String uri,
        List<Header> headers,
        byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Kinds of honest requests whose false positives count. */
    private static final Set<String> CORE =
            Set.of(
                    "browse",
                    "form",
                    "text",
                    "text-i18n",
                    "techtext",
                    "name",
                    "password",
                    "json",
                    "graphql",
                    "upload",
                    "base64",
                    "bot-ua");

    /** One header line. */
    public record Header(String name, String value) {}

    public boolean benign() {
        return label.equals("benign");
    }

    /**
     * The row it counts in: its label, {@code rule-test}, {@code benign-core} or {@code
     * benign-hard}.
     */
    public String row() {
        if (benign()) {
            return CORE.contains(kind) ? "benign-core" : "benign-hard";
        }
        return isRuleTest() ? "rule-test" : label;
    }

    /** Whether it counts in no rate: a fragment that tests a single rule. */
    public boolean isRuleTest() {
        return kind.equals("rule-test");
    }

    /**
     * Reads a corpus of JSON lines, plain or gzipped, record by record.
     *
     * @throws IOException if it cannot be read, or a line is no record: the message names it
     */
    public static void read(Path corpus, Consumer<CorpusRequest> each) throws IOException {
        try (var file = Files.newInputStream(corpus);
                var plain =
                        corpus.toString().endsWith(".gz")
                                ? new GZIPInputStream(file, 1 << 16)
                                : file;
                var lines =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    each.accept(parse(line, corpus + ":" + number));
                }
            }
        }
    }

    private static CorpusRequest parse(String line, String place) throws IOException {
        Map<String, String> fields = new HashMap<>();
        List<Header> headers = new ArrayList<>();
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("headers")) {
                    headers(json, headers);
                } else if (value.isStructStart()) {
                    json.skipChildren();
                } else {
                    fields.put(name, json.getValueAsString(""));
                }
            }
            for (String field : List.of("id", "label", "source", "method", "uri")) {
                if (!fields.containsKey(field)) {
                    throw new IllegalArgumentException("it has no " + field);
                }
            }
            return new CorpusRequest(
                    fields.get("id"),
                    fields.get("label"),
                    fields.get("source"),
                    fields.getOrDefault("kind", ""),
                    fields.getOrDefault("place", ""),
                    fields.get("method"),
                    fields.get("uri"),
                    headers,
                    Base64.getDecoder().decode(fields.getOrDefault("body", "")));
        } catch (JsonProcessingException e) {
            throw new IOException(place + ": no JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(place + ": no request: " + e.getMessage(), e);
        }
    }

    /** {@code [["Host", "a"], ...]}. */
    private static void headers(JsonParser json, List<Header> headers) throws IOException {
        while (json.nextToken() == JsonToken.START_ARRAY) {
            String name = json.nextTextValue();
            String value = json.nextTextValue();
            if (name == null || value == null || json.nextToken() != JsonToken.END_ARRAY) {
                throw new IllegalArgumentException("a header is a name and a value");
            }
            headers.add(new Header(name, value));
        }
    }
}
