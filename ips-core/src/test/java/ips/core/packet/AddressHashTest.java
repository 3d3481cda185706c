package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AddressHashTest {
    private static int hash(String address) {
        IpAddress parsed = IpAddress.parse(address);
        return AddressHash.of(parsed.high(), parsed.low());
    }

    @Test
    void tellsIpv4AddressesApart() {
        assertNotEquals(hash("192.0.2.1"), hash("192.0.2.2"));
        assertEquals(
                hash("192.0.2.1"), AddressHash.ofIpv4((int) IpAddress.parse("192.0.2.1").low()));
    }

    @Test
    void takesAllOfASlash64ForOne() {
        assertEquals(hash("2001:db8:1:2::1"), hash("2001:db8:1:2:ffff::9"));
        assertNotEquals(hash("2001:db8:1:2::1"), hash("2001:db8:1:3::1"));
    }

    @Test
    void spreadsNeighboursEvenlyOverWorkers() {
        for (int workers = 2; workers <= 8; workers++) {
            int[] owned = new int[workers];
            for (int i = 0; i < 80_000; i++) {
                owned[Integer.remainderUnsigned(AddressHash.ofIpv4(0x0a000000 + i), workers)]++;
            }
            for (int count : owned) {
                assertTrue(Math.abs(count - 80_000 / workers) < 80_000 / workers / 20, "uneven");
            }
        }
    }
}
