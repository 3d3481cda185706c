package ips.core.block;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Keeps a {@link BanMemory} from one run to the next: a JSON file, replaced as a whole, so that a
 * crash at any moment leaves the old one or the new one.
 *
 * <pre>{"version":1,"bans":[{"address","scope","kind","reason","from","until","repeat"}],
 * "repeats":[{"address","bans","last_end"}]}</pre>
 *
 * <p>Times are nanoseconds since 1970. At most {@link #MOST_ENTRIES} of each are written, and a
 * file longer than {@link #MOST_BYTES} is not read.
 */
public final class BanMemoryFile {
    static final int VERSION = 1;
    static final int MOST_ENTRIES = 100_000;
    static final long MOST_BYTES = 64 << 20;
    private static final int MOST_REASON = 400;
    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;

    public BanMemoryFile(Path file) {
        this.file = file;
    }

    /** Whether it is where it was written, and nobody has removed it. */
    public boolean isThere() {
        return Files.exists(file);
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Replaces the file; the folder is made where it is missing. */
    public void write(BanMemory memory) throws IOException {
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        Path next = absolute.resolveSibling(absolute.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            JsonGenerator json =
                    JSON.createGenerator(
                            new BufferedOutputStream(Channels.newOutputStream(channel)),
                            JsonEncoding.UTF8);
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            write(json, memory);
            json.flush();
            channel.force(true);
        }
        Files.move(
                next,
                absolute,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(JsonGenerator json, BanMemory memory) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", VERSION);
        json.writeArrayFieldStart("bans");
        // Of too many, those that last longest: they come last.
        int bans = memory.bans().size();
        for (Ban ban : memory.bans().subList(Math.max(0, bans - MOST_ENTRIES), bans)) {
            json.writeStartObject();
            json.writeStringField("address", ban.address().toString());
            json.writeStringField("scope", ban.scope().word());
            json.writeStringField("kind", ban.kind() == null ? "" : ban.kind().word());
            String reason = ban.reason();
            json.writeStringField(
                    "reason", reason.substring(0, Math.min(reason.length(), MOST_REASON)));
            json.writeNumberField("from", ban.fromNs());
            json.writeNumberField("until", ban.untilNs());
            json.writeNumberField("repeat", ban.repeat());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("repeats");
        int skip = Math.max(0, memory.repeats().size() - MOST_ENTRIES);
        for (var each : memory.repeats().entrySet()) {
            if (skip-- > 0) {
                continue;
            }
            json.writeStartObject();
            json.writeStringField("address", each.getKey().toString());
            json.writeNumberField("bans", each.getValue().bans());
            json.writeNumberField("last_end", each.getValue().lastEndNs());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /**
     * What the last run remembered; {@link BanMemory#NONE} where there is no file.
     *
     * @throws IOException with one sentence, where the file is not one of these
     */
    public BanMemory read() throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(file + " is longer than 64 MiB and is not read");
            }
            return parse();
        } catch (NoSuchFileException e) {
            return BanMemory.NONE;
        } catch (com.fasterxml.jackson.core.JsonProcessingException | RuntimeException e) {
            throw new IOException(
                    file + " is damaged; reasons and repeat counts of earlier bans are lost", e);
        }
    }

    private BanMemory parse() throws IOException {
        List<Ban> bans = new ArrayList<>();
        Map<Cidr, BanMemory.Past> repeats = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            String list = "";
            int version = 0;
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT && ++depth > 1) {
                    Map<String, String> entry = entry(parser);
                    depth--;
                    if (list.equals("bans") && bans.size() < MOST_ENTRIES) {
                        bans.add(ban(entry));
                    } else if (list.equals("repeats") && repeats.size() < MOST_ENTRIES) {
                        repeats.put(
                                Cidr.parse(entry.get("address")),
                                new BanMemory.Past(
                                        Integer.parseInt(entry.get("bans")),
                                        Long.parseLong(entry.get("last_end"))));
                    }
                } else if (token == JsonToken.FIELD_NAME) {
                    list = parser.currentName();
                } else if (token == JsonToken.VALUE_NUMBER_INT && list.equals("version")) {
                    version = parser.getIntValue();
                }
            }
            if (version != VERSION) {
                throw new IOException(
                        file + " is of version " + version + ", not " + VERSION + ": not read");
            }
        }
        return new BanMemory(bans, repeats);
    }

    private static Map<String, String> entry(JsonParser parser) throws IOException {
        Map<String, String> entry = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            entry.put(name, parser.getText());
        }
        return entry;
    }

    private static Ban ban(Map<String, String> entry) {
        BanScope scope =
                Stream.of(BanScope.values())
                        .filter(each -> each.word().equals(entry.get("scope")))
                        .findFirst()
                        .orElseThrow();
        Kind kind =
                Kind.ALL.stream()
                        .filter(each -> each.word().equals(entry.get("kind")))
                        .findFirst()
                        .orElse(null);
        return new Ban(
                Cidr.parse(entry.get("address")),
                scope,
                kind,
                entry.get("reason"),
                Long.parseLong(entry.get("from")),
                Long.parseLong(entry.get("until")),
                Integer.parseInt(entry.get("repeat")));
    }
}
