package ips.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.cli.report.TextTable;
import ips.cli.report.Units;
import ips.core.block.Ban;
import ips.core.block.BlockManager;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Bans in force as {@code ips bans} shows them, with what the kernel makes of each. */
final class BanList {
    private final BlockManager manager;

    BanList(BlockManager manager) {
        this.manager = manager;
    }

    List<String> lines(List<Ban> bans) {
        if (bans.isEmpty()) {
            return List.of("nobody is banned");
        }
        TextTable table =
                new TextTable("ADDRESS", "SCOPE", "ENDS IN>", "ENFORCED", "BLOCKED>", "REASON");
        for (Ban ban : bans) {
            OptionalLong blocked = manager.blockedPackets(ban);
            table.row(
                    ban.address().toString(),
                    ban.scope().word(),
                    left(ban),
                    manager.isEnforced(ban) ? "yes" : "no",
                    blocked.isEmpty() ? "-" : Units.count(blocked.getAsLong()),
                    ban.reason());
        }
        return table.lines();
    }

    /** The time until a ban's end, {@code 57 s}. */
    static String left(Ban ban) {
        Instant now = Instant.now();
        long nowNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        return Math.max(0, (ban.untilNs() - nowNs) / 1_000_000_000L) + " s";
    }

    /** An array of objects. */
    void write(JsonGenerator json, List<Ban> bans) throws IOException {
        json.writeStartArray();
        for (Ban ban : bans) {
            json.writeStartObject();
            json.writeStringField("address", ban.address().toString());
            json.writeStringField("scope", ban.scope().word());
            json.writeStringField("kind", ban.kind() == null ? "manual" : ban.kind().word());
            json.writeStringField("reason", ban.reason());
            json.writeStringField("from", Units.iso(ban.fromNs()));
            json.writeStringField("until", Units.iso(ban.untilNs()));
            json.writeNumberField("repeat", ban.repeat());
            json.writeBooleanField("enforced", manager.isEnforced(ban));
            OptionalLong blocked = manager.blockedPackets(ban);
            if (blocked.isPresent()) {
                json.writeNumberField("blocked_packets", blocked.getAsLong());
            } else {
                json.writeNullField("blocked_packets");
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
