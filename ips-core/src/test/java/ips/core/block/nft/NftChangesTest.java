package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program in nft's place that writes down what it takes, and refuses what it is told to. */
class NftChangesTest {
    private static final NftConfig CONFIG = NftConfig.DEFAULTS;
    private static final String INVALID = "Error: Could not process rule: Invalid argument:";
    private static final String FULL =
            "Error: Could not process rule: Too many open files in system";

    @TempDir private Path folder;

    private final List<String> notices = new ArrayList<>();
    private final KernelBans kernel = new KernelBans();
    private NftablesEnforcer enforcer;
    private NftChanges changes;

    @BeforeEach
    void makeProgram() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: needs a shell");
        Path program = folder.resolve("nft");
        Files.writeString(
                program,
                """
                #!/bin/sh
                cd "${0%/*}"
                echo run >> runs
                cat > script
                bad=$(grep -o -f refused script | head -n 1)
                [ -z "$bad" ] || { echo "$(cat errors) $bad" >&2; exit 1; }
                cat script >> taken
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("refused", "errors", "taken", "runs")) {
            Files.createFile(folder.resolve(name));
        }
        // It knows what is wanted; what its own keeper does comes to nothing.
        NftConfig idle =
                new NftConfig(
                        "ips", List.of(), NftConfig.OnExit.KEEP, Duration.ofSeconds(1), "/none");
        enforcer = new NftablesEnforcer(idle, 4096, notice -> {});
        changes =
                new NftChanges(
                        CONFIG,
                        new NftCommand(program.toString()),
                        new NftScript(CONFIG, 4096, true),
                        enforcer,
                        kernel,
                        new NftNews(notices::add));
    }

    @AfterEach
    void stop() {
        if (enforcer != null) {
            enforcer.close();
        }
    }

    /** Lets the program refuse whatever holds one of the texts. */
    private void refuse(String error, String... texts) throws IOException {
        Files.writeString(folder.resolve("errors"), error);
        Files.write(folder.resolve("refused"), List.of(texts));
    }

    private String taken() throws IOException {
        return Files.readString(folder.resolve("taken"));
    }

    private int runs() throws IOException {
        return Files.readAllLines(folder.resolve("runs")).size();
    }

    private static Ban ban(String address, int seconds) {
        long untilNs = Now.ns() + seconds * 1_000_000_000L;
        return new Ban(Cidr.parse(address), BanScope.ALL, null, "test", 0, untilNs, 0);
    }

    private static BanKey key(String address) {
        return new BanKey(Cidr.parse(address), BanScope.ALL);
    }

    private static List<Ban> many(int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> ban("20.1." + i / 250 + "." + i % 250, 600))
                .toList();
    }

    private NftFault change(List<Ban> bans, String... others) {
        enforcer.enforce(bans);
        Set<BanKey> keys = new LinkedHashSet<>();
        bans.forEach(ban -> keys.add(BanKey.of(ban)));
        Stream.of(others).map(NftChangesTest::key).forEach(keys::add);
        return changes.change(keys);
    }

    @Test
    void entersWhatIsWantedAndRemovesWhatIsNot() throws IOException {
        kernel.entered(key("192.0.2.2"), Now.ns() + 60_000_000_000L);

        assertNull(change(List.of(ban("192.0.2.1", 60)), "192.0.2.2", "192.0.2.3"));

        assertEquals(1, runs());
        assertTrue(taken().contains("delete element inet ips all4 { 192.0.2.2, 192.0.2.3 }"));
        assertTrue(taken().contains("add element inet ips all4 { 192.0.2.1 timeout "), taken());
        assertTrue(kernel.contains(key("192.0.2.1")));
        assertFalse(kernel.contains(key("192.0.2.2")));
    }

    @Test
    void leavesToTheKernelWhatRunsOutByItself() throws IOException {
        kernel.entered(key("192.0.2.2"), Now.ns() - 1);

        assertNull(change(List.of(), "192.0.2.2"));

        assertEquals(0, runs());
        assertFalse(kernel.contains(key("192.0.2.2")));
    }

    @Test
    void entersNoBanWhoseTimeIsOver() throws IOException {
        assertNull(change(List.of(ban("192.0.2.1", -1))));

        assertFalse(kernel.contains(key("192.0.2.1")));
        assertFalse(taken().contains("192.0.2.1 timeout 1ms"), taken());
    }

    @Test
    void entersAllButTheElementsThatAreRefusedAndTellsOfTheFirst() throws IOException {
        refuse(INVALID, "20.1.0.41 ", "20.1.0.9 ");

        assertNull(change(many(64)));

        assertEquals(62, kernel.size());
        assertFalse(kernel.contains(key("20.1.0.9")));
        assertFalse(kernel.contains(key("20.1.0.41")));
        assertTrue(changes.refused());
        assertEquals(1, notices.size(), notices::toString);
        assertTrue(notices.get(0).contains("20.1.0.9"), notices::toString);
    }

    @Test
    void tellsOfWhatIsRefusedAnewOnceThatIsForgiven() throws IOException {
        refuse(INVALID, "20.1.0.1 ", "20.1.0.2 ");
        change(List.of(ban("20.1.0.1", 60)));
        change(List.of(ban("20.1.0.2", 60)));
        assertEquals(1, notices.size(), notices::toString);

        changes.forgiveRefused();
        assertFalse(changes.refused());
        change(List.of(ban("20.1.0.2", 60)));

        assertEquals(2, notices.size(), notices::toString);
    }

    @Test
    void looksForRefusedElementsInBoundedlyManyRuns() throws IOException {
        refuse(INVALID, "20.1.");

        assertNull(change(many(500)));
        assertEquals(41, runs());

        assertNull(change(many(500)));
        assertEquals(82, runs());
        assertEquals(0, kernel.size());
    }

    /** Somebody is freed by hand while more are banned than the kernel's set holds. */
    @Test
    void endsBansAmongManyThatFindNoRoom() throws IOException {
        refuse(FULL, "20.1.");
        kernel.entered(key("192.0.2.9"), Now.ns() + 60_000_000_000L);

        assertNull(change(many(500), "192.0.2.9"));

        assertTrue(taken().contains("delete element inet ips all4 { 192.0.2.9 }"), taken());
        assertFalse(kernel.contains(key("192.0.2.9")));
        assertEquals(1, notices.size(), notices::toString);
    }

    @Test
    void replacesNetworksAsAWholeAndTouchesNoAddressWithThem() throws IOException {
        Ban network = ban("198.51.100.0/24", 60);
        enforcer.enforce(List.of(ban("203.0.113.0/24", 60)));
        kernel.entered(key("10.0.0.0/8"), Now.ns() + 60_000_000_000L);
        kernel.entered(key("192.0.2.2"), Now.ns() - 1);

        assertNull(change(List.of(network), "10.0.0.0/8", "192.0.2.2"));

        assertEquals(1, runs());
        assertTrue(taken().contains("flush set inet ips net4\n"), taken());
        assertTrue(taken().contains("198.51.100.0/24 timeout "), taken());
        assertTrue(taken().contains("203.0.113.0/24 timeout "), taken());
        assertTrue(kernel.contains(key("198.51.100.0/24")));
        assertTrue(kernel.contains(key("203.0.113.0/24")));
        assertFalse(kernel.contains(key("10.0.0.0/8")));
    }

    @Test
    void keepsWhatANetworkHasBlockedWhenAnotherIsAdded() throws IOException {
        Ban network = ban("198.51.100.0/24", 60);
        String listed =
                """
                {"nftables": [{"set": {"name": "net4", "elem": [{"elem": {
                  "val": {"prefix": {"addr": "198.51.100.0", "len": 24}},
                  "expires": 60, "counter": {"packets": 7, "bytes": 9}}}]}}]}
                """;
        enforcer.enforce(List.of(network));
        kernel.compare(
                NftListing.parse(listed.getBytes(StandardCharsets.US_ASCII), Now.ns()),
                Map.of(BanKey.of(network), network),
                List.of(BanKey.of(network)),
                Now.ns());

        assertNull(change(List.of(ban("203.0.113.0/24", 60))));
        assertNull(change(List.of(ban("192.0.2.0/24", 60))));

        String counted = "198.51.100.0/24 counter packets 7 bytes 9 timeout ";
        assertEquals(3, taken().split(counted, -1).length, taken());
        assertEquals(7, kernel.get(BanKey.of(network)).packets());
    }

    @Test
    void stopsWhereTheTableIsGone() throws IOException {
        refuse("Error: No such file or directory", "198.51.100.0/24 ");

        NftFault fault = change(List.of(ban("198.51.100.0/24", 60), ban("192.0.2.1", 60)));

        assertEquals(NftFault.Kind.MISSING, fault.kind());
        assertEquals(1, runs());
        assertEquals(0, kernel.size());
        assertFalse(changes.refused());

        refuse("Error: No such file or directory", "20.1.");
        assertEquals(NftFault.Kind.MISSING, change(many(64)).kind());
        assertEquals(2, runs());
        assertEquals(List.of(), notices);
    }

    @Test
    void knowsThatWhatIsToPassWasRefused() throws IOException {
        List<Cidr> never = List.of(Cidr.parse("192.0.2.0/24"));

        refuse(INVALID, "192.0.2.0");
        assertNull(changes.allow(never));
        assertFalse(changes.isAllowed());
        assertEquals(1, notices.size());

        refuse("", "nothing of this");
        assertNull(changes.allow(never));
        assertTrue(changes.isAllowed());
    }
}
