package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
