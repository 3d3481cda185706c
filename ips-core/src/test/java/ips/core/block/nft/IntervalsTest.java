package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ips.core.packet.Cidr;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntervalsTest {
    private static Intervals wanted(String... networks) {
        return Intervals.of(List.of(networks).stream().map(Cidr::parse).toList());
    }

    private static Intervals listed(Object... elements) {
        Intervals intervals = new Intervals();
        List.of(elements).forEach(intervals::listed);
        return intervals;
    }

    private static Object prefix(String address, long length) {
        return Map.of("prefix", Map.of("addr", address, "len", length));
    }

    private static void same(boolean expected, Intervals listed, Intervals wanted) {
        assertEquals(expected, listed.coverTheSameAs(wanted));
        assertEquals(expected, wanted.coverTheSameAs(listed));
    }

    @Test
    void takesWhatNftMergedForTheSame() {
        same(true, listed(), wanted());
        same(true, listed("192.0.2.1"), wanted("192.0.2.1"));
        same(true, listed(prefix("192.0.2.0", 24)), wanted("192.0.2.128/25", "192.0.2.0/25"));
        same(true, listed(prefix("192.0.2.0", 24)), wanted("192.0.2.0/24", "192.0.2.7"));
        same(
                true,
                listed(Map.of("range", List.of("192.0.2.1", "192.0.2.3")), "2001:db8::1"),
                wanted("192.0.2.2/31", "2001:db8::1", "192.0.2.1"));
        same(true, listed(prefix("2001:db8::", 32)), wanted("2001:db8::/33", "2001:db8:8000::/33"));
    }

    @Test
    void seesWhatIsMissingOrTooMuch() {
        same(false, listed(), wanted("192.0.2.1"));
        same(false, listed("192.0.2.1"), wanted());
        same(false, listed(prefix("192.0.2.0", 25)), wanted("192.0.2.0/24"));
        same(false, listed("192.0.2.1"), wanted("192.0.2.2"));
        same(false, listed("2001:db8::1"), wanted("2001:db8::1", "192.0.2.1"));
    }

    @Test
    void refusesWhatIsNoInterval() {
        for (Object element : List.of("nobody", Map.of("range", List.of("192.0.2.1")), 7L)) {
            assertThrows(IllegalArgumentException.class, () -> listed(element));
        }
    }
}
