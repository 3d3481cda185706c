package ips.core.rule.keyword;

import ips.core.packet.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@code dataset} and {@code datarep}. Files are read when the rules are, relative to the file of
 * the rule; nothing is ever written, whatever {@code save} and {@code state} say.
 */
final class DataSetKeywords {
    static final long LARGEST_FILE = 256L << 20;
    private static final int MOST_REPUTATION = 65_535;

    private DataSetKeywords() {}

    static void dataset(String value, RuleDraft draft) {
        String[] parts = parts(value, 2);
        DataSetStep.Command command =
                switch (parts[0]) {
                    case "isset" -> DataSetStep.Command.IS_SET;
                    case "isnotset" -> DataSetStep.Command.IS_NOT_SET;
                    case "set" -> DataSetStep.Command.SET;
                    case "unset" -> DataSetStep.Command.UNSET;
                    default -> throw new IllegalArgumentException("unknown command " + parts[0]);
                };
        DataSet set = set(parts, 2, parts[1], draft);
        draft.asksHosts |=
                command == DataSetStep.Command.SET || command == DataSetStep.Command.UNSET;
        add(new DataSetStep(set, command, null), draft);
    }

    static void datarep(String value, RuleDraft draft) {
        String[] parts = parts(value, 3);
        if (!parts[1].matches("[<>=]")) {
            throw new IllegalArgumentException("expected <, > or =, not " + parts[1]);
        }
        NumberTest test = NumberTest.parse(parts[1] + parts[2], MOST_REPUTATION);
        DataSet set = set(parts, 3, parts[0], draft);
        add(new DataSetStep(set, DataSetStep.Command.REPUTATION, test), draft);
    }

    private static void add(DataSetStep step, RuleDraft draft) {
        if (draft.current().buffer == Buffer.PAYLOAD) {
            throw new IllegalArgumentException("there is no buffer before it");
        }
        draft.step(step);
    }

    private static String[] parts(String value, int least) {
        String[] parts = RuleDraft.required(value).split(",");
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].strip();
        }
        if (parts.length < least) {
            throw new IllegalArgumentException("expected a command and the name of a set");
        }
        return parts;
    }

    private static DataSet set(String[] parts, int from, String name, RuleDraft draft) {
        DataSet.Type type = null;
        String file = null;
        boolean mayBeMissing = false;
        for (String part : Arrays.asList(parts).subList(from, parts.length)) {
            String[] words = part.split("\\s+", 2);
            if (words.length < 2) {
                throw new IllegalArgumentException("a word is missing behind " + part);
            }
            switch (words[0]) {
                case "type" -> type = type(words[1]);
                case "load" -> file = words[1];
                case "state" -> {
                    file = words[1];
                    mayBeMissing = true;
                }
                case "save", "memcap", "hashsize" -> {}
                default -> throw new IllegalArgumentException("unknown word " + words[0]);
            }
        }
        DataSet known = draft.names().dataSet(name);
        if (known != null) {
            if (type != null && type != known.type) {
                throw new IllegalArgumentException(
                        name + " is of another type in a rule before it");
            }
            return known;
        }
        if (type == null) {
            throw new IllegalArgumentException("a type is missing for the set " + name);
        }
        DataSet made = new DataSet(name, type, draft.names().dataSets());
        if (file != null && draft.file != null) {
            load(made, Path.of(draft.file).resolveSibling(file), mayBeMissing);
        }
        draft.names().add(made);
        return made;
    }

    private static DataSet.Type type(String word) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "string" -> DataSet.Type.STRING;
            case "md5" -> DataSet.Type.MD5;
            case "sha256" -> DataSet.Type.SHA256;
            case "ipv4" -> DataSet.Type.IPV4;
            case "ip" -> DataSet.Type.IP;
            default -> throw new IllegalArgumentException("unknown type " + word);
        };
    }

    private static void load(DataSet set, Path file, boolean mayBeMissing) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IllegalArgumentException(file + " is larger than 256 MiB");
            }
            try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                int number = 0;
                for (Iterator<String> i = lines.iterator(); i.hasNext(); ) {
                    String line = i.next().strip();
                    number++;
                    if (!line.isEmpty()) {
                        add(set, line, file, number);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            if (!mayBeMissing) {
                throw new IllegalArgumentException(file + " does not exist", e);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void add(DataSet set, String line, Path file, int number) {
        if (set.loaded.size() == DataSet.MOST_VALUES) {
            throw new IllegalArgumentException(
                    file + " holds more than " + DataSet.MOST_VALUES + " values");
        }
        String[] parts = line.split(",", 2);
        try {
            int reputation =
                    parts.length == 1 ? 0 : (int) NumberTest.number(parts[1], MOST_REPUTATION);
            set.loaded.put(new ByteKey(bytes(set.type, parts[0].strip())), reputation);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ":" + number + ": no value of a set of this type", e);
        }
    }

    private static byte[] bytes(DataSet.Type type, String text) {
        byte[] bytes =
                switch (type) {
                    case STRING -> Base64.getDecoder().decode(text);
                    case MD5, SHA1, SHA256 -> HexFormat.of().parseHex(text);
                    case IPV4, IP -> IpAddress.parse(text).bytes();
                };
        if (type.length != 0 && bytes.length != type.length) {
            throw new IllegalArgumentException("a value of " + bytes.length + " bytes");
        }
        return bytes;
    }
}
