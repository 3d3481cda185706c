package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the packages to the layers of docs/architecture.md, and hot types to what hot means. */
class LayeringTest {
    private static final String ROOT = "ips.core";

    /** Packages from the lowest up; each may use any above it in this list. */
    private static final List<String> LAYERS =
            List.of(
                    "counter",
                    "packet",
                    "match",
                    "regex",
                    "verdict",
                    "payload",
                    "http",
                    "flow",
                    "stream",
                    "inspect",
                    "rule.keyword",
                    "rule",
                    "detect",
                    "pipeline",
                    "block",
                    "alert",
                    "metrics");

    private static final Path CLASSES = Path.of("target", "classes");

    private static final Pattern FORBIDDEN_EVERYWHERE =
            Pattern.compile(
                    "invokedynamic|monitorenter|java/lang/System\\.(nanoTime|currentTimeMillis)"
                            + "|java/time/Instant\\.now|java/lang/StringBuilder|java/util/stream");

    private static final Pattern ALLOCATION =
            Pattern.compile("\\b(new|newarray|anewarray|multianewarray|athrow)\\b");

    @Test
    void packagesUseOnlyLowerLayers() {
        List<String> violations = new ArrayList<>();
        Pattern edge =
                Pattern.compile("\\s+(ips\\.core[\\w.]*)\\s+->\\s+(ips\\.core[\\w.]*)\\s+.*");
        String report =
                run(
                        "jdeps",
                        "--multi-release",
                        "base",
                        "-verbose:package",
                        "-filter:none",
                        CLASSES.toString());

        report.lines()
                .map(edge::matcher)
                .filter(Matcher::matches)
                .forEach(
                        match -> {
                            int user = layer(match.group(1));
                            int used = layer(match.group(2));
                            boolean annotation = match.group(2).equals(ROOT);
                            if (used > user && !annotation) {
                                violations.add(match.group(1) + " uses " + match.group(2));
                            }
                        });

        assertTrue(report.contains("ips.core.pipeline"), report);
        assertEquals(List.of(), violations);
    }

    @Test
    void theDocsListTheLayersInTheirOrder() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "architecture.md"));
        String table = page.substring(page.indexOf("| package | job |"));
        table = table.substring(0, table.indexOf("\n\n"));
        List<String> listed = new ArrayList<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|").matcher(table);
        while (row.find()) {
            listed.add(row.group(1));
        }

        assertEquals(LAYERS, listed);
    }

    @Test
    void everyPackageHasItsLayer() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CLASSES.resolve("ips/core"))) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> CLASSES.relativize(file.getParent()).toString().replace('/', '.'))
                    .forEach(packages::add);
        }

        for (String name : packages) {
            layer(name);
        }
    }

    @Test
    void onlyTheMarkersOfTheRootAreUsedBelowIt() throws Exception {
        List<String> violations = new ArrayList<>();
        Set<String> markers = Set.of("HotPath", "ColdPath", "Setting", "Settings");
        Pattern use =
                Pattern.compile(
                        "\\s+(ips\\.core\\.\\w+\\.[\\w.$]+)\\s+->\\s+ips\\.core\\.([A-Z]\\w*)\\s+.*");

        run(
                        "jdeps",
                        "--multi-release",
                        "base",
                        "-verbose:class",
                        "-filter:none",
                        CLASSES.toString())
                .lines()
                .map(use::matcher)
                .filter(Matcher::matches)
                .filter(match -> !markers.contains(match.group(2)))
                .forEach(match -> violations.add(match.group(1) + " uses " + match.group(2)));

        assertEquals(List.of(), violations);
    }

    @Test
    void hotTypesAllocateNothingBuildNoTextAndReadNoClock() throws Exception {
        List<String> violations = new ArrayList<>();
        int hot = 0;

        for (Class<?> type : hotTypes()) {
            hot++;
            for (Map.Entry<String, List<String>> method : code(type).entrySet()) {
                if (isCold(type, method.getKey())) {
                    continue;
                }
                for (String line : method.getValue()) {
                    if (FORBIDDEN_EVERYWHERE.matcher(line).find()
                            || ALLOCATION.matcher(line.split("//")[0]).find()) {
                        violations.add(
                                type.getName() + "." + method.getKey() + ": " + line.strip());
                    }
                }
            }
        }

        assertTrue(hot > 5, "hot types found: " + hot);
        assertEquals("", String.join("\n", violations));
    }

    /** The layer of a package, or of the one that it is a part of. */
    private static int layer(String name) {
        if (name.equals(ROOT)) {
            return LAYERS.size();
        }
        String part = name.substring(ROOT.length() + 1);
        while (!LAYERS.contains(part) && part.contains(".")) {
            part = part.substring(0, part.lastIndexOf('.'));
        }
        int layer = LAYERS.indexOf(part);
        assertTrue(layer >= 0, "not in the table of layers: " + name);
        return layer;
    }

    private static List<Class<?>> hotTypes() throws Exception {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(CLASSES.resolve("ips/core"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                String name =
                        CLASSES.relativize(file).toString().replace('/', '.').replace(".class", "");
                if (name.endsWith("-info")) {
                    continue;
                }
                Class<?> type = Class.forName(name, false, LayeringTest.class.getClassLoader());
                if (isHot(type)) {
                    types.add(type);
                }
            }
        }
        return types;
    }

    private static boolean isHot(Class<?> type) {
        if (type.isRecord()
                || type.isEnum()
                || type.isInterface()
                || Throwable.class.isAssignableFrom(type)) {
            return false;
        }
        for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
            if (outer.getSimpleName().equals("Builder")
                    || outer.isAnnotationPresent(ColdPath.class)
                    || outer.isRecord()
                    || outer.isEnum()) {
                return false;
            }
            if (outer.isAnnotationPresent(HotPath.class)) {
                return true;
            }
        }
        return type.getPackage().isAnnotationPresent(HotPath.class);
    }

    private static boolean isCold(Class<?> type, String method) {
        if (method.equals(type.getName())
                || method.equals("static {}")
                || method.equals("toString")
                || method.startsWith("lambda$new$")) {
            return true;
        }
        for (Method declared : type.getDeclaredMethods()) {
            if (declared.getName().equals(method) && declared.isAnnotationPresent(ColdPath.class)) {
                return true;
            }
        }
        return false;
    }

    /** The instructions of each method by its name, as javap prints them. */
    private static Map<String, List<String>> code(Class<?> type) {
        Map<String, List<String>> methods = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        Pattern header = Pattern.compile("  .*?([\\w.$]+)\\(.*\\).*;");
        String file = CLASSES.resolve(type.getName().replace('.', '/') + ".class").toString();
        for (String line : run("javap", "-c", "-p", file).lines().toList()) {
            Matcher matcher = header.matcher(line);
            if (line.startsWith("  static {}")) {
                current = methods.computeIfAbsent("static {}", name -> new ArrayList<>());
            } else if (!line.startsWith("   ") && matcher.matches()) {
                current = methods.computeIfAbsent(matcher.group(1), name -> new ArrayList<>());
            } else {
                current.add(line);
            }
        }
        return methods;
    }

    private static String run(String tool, String... arguments) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, arguments);
        return out.toString();
    }
}
