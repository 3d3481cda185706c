package ips.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.block.Ban;
import ips.core.block.BlockListener.ReleaseReason;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressHistoryTest {
    private final AddressHistory history = new AddressHistory();

    private static Ban ban(String address, long fromNs, long untilNs) {
        return new Ban(Cidr.parse(address), BanScope.ALL, null, "by hand", fromNs, untilNs, 0);
    }

    private List<String> notes(String address) {
        return history.of(Cidr.parse(address)).notes().stream()
                .map(note -> note.ns() + " " + note.event())
                .toList();
    }

    @Test
    void datesAReleaseBeforeItsTimeWhenItHappened() {
        history.tick(20);
        history.released(ban("192.0.2.1", 10, 60), ReleaseReason.BY_HAND);
        history.released(ban("192.0.2.1", 10, 60), ReleaseReason.EXPIRED);

        assertEquals(List.of("20 released", "60 released"), notes("192.0.2.1"));
    }

    @Test
    void knowsOfAnAddressWhatHappenedToTheNetworksAroundIt() {
        history.banned(ban("2001:db8:7::/64", 30, 60), null, false);
        history.banned(ban("2001:db8:7::9", 20, 60), null, false);
        history.banned(ban("2001:db8::/32", 10, 60), null, false);
        history.banned(ban("2001:db8:8::/64", 10, 60), null, false);

        assertEquals(
                List.of("10 banned by hand", "20 banned by hand", "30 banned by hand"),
                notes("2001:db8:7::9"));
        assertEquals(List.of("10 banned by hand", "30 banned by hand"), notes("2001:db8:7::/64"));
    }
}
