package ips.core.rule.keyword;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * {@code filemd5:!list} and the like: whether a file's hash is in a list. Lists are read when the
 * rules are, relative to the file of the rule; a file is hashed when a rule asks for it.
 */
final class FileHashKeywords {
    private FileHashKeywords() {}

    static Keyword of(DataSet.Type type, String algorithm) {
        return (value, draft) -> {
            String text = RuleDraft.required(value).strip();
            boolean negated = text.startsWith("!");
            String name = RuleDraft.required(negated ? text.substring(1) : text).strip();
            draft.use(Buffer.FILE_WHOLE);
            draft.transform((in, memory) -> memory.hash(algorithm, in));
            draft.step(
                    new DataSetStep(
                            list(name, type, draft),
                            negated ? DataSetStep.Command.IS_NOT_SET : DataSetStep.Command.IS_SET,
                            null));
            draft.use(Buffer.PAYLOAD);
        };
    }

    /** The list of a file, which rules share that stand in one folder. */
    private static DataSet list(String name, DataSet.Type type, RuleDraft draft) {
        Path file = draft.file == null ? null : Path.of(draft.file).resolveSibling(name);
        String key = type + " " + (file == null ? name : file);
        DataSet known = draft.names().dataSet(key);
        if (known != null) {
            return known;
        }
        DataSet made = new DataSet(key, type, draft.names().dataSets());
        if (file != null) {
            load(made, file);
        }
        draft.names().add(made);
        return made;
    }

    private static void load(DataSet list, Path file) {
        try {
            if (Files.size(file) > DataSetKeywords.LARGEST_FILE) {
                throw new IllegalArgumentException(file + " is larger than 256 MiB");
            }
            try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                int number = 0;
                for (Iterator<String> i = lines.iterator(); i.hasNext(); ) {
                    number++;
                    add(list, i.next(), file, number);
                }
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + " does not exist", e);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
        if (list.loaded.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no hash");
        }
    }

    /** Takes a line such as md5sum writes; what stands behind the hash is not read. */
    private static void add(DataSet list, String line, Path file, int number) {
        if (line.isBlank() || " #,".indexOf(line.charAt(0)) >= 0) {
            return;
        }
        if (list.loaded.size() == DataSet.MOST_VALUES) {
            throw new IllegalArgumentException(
                    file + " holds more than " + DataSet.MOST_VALUES + " hashes");
        }
        int digits = list.type.length * 2;
        String hash = line.stripTrailing();
        try {
            byte[] bytes = HexFormat.of().parseHex(hash, 0, Math.min(digits, hash.length()));
            if (bytes.length == list.type.length) {
                list.loaded.put(new ByteKey(bytes), 0);
                return;
            }
        } catch (IllegalArgumentException e) {
            // told below, as one that is too short is
        }
        throw new IllegalArgumentException(
                "%s:%d: expected a hash of %d hexadecimal digits".formatted(file, number, digits));
    }
}
