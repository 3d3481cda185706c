package ips.capture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds sample captures beside the repository; tests are skipped where there are none. */
final class SharedFiles {
    private SharedFiles() {}

    static Path find(String name) {
        String set = System.getProperty("ips.shared", System.getenv("IPS_SHARED"));
        Path found = set == null ? null : Path.of(set, name);
        Path folder = Path.of("").toAbsolutePath();
        while (found == null && folder != null) {
            Path candidate = folder.resolve("shared").resolve(name);
            found = Files.exists(candidate) ? candidate : null;
            folder = folder.getParent();
        }
        boolean exists = found != null && Files.exists(found);
        assumeTrue(exists, "skipped: no shared/" + name + " beside the repository, see IPS_SHARED");
        return found;
    }
}
