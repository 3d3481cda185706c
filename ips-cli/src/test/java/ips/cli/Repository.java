package ips.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** Where the project's own files lie, whatever folder a test runs in. */
final class Repository {
    private Repository() {}

    static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve("mvnw")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not within the repository"));
    }

    /**
     * Captures of others, looked for in {@code shared/pcaps} beside the repository or where
     * IPS_SHARED says; a test that asks is skipped where there are none.
     */
    static Path sharedCaptures() {
        String told = System.getProperty("IPS_SHARED", System.getenv("IPS_SHARED"));
        Path here = Path.of("").toAbsolutePath();
        Path shared =
                told != null
                        ? Path.of(told)
                        : Stream.iterate(here, Objects::nonNull, Path::getParent)
                                .map(above -> above.resolve("shared"))
                                .filter(path -> Files.isDirectory(path.resolve("pcaps")))
                                .findFirst()
                                .orElse(here.resolve("shared"));
        Path captures = shared.resolve("pcaps");
        assumeTrue(Files.isDirectory(captures), "no shared captures at " + captures);
        return captures;
    }
}
