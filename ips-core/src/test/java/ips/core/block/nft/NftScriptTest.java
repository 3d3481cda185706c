package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NftScriptTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "6.12.0, true",
        "6.12, true",
        "7.0.1-amd64, true",
        "6.8.0-45-generic, false",
        "5.10.0-30-amd64, false",
        "'', false",
        "unknown, false",
    })
    void tellsFromItsVersionWhetherAKernelMovesEnds(String version, boolean moves) {
        assertEquals(moves, NftScript.movesEnds(version));
    }

    @Test
    void writesAThousandElementsALineAtMost() {
        NftScript script = new NftScript(NftConfig.DEFAULTS, 100, true);
        List<Ban> bans =
                IntStream.range(0, 2001)
                        .mapToObj(i -> Cidr.of(IpAddress.ofIpv4(i + 1)))
                        .map(each -> new Ban(each, BanScope.SYN, null, "", 0, ns(60), 0))
                        .toList();

        String text = script.change(bans, new KernelBans(), List.of(), ns(0));

        List<Integer> elements =
                text.lines().map(line -> line.split(" timeout ", -1).length - 1).toList();
        assertEquals(List.of(1000, 1000, 1), elements);
        assertTrue(text.lines().allMatch(line -> line.startsWith("add element inet ips syn4 { ")));
    }

    /** Deleting what is not there would fail the batch; ends make room ahead of what begins. */
    @Test
    void addsWhatItDeletesFirstAndEntersNewBansLast() {
        NftScript script = new NftScript(NftConfig.DEFAULTS, 100, true);
        BanKey over = new BanKey(Cidr.parse("2001:db8:1::/64"), BanScope.UDP);

        List<String> lines =
                script.change(List.of(ban(60)), new KernelBans(), List.of(over), ns(0))
                        .lines()
                        .toList();

        assertEquals(3, lines.size());
        assertEquals("add element inet ips udpsub6 { 2001:db8:1:: timeout 1s }", lines.get(0));
        assertEquals("delete element inet ips udpsub6 { 2001:db8:1:: }", lines.get(1));
        assertTrue(lines.get(2).startsWith("add element inet ips syn4 { 192.0.2.7 timeout "));
    }

    @Test
    void takesTheTableForIntactOnlyWhereEachLineOfTheProbeIsRefusedForItsReason() {
        int sets = NftSets.hashed().size();

        assertTrue(NftScript.isIntact(refusals(sets, 1)));
        assertFalse(NftScript.isIntact(refusals(sets - 1, 1)));
        assertFalse(NftScript.isIntact(refusals(sets + 1, 1)));
        assertFalse(NftScript.isIntact(refusals(sets, 0)));
        assertFalse(NftScript.isIntact(refusals(sets, 2)));
        assertFalse(NftScript.isIntact(""));
    }

    private static String refusals(int existing, int busy) {
        String error = "/dev/stdin:1:1-2: Error: Could not process rule: ";
        return (error + "File exists\ncreate element\n^^^^\n").repeat(existing)
                + (error + "Device or resource busy\n").repeat(busy);
    }

    @Test
    void leavesOutNetworksWithinOthersAndEmptiesTheSetOfNone() {
        NftScript script = new NftScript(NftConfig.DEFAULTS, 100, true);
        List<Ban> bans =
                List.of(
                        new Ban(Cidr.parse("10.1.0.0/16"), BanScope.ALL, null, "", 0, ns(60), 0),
                        new Ban(Cidr.parse("10.0.0.0/8"), BanScope.ALL, null, "", 0, ns(60), 0));

        List<String> lines = script.networks(bans, new KernelBans(), ns(0)).lines().toList();

        assertEquals("flush set inet ips net4", lines.get(0));
        assertTrue(lines.get(1).startsWith("add element inet ips net4 { 10.0.0.0/8 timeout "));
        assertFalse(lines.get(1).contains("10.1."), lines.get(1));
        assertEquals(List.of("flush set inet ips net6"), lines.subList(2, lines.size()));
    }

    /** As on kernels that move ends of elements, and as on those that do not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void renewsAnElementAndKeepsWhatItHasCounted(boolean movesEnds) throws Exception {
        Optional<String> missing = NftNamespace.missing();
        assumeTrue(missing.isEmpty(), () -> missing.get());
        assumeTrue(
                !movesEnds || NftScript.movesEnds(System.getProperty("os.version")),
                "skipped: this kernel is older than 6.12");
        try (NftNamespace firewall = new NftNamespace(folder)) {
            NftConfig config = NftConfig.DEFAULTS;
            NftCommand nft = new NftCommand(firewall.program());
            NftScript script = new NftScript(config, 100, movesEnds);
            assertTrue(nft.apply(script.create(false), TIMEOUT).ok());
            KernelBans kernel = new KernelBans();
            Ban brief = ban(5);
            Ban network = new Ban(Cidr.parse("10.0.0.0/8"), BanScope.ALL, null, "", 0, ns(5), 0);
            apply(nft, script.change(List.of(brief), kernel, List.of(), ns(0)));
            apply(nft, script.networks(List.of(network), kernel, ns(0)));
            String counted = "counter packets 7 bytes 9 timeout 5s }";
            firewall.nft("delete element inet ips syn4 { 192.0.2.7 }");
            firewall.nft("add element inet ips syn4 { 192.0.2.7 " + counted);
            kernel.compare(
                    listing(nft),
                    Map.of(BanKey.of(brief), brief, BanKey.of(network), network),
                    List.of(BanKey.of(network)),
                    ns(0));

            apply(nft, script.change(List.of(ban(600)), kernel, List.of(), ns(0)));
            apply(nft, script.networks(List.of(network), kernel, ns(0)));

            NftListing.Element element = listing(nft).elements().get(BanKey.of(brief));
            assertEquals(7, element.packets());
            assertEquals(9, element.bytes());
            assertTrue(element.untilNs() > ns(590));
            assertTrue(listing(nft).elements().containsKey(BanKey.of(network)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99_999, 100_001, 86_400, 30 * 86_400, 24_000 * 86_400})
    void bansForAsLongAsIsWanted(int seconds) throws Exception {
        Optional<String> missing = NftNamespace.missing();
        assumeTrue(missing.isEmpty(), () -> missing.get());
        NftConfig config = new NftConfig("ips", List.of(), NftConfig.OnExit.KEEP, TIMEOUT, "nft");
        try (NftNamespace firewall = new NftNamespace(folder)) {
            NftCommand nft = new NftCommand(firewall.program());
            NftScript script = new NftScript(config, 100, true);
            apply(nft, script.create(false));
            Ban ban = ban(seconds);

            apply(nft, script.change(List.of(ban), new KernelBans(), List.of(), ns(0)));

            NftListing.Element element = listing(nft).elements().get(BanKey.of(ban));
            assertTrue(Math.abs(element.untilNs() - ban.untilNs()) < 5_000_000_000L);
        }
    }

    private static NftListing listing(NftCommand nft) throws Exception {
        return NftListing.parse(
                nft.ask(TIMEOUT, "-j", "list", "table", "inet", "ips").output(), ns(0));
    }

    private static void apply(NftCommand nft, String script) {
        NftCommand.Result result = nft.apply(script, TIMEOUT);
        assertTrue(result.ok(), () -> result.errors() + script);
    }

    private static long ns(int secondsFromNow) {
        return Now.ns() + secondsFromNow * 1_000_000_000L;
    }

    private static Ban ban(int seconds) {
        Cidr address = Cidr.parse("192.0.2.7");
        return new Ban(address, BanScope.SYN, null, "test", ns(0), ns(seconds), 0);
    }

    @Test
    void hooksTheInterfacesThatAreThereAtTheirIngress() throws Exception {
        Optional<String> missing = NftNamespace.missing();
        assumeTrue(missing.isEmpty(), () -> missing.get());
        NftConfig config =
                new NftConfig("ips", List.of("lo", "gone0"), NftConfig.OnExit.KEEP, TIMEOUT, "nft");
        try (NftNamespace firewall = new NftNamespace(folder)) {
            NftCommand nft = new NftCommand(firewall.program());
            NftScript script = new NftScript(config, 100, true);

            apply(nft, script.create(false));
            apply(nft, script.create(false));

            assertTrue(listing(nft).isComplete(script));
            assertEquals(List.of("gone0"), script.links().missing());
            String chains = firewall.nft("list", "chains");
            assertTrue(chains.contains("hook ingress device \"lo\" priority"), chains);
            assertFalse(chains.contains("gone0"), chains);
        }
    }
}
