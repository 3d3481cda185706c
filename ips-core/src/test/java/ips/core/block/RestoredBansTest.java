package ips.core.block;

import static ips.core.block.BlockFixture.SECOND;
import static ips.core.block.BlockFixture.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counter;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bans that an earlier run left in the kernel, as an enforcer finds them at the start. */
class RestoredBansTest {
    private static final BanConfig TWO_AT_MOST =
            BlockFixture.config(Duration.ofSeconds(60), 2, 600);

    /** Finds what is put into {@code standing}, once. */
    private static final class Finding implements Enforcer {
        final List<Ban> standing = new ArrayList<>();
        final List<Ban> lifted = new ArrayList<>();

        @Override
        public void enforce(List<Ban> bans) {}

        @Override
        public void lift(List<Ban> bans) {
            lifted.addAll(bans);
        }

        @Override
        public List<Ban> takeStanding() {
            List<Ban> found = List.copyOf(standing);
            standing.clear();
            return found;
        }

        @Override
        public String name() {
            return "finding";
        }
    }

    private final Finding enforcer = new Finding();
    private final List<String> heard = new ArrayList<>();

    private BlockFixture fixture(BanConfig config, String... allow) {
        return new BlockFixture(
                config,
                NeverBanGate.forFiles(new Allowlist(Stream.of(allow).map(Cidr::parse).toList())),
                List.of(),
                enforcer,
                new BlockListener() {
                    @Override
                    public void tick(long nowNs) {
                        heard.add("tick " + (nowNs - START) / SECOND);
                    }

                    @Override
                    public void restored(Ban ban) {
                        heard.add("restored " + ban.address());
                    }
                });
    }

    /** As the kernel tells it: no reason, no repeats. */
    private static Ban found(String address, double untilSeconds) {
        return ban(address, untilSeconds, "found in force", 0);
    }

    private static Ban ban(String address, double untilSeconds, String reason, int repeat) {
        long untilNs = START + (long) (untilSeconds * SECOND);
        return new Ban(
                Cidr.parse(address), BanScope.SYN, Kind.SYN_FLOOD, reason, START, untilNs, repeat);
    }

    private static List<String> text(List<Ban> bans) {
        return bans.stream().map(ban -> ban.address() + " " + ban.reason()).sorted().toList();
    }

    @Test
    void goOnWithTheReasonAndTheRepeatsThatTheEarlierRunRemembered() {
        BlockFixture fixture = fixture(BanConfig.DEFAULTS);
        Ban known = ban("198.51.100.7", 30, "SYN flood: 60 in 1.0 s", 2);
        fixture.manager.remember(new BanMemory(List.of(known), Map.of()));
        enforcer.standing.addAll(List.of(found("198.51.100.7", 30.4), found("198.51.100.8", 9)));

        fixture.reach(1);
        fixture.reach(1.1);

        assertEquals(
                List.of("198.51.100.7 SYN flood: 60 in 1.0 s", "198.51.100.8 found in force"),
                text(fixture.manager.bans()));
        assertEquals(2, fixture.count(Counter.BANS_RESTORED));
        assertEquals(0, fixture.count(Counter.BANS));
        assertEquals(List.of(), enforcer.lifted);
    }

    /** Else a log would say of them that all of their time is left. */
    @Test
    void areToldWhenListenersKnowTheTime() {
        BlockFixture fixture = fixture(BanConfig.DEFAULTS);
        enforcer.standing.add(found("198.51.100.7", 30));

        fixture.reach(20);

        assertEquals(List.of("tick 20", "restored 198.51.100.7"), heard);
    }

    @Test
    void areLiftedWhereTheyAreOverOrAllowedByNowOrDoNotFit() {
        BlockFixture fixture = fixture(TWO_AT_MOST, "198.51.100.7");
        enforcer.standing.addAll(
                List.of(
                        found("198.51.100.6", 0.5),
                        found("198.51.100.7", 30),
                        found("198.51.100.8", 30),
                        found("198.51.100.9", 30),
                        found("198.51.100.10", 30)));

        fixture.reach(1);
        fixture.reach(1.1);

        assertEquals(
                List.of("198.51.100.8 found in force", "198.51.100.9 found in force"),
                text(fixture.manager.bans()));
        assertEquals(
                List.of(
                        "198.51.100.10 found in force",
                        "198.51.100.6 found in force",
                        "198.51.100.7 found in force"),
                text(enforcer.lifted));
    }

    @Test
    void areNotDoubledByOnesThatBeganBeforeTheyWereFound() {
        BlockFixture fixture = fixture(BanConfig.DEFAULTS);
        fixture.accuse(1, Kind.SYN_FLOOD, "198.51.100.7", BanScope.SYN);
        enforcer.standing.add(found("198.51.100.7", 3000));

        fixture.reach(1.1);

        assertEquals(1, fixture.manager.bansInForce());
        assertEquals(0, fixture.count(Counter.BANS_RESTORED));
        assertEquals(START + 61 * SECOND, fixture.manager.bans().get(0).untilNs());
    }
}
