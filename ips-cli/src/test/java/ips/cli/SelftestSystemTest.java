package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelftestSystemTest {
    @Test
    void provesThatABanBitesAndLifts() throws Exception {
        Optional<String> missing = Namespaces.missing("ip", "nft");
        assumeTrue(missing.isEmpty(), () -> missing.get());

        Sensor.Outcome outcome = Sensor.run("selftest");

        assertEquals(0, outcome.exitCode(), outcome::toString);
    }
}
