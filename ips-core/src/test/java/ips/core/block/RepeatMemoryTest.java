package ips.core.block;

import static ips.core.block.BlockFixture.SECOND;
import static ips.core.block.BlockFixture.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatMemoryTest {
    private static final int CAPACITY = 3;
    private static final long MEMORY_SECONDS = 100;

    private final RepeatMemory repeats = new RepeatMemory(CAPACITY, MEMORY_SECONDS * SECOND);

    private static long ns(long seconds) {
        return START + seconds * SECOND;
    }

    private static Ban ban(String address, long untilSeconds, int repeat) {
        return new Ban(
                Cidr.parse(address),
                BanScope.SYN,
                Kind.SYN_FLOOD,
                "test",
                START,
                ns(untilSeconds),
                repeat);
    }

    private int bansBefore(String address, long seconds) {
        return repeats.bansBefore(Cidr.parse(address), ns(seconds));
    }

    private List<String> remembered() {
        return repeats.all().keySet().stream().map(Cidr::toString).toList();
    }

    @Test
    void holdsABanAgainstItsAddressForAsLongAsItRemembers() {
        repeats.ended(ban("192.0.2.1", 10, 4));

        assertEquals(5, bansBefore("192.0.2.1", 10));
        assertEquals(5, bansBefore("192.0.2.1", 10 + MEMORY_SECONDS));
        assertEquals(0, bansBefore("192.0.2.1", 11 + MEMORY_SECONDS));
        assertEquals(0, bansBefore("192.0.2.2", 10));
    }

    @Test
    void forgetsTheOneWhoseLastBanEndedFirstWhenItIsFull() {
        repeats.ended(ban("192.0.2.1", 1, 0));
        repeats.ended(ban("192.0.2.2", 2, 0));
        repeats.ended(ban("192.0.2.3", 3, 0));
        repeats.ended(ban("192.0.2.2", 4, 1));
        repeats.ended(ban("192.0.2.4", 5, 0));

        assertEquals(List.of("192.0.2.3", "192.0.2.2", "192.0.2.4"), remembered());
        assertEquals(2, bansBefore("192.0.2.2", 5));
    }

    @Test
    void forgetsThoseOfLongAgoWhenAnotherBanEnds() {
        repeats.ended(ban("192.0.2.1", 1, 0));
        repeats.ended(ban("192.0.2.2", 60, 0));
        repeats.ended(ban("192.0.2.3", 2 + MEMORY_SECONDS, 0));

        assertEquals(List.of("192.0.2.2", "192.0.2.3"), remembered());
    }

    /** A file may be of a sensor that was set larger. */
    @Test
    void takesTheLatestOfAnEarlierRunWhereNotAllFit() {
        Map<Cidr, BanMemory.Past> earlier = new LinkedHashMap<>();
        for (int i = 1; i <= 5; i++) {
            earlier.put(Cidr.parse("192.0.2." + i), new BanMemory.Past(i, ns(i)));
        }

        repeats.remember(earlier);

        assertEquals(List.of("192.0.2.3", "192.0.2.4", "192.0.2.5"), remembered());
        assertEquals(5, bansBefore("192.0.2.5", 6));
    }

    @Test
    void forgivesTheAddressAloneOrTheWholeNetwork() {
        repeats.ended(ban("192.0.2.1", 1, 0));
        repeats.ended(ban("192.0.2.2", 2, 0));
        repeats.ended(ban("198.51.100.1", 3, 0));

        repeats.forgive(Cidr.parse("192.0.2.1"));
        assertEquals(List.of("192.0.2.2", "198.51.100.1"), remembered());

        repeats.forgive(Cidr.parse("192.0.2.0/24"));
        assertEquals(List.of("198.51.100.1"), remembered());
    }

    @Test
    void forgivesASubnetByItselfOrWhatHoldsItButNotByAPartOfIt() {
        repeats.ended(ban("2001:db8:1::/64", 1, 0));
        repeats.ended(ban("2001:db8:2::/64", 2, 0));

        repeats.forgive(Cidr.parse("2001:db8:1::1"));
        repeats.forgive(Cidr.parse("2001:db8:1::/112"));
        assertEquals(List.of("2001:db8:1::/64", "2001:db8:2::/64"), remembered());

        repeats.forgive(Cidr.parse("2001:db8:1::/64"));
        repeats.forgive(Cidr.parse("2001:db8:2::/48"));
        assertEquals(List.of(), remembered());
    }
}
