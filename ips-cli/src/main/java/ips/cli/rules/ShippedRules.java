package ips.cli.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules that come with the sensor: the repository's folder {@code rules}, within the jar. */
public final class ShippedRules {
    /** A file of rules each; what they are about stands at their heads. */
    static final List<String> FILES =
            List.of(
                    "exploits.rules",
                    "shells.rules",
                    "leaks.rules",
                    "malware.rules",
                    "protocol.rules");

    private ShippedRules() {}

    /** The texts by their names, {@code rules/exploits.rules} and so on. */
    public static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        FILES.forEach(file -> texts.put("rules/" + file, text(file)));
        return texts;
    }

    private static String text(String name) {
        try (InputStream in = ShippedRules.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
