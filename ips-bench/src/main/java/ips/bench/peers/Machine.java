package ips.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a figure was measured on. */
public final class Machine {
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*: (.*)$");
    private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s*(\\d+) kB");

    private Machine() {}

    /** Processor, cores, memory, system and Java, as far as they can be told. */
    public static Map<String, String> describe() {
        Map<String, String> machine = new LinkedHashMap<>();
        String model = first(MODEL, Path.of("/proc/cpuinfo"), System.getProperty("os.arch"));
        machine.put("cpu", model + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        String kilobytes = first(MEMORY, Path.of("/proc/meminfo"), "");
        if (!kilobytes.isEmpty()) {
            machine.put("memory", Long.parseLong(kilobytes) / (1 << 20) + " GiB");
        }
        String release = System.getProperty("os.version").replaceFirst("-.*", "");
        machine.put("system", System.getProperty("os.name") + " " + release);
        machine.put("java", System.getProperty("java.version"));
        return machine;
    }

    private static String first(Pattern pattern, Path file, String otherwise) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(file));
            return matcher.find() ? matcher.group(1).strip() : otherwise;
        } catch (IOException e) {
            return otherwise; // not Linux
        }
    }
}
