package ips.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
    void asksNothingOfALinkThatIsNotThere() {
        List<String> subjects =
                new Checks(List.of("nothere"), folder, "nft", false)
                        .run().stream().map(Finding::subject).toList();

        assertTrue(subjects.contains("interface"), subjects::toString);
        assertFalse(subjects.contains("offloads"), subjects::toString);
    }

    /** As those are that a switch mirrors traffic to. */
    @Test
    void findsALinkWithoutAnyAddress() throws Exception {
        String link = "ipsd" + ProcessHandle.current().pid() % 100_000;
        assumeTrue(
                succeeds("ip", "link", "add", link, "type", "veth", "peer", "name", link + "p"),
                "skipped: needs root and iproute2");
        try {
            succeeds("sysctl", "-qw", "net.ipv6.conf." + link + ".disable_ipv6=1");
            succeeds("ip", "link", "set", link, "up");

            Finding found =
                    new Checks(List.of(link), folder, "nft", false)
                            .run().stream()
                                    .filter(each -> each.subject().equals("interface"))
                                    .findFirst()
                                    .orElseThrow();

            assertEquals(link + " is up", found.text());
        } finally {
            succeeds("ip", "link", "del", link);
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
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
