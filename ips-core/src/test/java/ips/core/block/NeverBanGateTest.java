package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.block.BlockListener.SpareReason;
import ips.core.block.NeverBanGate.Protection;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeverBanGateTest {
    private final ProtectedAddresses host =
            new ProtectedAddresses(
                    Map.of(
                            IpAddress.parse("192.0.2.1"), "a gateway",
                            IpAddress.parse("fe80::1"), "a gateway"));
    private final Allowlist allowlist =
            new Allowlist(
                    List.of(
                            Cidr.parse("198.51.100.0/25"),
                            Cidr.parse("203.0.113.9"),
                            Cidr.parse("2001:db8::/32")));
    private final NeverBanGate gate = new NeverBanGate(allowlist, () -> host);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "127.255.255.254",
                "224.0.0.1",
                "239.255.255.250",
                "255.255.255.255",
                "::",
                "::1",
                "ff02::1",
                "::ffff:ffff:0:0", // as ::ffff:0.0.0.0 of an IPv6 packet is kept
                "192.0.2.1",
                "fe80::1"
            })
    void protectsSpecialRangesAndWhatTheHostNeeds(String address) {
        assertEquals(
                Optional.of(SpareReason.NEVER_BAN),
                gate.protects(Cidr.parse(address)).map(Protection::reason));
    }

    @Test
    void namesToEnforcersWhatWasAllowedByHand() {
        Cidr network = Cidr.parse("203.0.113.128/25");

        gate.allow(network);
        assertTrue(gate.networks().contains(network), () -> gate.networks().toString());
        gate.disallow(network);

        assertFalse(gate.networks().contains(network), () -> gate.networks().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.0", "198.51.100.127", "203.0.113.9", "2001:db8:1::1"})
    void protectsWhatTheOperatorAllows(String address) {
        assertEquals(
                Optional.of(SpareReason.ALLOWLIST),
                gate.protects(Cidr.parse(address)).map(Protection::reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "223.255.255.255",
                "240.0.0.1",
                "255.255.255.254",
                "169.254.1.2",
                "198.51.100.128",
                "203.0.113.8",
                "192.0.2.2",
                "::2",
                "fe80::2",
                "2001:db9::1",
                "feff::1"
            })
    void letsEverybodyElseBeBanned(String address) {
        assertEquals(Optional.empty(), gate.protects(Cidr.parse(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "::/0",
                "192.0.2.0/24",
                "203.0.113.0/28",
                "198.51.0.0/16",
                "198.51.100.64/26",
                "2000::/3"
            })
    void protectsNetworksThatHoldSomeoneProtected(String network) {
        assertTrue(gate.protects(Cidr.parse(network)).isPresent());
    }

    @Test
    void saysWhomItProtectsAndWhy() {
        assertEquals(
                "192.0.2.1, a gateway", gate.protects(Cidr.parse("192.0.2.0/24")).get().text());
        assertEquals("127.0.0.0/8, loopback", gate.protects(Cidr.parse("127.0.0.1")).get().text());
    }

    @Test
    void knowsNothingOfTheHostForFiles() {
        NeverBanGate forFiles = NeverBanGate.forFiles(allowlist);

        assertEquals(Optional.empty(), forFiles.protects(Cidr.parse("192.0.2.1")));
        assertTrue(forFiles.protects(Cidr.parse("127.0.0.1")).isPresent());
        assertTrue(forFiles.protects(Cidr.parse("203.0.113.9")).isPresent());
    }

    @Test
    void allowsMoreLater() {
        gate.allow(Cidr.parse("8.8.8.0/24"));

        assertTrue(gate.protects(Cidr.parse("8.8.8.8")).isPresent());
        assertTrue(gate.protects(Cidr.parse("203.0.113.9")).isPresent());
    }
}
