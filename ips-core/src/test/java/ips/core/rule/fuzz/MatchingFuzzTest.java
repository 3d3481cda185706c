package ips.core.rule.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random rules over random traffic match what a slow, plain matcher says. See {@link Fuzz} for
 * more; {@code -Dips.fuzz.dump=FOLDER} writes larger cases to files instead, for other engines.
 */
class MatchingFuzzTest {
    private static final String DUMP = System.getProperty("ips.fuzz.dump");

    /** Fewer than the alerts that one packet can have. */
    private static final int RULES = 12;

    /** As many as one packet may match where another engine is told to report them all. */
    private static final int RULES_OF_DUMP = 200;

    private interface Maker {
        PlainCase make(Random random, int rules);
    }

    private static void compare(String name, int cases, int least, Maker maker) throws IOException {
        Random random = new Random(Fuzz.SEED);
        long alerts = 0;
        for (int i = 0; i < Fuzz.cases(cases); i++) {
            if (DUMP != null) {
                FuzzDump.write(Path.of(DUMP), name + i, maker.make(random, RULES_OF_DUMP));
                alerts += least;
            } else {
                alerts += FuzzRun.compare(maker.make(random, RULES));
            }
        }

        assertTrue(alerts >= least, alerts + " alerts");
    }

    @Test
    void matchesHeadersAndPayloadsOfPackets() throws IOException {
        compare("packets", 100, 800, (random, rules) -> new PacketCase(random, rules, 60));
    }

    @Test
    void matchesStreamsHoweverTheyAreCut() throws IOException {
        compare("streams", 30, 500, (random, rules) -> new StreamCase(random, rules, 12));
    }

    @Test
    void matchesMessagesOfHttpAndBitsOfFlows() throws IOException {
        compare("http", 15, 100, (random, rules) -> new HttpCase(random, rules, 12));
    }
}
