package ips.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {
    @TempDir private Path folder;

    private Finding nft(String program, boolean blocks) {
        return new Checks(List.of(), folder, program, blocks)
                .run().stream()
                        .filter(each -> each.subject().equals("nft"))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void missesNftOnlyWhereItIsToBlock() {
        String missing = folder.resolve("nft").toString();

        assertEquals(Finding.Level.WARN, nft(missing, false).level());
        assertEquals(Finding.Level.WRONG, nft(missing, true).level());
        assertEquals(
                missing + " is missing: --block nft blocks nothing", nft(missing, true).text());
    }

    @Test
    void tellsAProgramThatFailsFromOneThatIsMissing() throws IOException {
        Path failing = folder.resolve("nft");
        Files.writeString(failing, "#!/bin/sh\necho no library; exit 1\n");
        Files.setPosixFilePermissions(failing, PosixFilePermissions.fromString("rwx------"));

        assertEquals(
                failing + " failed (no library): --block nft blocks nothing",
                nft(failing.toString(), true).text());
    }
}
