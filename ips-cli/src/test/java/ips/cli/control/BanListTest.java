package ips.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.cli.report.Json;
import ips.core.Engine;
import ips.core.block.Ban;
import ips.core.block.Enforcer;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BanListTest {
    private static final long BEGIN_NS = 1_767_225_600_000_000_000L;

    /** Over since long. */
    private static final Ban ENFORCED = ban("192.0.2.1", BanScope.SYN, Kind.SYN_FLOOD, BEGIN_NS);

    /** In the year 2262. */
    private static final Ban PENDING =
            ban(
                    "2001:db8::/32",
                    BanScope.ALL,
                    null,
                    Long.MAX_VALUE / 1_000_000_000 * 1_000_000_000);

    private final Engine engine = Engine.builder().enforcer(new Half()).build();
    private final BanList list = new BanList(engine.blockManager());

    /** Knows of IPv4 only. */
    private static final class Half implements Enforcer {
        @Override
        public void enforce(List<Ban> bans) {}

        @Override
        public void lift(List<Ban> bans) {}

        @Override
        public boolean isEnforced(Ban ban) {
            return ban.address().address().isIpv4();
        }

        @Override
        public OptionalLong blockedPackets(Ban ban) {
            return isEnforced(ban) ? OptionalLong.of(12_345) : OptionalLong.empty();
        }

        @Override
        public String name() {
            return "half";
        }
    }

    private static Ban ban(String address, BanScope scope, Kind kind, long untilNs) {
        return new Ban(Cidr.parse(address), scope, kind, "a\nreason", BEGIN_NS, untilNs, 2);
    }

    @AfterEach
    void end() {
        engine.close();
    }

    @Test
    void tellsOfEachBanWhetherItIsCarriedOutAndWhatItStopped() {
        List<String> lines = list.lines(List.of(ENFORCED, PENDING));

        assertEquals(3, lines.size());
        assertTrue(lines.get(0).matches("ADDRESS +SCOPE +ENDS IN +ENFORCED +BLOCKED +REASON"));
        assertTrue(
                lines.get(1).matches("192\\.0\\.2\\.1 +syn +0 s +yes +12,345 +a\\\\nreason"),
                lines.get(1));
        assertTrue(
                lines.get(2).matches("2001:db8::/32 +all +\\d{10} s +no +- +a\\\\nreason"),
                lines.get(2));
    }

    @Test
    void tellsProgramsTheSame() throws Exception {
        JsonNode json =
                new ObjectMapper()
                        .readTree(Json.of(out -> list.write(out, List.of(ENFORCED, PENDING))));

        JsonNode enforced = json.get(0);
        assertEquals("syn_flood", enforced.get("kind").asText());
        assertEquals("2026-01-01T00:00:00.000000Z", enforced.get("until").asText());
        assertEquals(2, enforced.get("repeat").asInt());
        assertTrue(enforced.get("enforced").asBoolean());
        assertEquals(12_345, enforced.get("blocked_packets").asInt());
        JsonNode pending = json.get(1);
        assertEquals("2001:db8::/32", pending.get("address").asText());
        assertEquals("manual", pending.get("kind").asText());
        assertEquals("all", pending.get("scope").asText());
        assertTrue(pending.get("blocked_packets").isNull());
    }
}
