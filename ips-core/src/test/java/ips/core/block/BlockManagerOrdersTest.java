package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What an operator orders by hand. */
class BlockManagerOrdersTest {
    private static final String OFFENDER = "198.51.100.7";

    private final BlockFixture fixture = new BlockFixture(BanConfig.DEFAULTS);

    @Test
    void bansAndUnbansByHand() throws Exception {
        fixture.reach(1);
        CompletableFuture<Ban> banned =
                fixture.manager.ban(Cidr.parse("192.0.2.0/24"), Duration.ofMinutes(5), "a\nb");
        assertFalse(banned.isDone());
        fixture.reach(1.1);
        assertEquals("a\\nb", banned.get().reason());
        assertEquals(List.of("banned 192.0.2.0/24 all 1.1-301.1"), fixture.saidOf("banned"));

        fixture.accuse(2, Kind.SYN_FLOOD, "192.0.2.77", BanScope.ALL);
        assertEquals(1, fixture.manager.bansInForce());

        CompletableFuture<List<Ban>> lifted = fixture.manager.unban(Cidr.parse("192.0.0.0/16"));
        fixture.reach(3);
        assertEquals(List.of(banned.get()), lifted.get());
        assertEquals(List.of("released 192.0.2.0/24 all BY_HAND"), fixture.saidOf("released"));
    }

    /** Neither the ban that was lifted nor one that ran out before. */
    @Test
    void refusesATimeThatNoBanCanHave() {
        Cidr address = Cidr.parse("198.51.100.1");
        for (Duration time :
                List.of(
                        Duration.ZERO,
                        Duration.ofSeconds(-1),
                        BlockManager.LONGEST_BAN.plusNanos(1),
                        Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> fixture.manager.ban(address, time, "test"),
                    time::toString);
        }

        fixture.manager.ban(address, BlockManager.LONGEST_BAN, "test");
        fixture.reach(1);

        assertEquals(
                BlockFixture.START + BlockFixture.SECOND + BlockManager.LONGEST_BAN.toNanos(),
                fixture.manager.bans().get(0).untilNs());
    }

    @Test
    void holdsNothingAgainstAnAddressUnbannedByHand() {
        fixture.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        fixture.reach(62);
        fixture.accuse(63, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        assertEquals(1, fixture.manager.bans().get(0).repeat());
        fixture.manager.unbanAll();
        fixture.reach(64);
        assertEquals(0, fixture.manager.bansInForce());

        fixture.accuse(65, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        assertEquals(0, fixture.manager.bans().get(0).repeat());
    }

    @Test
    void refusesAManualBanOfWhatMustNeverBeBanned() {
        fixture.reach(1);
        CompletableFuture<Ban> banned =
                fixture.manager.ban(Cidr.parse("0.0.0.0/0"), Duration.ofMinutes(5), "all");
        fixture.reach(2);

        ExecutionException e = assertThrows(ExecutionException.class, banned::get);
        assertEquals(IllegalArgumentException.class, e.getCause().getClass());
        assertTrue(e.getCause().getMessage().contains("0.0.0.0/8"), e.getMessage());
        assertEquals(0, fixture.manager.bansInForce());
    }

    @Test
    void liftsTheBansOfWhatIsAllowedLater() throws Exception {
        fixture.accuse(1, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        CompletableFuture<Cidr> allowed = fixture.manager.allow(Cidr.parse("198.51.100.0/24"));
        fixture.reach(2);

        assertEquals("198.51.100.0/24", allowed.get().toString());
        assertEquals(0, fixture.manager.bansInForce());
        assertEquals(
                List.of("released " + OFFENDER + " all PROTECTED"), fixture.saidOf("released"));

        fixture.accuse(3, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        assertEquals(
                List.of("spared syn_flood " + OFFENDER + " ALLOWLIST"), fixture.saidOf("spared"));
    }

    /** Logs are rotated every night, and settings read again for that. */
    @Test
    void keepsWhatIsAllowedByHandWhenSettingsAreReadAgain() throws Exception {
        fixture.manager.allow(Cidr.parse("198.51.100.0/24"));
        CompletableFuture<BanConfig> again = fixture.manager.reconfigure(BanConfig.DEFAULTS);
        fixture.reach(1);
        assertEquals(BanConfig.DEFAULTS, again.get());

        fixture.accuse(2, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);

        assertEquals(0, fixture.manager.bansInForce());
        assertEquals(
                List.of("spared syn_flood " + OFFENDER + " ALLOWLIST"), fixture.saidOf("spared"));
    }

    @Test
    void takesBackWhatWasAllowedByHandAndNothingElse() throws Exception {
        Cidr network = Cidr.parse("198.51.100.0/24");
        fixture.manager.allow(network);
        CompletableFuture<Cidr> other = fixture.manager.disallow(Cidr.parse("198.51.100.7"));
        CompletableFuture<Cidr> undone = fixture.manager.disallow(network);
        fixture.reach(1);

        assertEquals(network, undone.get());
        assertTrue(other.isCompletedExceptionally());
        fixture.accuse(2, Kind.SYN_FLOOD, OFFENDER, BanScope.ALL);
        assertEquals(1, fixture.manager.bansInForce());
    }

    @Test
    void refusesOrdersOnceClosed() {
        fixture.manager.onClose();

        CompletableFuture<List<Ban>> lifted = fixture.manager.unbanAll();

        assertTrue(lifted.isCompletedExceptionally());
    }
}
