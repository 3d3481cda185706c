package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.block.Ban;
import ips.core.block.Detection;
import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that is set back by an hour: what was noted before it lies ahead for that long. */
class ClockSetBackSystemTest {
    private static final long HOUR = 3600 * Traffic.SECOND;
    private static final String VICTIM = "198.51.100.80";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void findsEachAttackAfterItAsBefore(int workers) throws IOException {
        EngineReport report = play(attacks(), workers);

        Set<String> before = found(report, false);
        assertTrue(before.stream().anyMatch(line -> line.startsWith("synack_flood")), "" + before);
        assertTrue(before.stream().anyMatch(line -> line.startsWith("udp_flood")), "" + before);
        assertTrue(before.stream().anyMatch(line -> line.startsWith("sweep")), "" + before);
        assertEquals(before, found(report, true));
    }

    private static Traffic attacks() {
        Traffic traffic = EngineSystemTest.everything();
        for (int i = 0; i < 6000; i++) {
            long at = Traffic.SECOND + i * Traffic.MILLI / 2;
            traffic.at(
                    at,
                    FrameBuilder.tcp("192.0.2.31", 80, "198.51.100.82", 1024 + i)
                            .flags(TcpFlags.SYN | TcpFlags.ACK)
                            .seq(i)
                            .ack(7));
            traffic.at(
                    at,
                    FrameBuilder.udp("192.0.2.32", 40_000, "198.51.100.83", 9999)
                            .payload(new byte[32]));
        }
        for (int i = 1; i <= 100; i++) {
            traffic.at(
                    Traffic.SECOND + i * 20 * Traffic.MILLI,
                    FrameBuilder.tcp("192.0.2.33", 40_000, "203.0.113." + i, 22)
                            .flags(TcpFlags.SYN)
                            .seq(i));
        }
        // A minute later everything that came of it is over, so that the same can begin anew.
        return traffic.pings("192.0.2.22", VICTIM, 1, 80 * Traffic.SECOND, Traffic.SECOND);
    }

    /** A ban keeps the minute it has left, and is to be prolonged after that. */
    @Test
    void keepsWhoGoesOnBanned() throws IOException {
        Traffic traffic = new Traffic();
        traffic.synFlood("192.0.2.1", VICTIM, 90_000, 0, Traffic.MILLI);
        traffic.pings("192.0.2.2", VICTIM, 90_000, 0, Traffic.MILLI);

        EngineReport report = play(traffic, 2);

        long endNs = Traffic.START_NS - HOUR + 90 * Traffic.SECOND;
        Set<String> banned = new TreeSet<>();
        for (Ban ban : report.bans()) {
            if (ban.untilNs() > endNs && ban.untilNs() <= endNs + 61 * Traffic.SECOND) {
                banned.add(ban.address().toString());
            }
        }
        assertEquals(Set.of("192.0.2.1", "192.0.2.2"), banned);
    }

    private static Set<String> found(EngineReport report, boolean after) {
        Set<String> found = new TreeSet<>();
        for (Detection each : report.detections()) {
            if (each.firstNs() < Traffic.START_NS == after) {
                found.add(each.kind() + " " + each.source() + " " + each.destination());
            }
        }
        return found;
    }

    private static EngineReport play(Traffic traffic, int workers) throws IOException {
        try (Engine engine =
                Engine.builder().config(EngineConfig.DEFAULTS.withWorkers(workers)).build()) {
            engine.run(traffic.sourceAndAgain(HOUR));
            engine.close();
            return engine.report();
        }
    }
}
