package ips.core.block;

import static ips.core.block.BlockFixture.SECOND;
import static ips.core.block.BlockFixture.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EnforcerBatchTest {
    private static final Ban A = ban("192.0.2.1", BanScope.SYN, 60);
    private static final Ban B = ban("192.0.2.2", BanScope.SYN, 60);
    private static final Ban C = ban("192.0.2.3", BanScope.SYN, 60);

    private final Scribe enforcer = new Scribe();
    private final Counters counters = new Counters();
    private final List<Throwable> errors = new ArrayList<>();
    private final EnforcerBatch batch = new EnforcerBatch(enforcer, counters, errors::add);

    private static Ban ban(String address, BanScope scope, int seconds) {
        long untilNs = START + seconds * SECOND;
        return new Ban(Cidr.parse(address), scope, null, "test", START, untilNs, 0);
    }

    /** Writes down what it is told, and throws what it is given. */
    private static final class Scribe implements Enforcer {
        final List<String> told = new ArrayList<>();
        Error thrown;

        private void tell(String word, List<Ban> bans) {
            told.add(
                    bans.stream()
                            .map(ban -> " " + ban.address() + " " + ban.scope().word())
                            .collect(Collectors.joining(",", word, "")));
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public void enforce(List<Ban> bans) {
            tell("enforce", bans);
        }

        @Override
        public void lift(List<Ban> bans) {
            tell("lift", bans);
        }

        @Override
        public void maintain(Iterable<Ban> wanted, long nowNs) {
            tell("maintain", List.of());
        }

        @Override
        public List<Ban> takeStanding() {
            tell("standing", List.of());
            return List.of(A);
        }

        @Override
        public void close() {
            tell("close", List.of());
        }

        @Override
        public String name() {
            return "scribe";
        }
    }

    /** What ends makes room for what begins. */
    @Test
    void passesOneBatchOfEachKindTheEndedFirst() {
        batch.enforce(A);
        batch.enforce(B);
        batch.lift(C);
        batch.lift(ban("192.0.2.1", BanScope.UDP, 60));

        batch.flush();
        batch.flush();

        assertEquals(
                List.of(
                        "lift 192.0.2.3 syn, 192.0.2.1 udp",
                        "enforce 192.0.2.1 syn, 192.0.2.2 syn"),
                enforcer.told);
    }

    @Test
    void passesABanAndItsEndInTheOrderTheyCame() {
        batch.enforce(A);
        batch.enforce(B);
        batch.lift(A);
        batch.enforce(A);
        batch.flush();

        assertEquals(
                List.of(
                        "enforce 192.0.2.1 syn, 192.0.2.2 syn",
                        "lift 192.0.2.1 syn",
                        "enforce 192.0.2.1 syn"),
                enforcer.told);
    }

    @Test
    void passesABanThatIsProlongedAtOnceWithItsLastEndOnly() {
        List<Ban> passed = new ArrayList<>();
        EnforcerBatch recorded =
                new EnforcerBatch(
                        new Enforcer() {
                            @Override
                            public void enforce(List<Ban> bans) {
                                passed.addAll(bans);
                            }

                            @Override
                            public void lift(List<Ban> bans) {}

                            @Override
                            public String name() {
                                return "recording";
                            }
                        },
                        counters,
                        errors::add);
        Ban longer = ban("192.0.2.1", BanScope.SYN, 120);

        recorded.enforce(A);
        recorded.enforce(longer);
        recorded.flush();

        assertEquals(List.of(longer), passed);
    }

    @Test
    void passesWhatIsGatheredAheadOfUpkeepAndEnd() {
        batch.enforce(A);
        batch.maintain(List.of(A), START);
        batch.lift(A);
        batch.close();

        assertEquals(
                List.of("enforce 192.0.2.1 syn", "maintain", "lift 192.0.2.1 syn", "close"),
                enforcer.told);
    }

    @Test
    void goesOnWithTheNextWhereOneCallThrowsAndRepeatsNone() {
        enforcer.thrown = new StackOverflowError();
        batch.lift(C);
        batch.enforce(A);

        batch.flush();
        batch.flush();

        assertEquals(List.of("lift 192.0.2.3 syn", "enforce 192.0.2.1 syn"), enforcer.told);
        assertEquals(2, counters.get(Counter.ENFORCER_ERRORS));
        assertEquals(2, errors.size());
        assertSame(enforcer.thrown, errors.get(0));
    }

    @Test
    void takesNobodyForBannedWhereTheEnforcerCannotTell() {
        assertEquals(List.of(A), batch.takeStanding());
        enforcer.thrown = new StackOverflowError();

        assertEquals(List.of(), batch.takeStanding());
        batch.maintain(List.of(), START);
        batch.close();
        assertEquals(3, errors.size());
    }
}
