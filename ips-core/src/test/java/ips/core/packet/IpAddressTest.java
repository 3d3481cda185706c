package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:db8::7, 2001:0db8:0000:0000:0000:0000:0000:0007",
        "::, 0000:0000:0000:0000:0000:0000:0000:0000"
    })
    void writesAllDigitsOnRequest(String text, String full) {
        assertEquals(text, IpAddress.parse(text).toString());
        assertEquals(full, IpAddress.parse(text).toFullString());
    }

    @Test
    void keepsTheMappedFormApartAndWritesItAsPacketsHaveIt() {
        IpAddress address = IpAddress.parse("192.0.2.1");
        IpAddress mapped = address.mapped();

        assertNotEquals(address, mapped);
        assertEquals("::ffff:192.0.2.1", mapped.toString());
        assertEquals("0000:0000:0000:0000:0000:ffff:c000:0201", mapped.toFullString());
        assertEquals("00000000000000000000ffffc0000201", HexFormat.of().formatHex(mapped.bytes()));
    }

    @ParameterizedTest
    @CsvSource({"010.0.0.1", "10.0.0.01", "10.00.0.1", "::ffff:010.0.0.1"})
    void refusesNumbersThatSomeReadAsOctal(String text) {
        String cure = "; leave out the 0 that a number begins with";

        IllegalArgumentException address =
                assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
        IllegalArgumentException network =
                assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text + "/32"));

        assertEquals("not an IP address: " + text + cure, address.getMessage());
        assertEquals("not an address or network: " + text + "/32" + cure, network.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "10.0.0.1", "100.200.0.10", "2001:0db8::0001", "::ffff:10.0.0.1"})
    void readsNumbersThatBeginWithNoZero(String text) {
        assertNotNull(IpAddress.parse(text));
    }

    @Test
    void readsTheMappedFormAsTheAddressItNames() {
        assertTrue(IpAddress.parse("::ffff:192.0.2.1").isIpv4());
    }
}
