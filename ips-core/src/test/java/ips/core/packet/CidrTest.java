package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24,192.0.2.0/24",
        "192.0.2.77/24,192.0.2.0/24",
        "192.0.2.77,192.0.2.77",
        "0.0.0.0/0,0.0.0.0/0",
        "2001:db8::1/32,2001:db8::/32",
        "2001:db8::1,2001:db8::1",
        "::/0,::/0",
    })
    void readsAddressesAndNetworks(String text, String network) {
        assertEquals(network, Cidr.parse(text).toString());
    }

    /** Whoever meant a network and mistyped it is not given one address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/24",
                "192.0.2",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/24/24",
                "192.0.2.*",
                "192.0.2.0-255",
                "192.0.2.0/255.255.255.0",
                "2001:db8::/129",
                "fe80::1%eth0",
                "example.org",
            })
    void refusesEverythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
    }

    @Test
    void keepsTheFamiliesApart() {
        assertTrue(Cidr.parse("0.0.0.0/0").contains(IpAddress.parse("192.0.2.1")));
        assertFalse(Cidr.parse("0.0.0.0/0").contains(IpAddress.parse("2001:db8::1")));
        assertFalse(Cidr.parse("::/0").contains(IpAddress.parse("192.0.2.1")));
    }
}
