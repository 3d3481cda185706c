package ips.bench.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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
        return kind.equals("rule-test") ? "rule-test" : label;
    }

    /** Reads a corpus of JSON lines, plain or gzipped, record by record. */
    public static void read(Path corpus, Consumer<CorpusRequest> each) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (var file = Files.newInputStream(corpus);
                var plain =
                        corpus.toString().endsWith(".gz")
                                ? new GZIPInputStream(file, 1 << 16)
                                : file;
                var lines =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                each.accept(parse(mapper.readTree(line)));
            }
        }
    }

    private static CorpusRequest parse(JsonNode node) {
        List<Header> headers = new ArrayList<>();
        for (JsonNode header : node.get("headers")) {
            headers.add(new Header(header.get(0).asText(), header.get(1).asText()));
        }
        return new CorpusRequest(
                node.get("id").asText(),
                node.get("label").asText(),
                node.get("source").asText(),
                node.path("kind").asText(),
                node.path("place").asText(),
                node.get("method").asText(),
                node.get("uri").asText(),
                headers,
                Base64.getDecoder().decode(node.path("body").asText()));
    }
}
