package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.block.Ban;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworksTest {
    private static List<String> outermost(String... networks) {
        List<Ban> bans =
                Stream.of(networks)
                        .map(Cidr::parse)
                        .map(each -> new Ban(each, BanScope.ALL, null, "", 0, 1, 0))
                        .toList();
        return Networks.outermost(bans).stream().map(ban -> ban.address().toString()).toList();
    }

    @Test
    void leavesOutNetworksThatLieWithinOthers() {
        assertEquals(
                List.of("10.0.0.0/8", "192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32"),
                outermost(
                        "192.0.2.128/25",
                        "10.20.0.0/16",
                        "2001:db8:7::/48",
                        "10.0.0.0/8",
                        "10.20.30.0/24",
                        "192.0.2.0/25",
                        "2001:db8::/32",
                        "2001:db8:7:1::/64"));
    }

    @Test
    void takesNoIpv6NetworkForOneThatHoldsIpv4() {
        assertEquals(List.of("192.0.2.0/24", "::/0"), outermost("192.0.2.0/24", "::/0"));
    }

    @Test
    void keepsOneOfTwoBansOfTheSameNetwork() {
        assertEquals(List.of("192.0.2.0/24"), outermost("192.0.2.0/24", "192.0.2.0/24"));
    }
}
