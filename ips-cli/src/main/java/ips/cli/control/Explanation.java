package ips.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.cli.report.Units;
import ips.core.block.Ban;
import ips.core.block.BlockManager;
import ips.core.block.Detection;
import ips.core.block.PrintableAscii;
import ips.core.packet.Cidr;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the sensor knows of an address or network, as of now: why it is banned or is not, its
 * campaigns with their evidence, and what was done.
 */
final class Explanation {
    private final BlockManager manager;
    private final Cidr address;
    private final List<Ban> standing;
    private final List<AddressHistory.Campaign> campaigns;
    private final List<AddressHistory.Note> notes;
    private final Optional<String> protection;

    Explanation(Cidr address, AddressHistory history, BlockManager manager) {
        this.address = address;
        this.manager = manager;
        AddressHistory.History past = history.of(address);
        standing = manager.bans().stream().filter(ban -> ban.address().contains(address)).toList();
        campaigns = latest(past.campaigns());
        notes = past.notes();
        protection = manager.protection(address);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(address + ": " + conclusion());
        for (AddressHistory.Campaign campaign : campaigns) {
            lines.add("  " + text(campaign));
        }
        for (AddressHistory.Note note : notes) {
            lines.add("  " + Units.iso(note.ns()) + " " + note.event() + ": " + note.text());
        }
        return lines;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("address", address.toString());
        json.writeStringField("conclusion", conclusion());
        json.writeStringField("never_ban", protection.orElse(""));
        json.writeFieldName("bans");
        new BanList(manager).write(json, standing);
        json.writeArrayFieldStart("campaigns");
        for (AddressHistory.Campaign campaign : campaigns) {
            write(json, campaign);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("events");
        for (AddressHistory.Note note : notes) {
            json.writeStartObject();
            json.writeStringField("time", Units.iso(note.ns()));
            json.writeStringField("event", note.event());
            json.writeStringField("text", note.text());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** With the counts as they are by now, for those that go on. */
    private List<AddressHistory.Campaign> latest(List<AddressHistory.Campaign> campaigns) {
        List<Detection> current = manager.detections();
        return campaigns.stream()
                .map(
                        campaign ->
                                current.stream()
                                        .filter(
                                                each ->
                                                        each.number()
                                                                == campaign.detection().number())
                                        .findFirst()
                                        .map(
                                                each ->
                                                        new AddressHistory.Campaign(
                                                                each, false, campaign.spared()))
                                        .orElse(campaign))
                .toList();
    }

    private String conclusion() {
        if (!standing.isEmpty()) {
            return standing.stream()
                    .map(Explanation::text)
                    .collect(Collectors.joining("; ", "banned ", ""));
        }
        if (protection.isPresent()) {
            return "never banned, for it is " + protection.get();
        }
        if (campaigns.isEmpty()) {
            return "not banned; no threshold was reached, or so long ago that it is forgotten";
        }
        AddressHistory.Campaign last = campaigns.get(campaigns.size() - 1);
        if (last.spared() != null) {
            return "not banned: "
                    + switch (last.spared()) {
                        case NEVER_BAN -> "it was an address that must never be banned";
                        case ALLOWLIST -> "it was on the allowlist";
                        case BUDGET -> "the ban budget of that minute was used up";
                        case SPOOFED ->
                                "many unproven sources attacked at once, so its address may be"
                                        + " forged";
                    };
        }
        if (last.detection().action() == Action.ALERT) {
            return "not banned: what it did is alerted only, it could be no attack or be forged";
        }
        return "not banned any more";
    }

    private static String text(Ban ban) {
        return "(%s) until %s, in %s"
                .formatted(ban.scope().word(), Units.iso(ban.untilNs()), BanList.left(ban));
    }

    private static String text(AddressHistory.Campaign campaign) {
        Detection d = campaign.detection();
        return "%s: %d between %s (frame %d) and %s (frame %d); %s; %s%s"
                .formatted(
                        d.kind().title(),
                        d.count(),
                        Units.iso(d.firstNs()),
                        d.firstFrame(),
                        Units.iso(d.lastNs()),
                        d.lastFrame(),
                        PrintableAscii.escape(d.evidence().toString()),
                        proven(d) ? "a proven source" : "not proven, the address may be forged",
                        campaign.ended() ? "; ended" : "");
    }

    /** A campaign whose ban would be one in full has a source that completed a handshake. */
    private static boolean proven(Detection detection) {
        return detection.scope() == BanScope.ALL;
    }

    private static void write(JsonGenerator json, AddressHistory.Campaign campaign)
            throws IOException {
        Detection d = campaign.detection();
        json.writeStartObject();
        json.writeStringField("kind", d.kind().word());
        json.writeNumberField("count", d.count());
        json.writeStringField("first", Units.iso(d.firstNs()));
        json.writeStringField("last", Units.iso(d.lastNs()));
        json.writeNumberField("first_frame", d.firstFrame());
        json.writeNumberField("last_frame", d.lastFrame());
        json.writeStringField("evidence", PrintableAscii.escape(d.evidence().toString()));
        json.writeBooleanField("proven", proven(d));
        json.writeBooleanField("ended", campaign.ended());
        json.writeStringField(
                "spared",
                campaign.spared() == null
                        ? ""
                        : campaign.spared().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeEndObject();
    }
}
