package ips.cli.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import ips.cli.ExitCode;
import ips.cli.config.Durations;
import ips.cli.report.TextTable;
import ips.cli.report.Units;
import ips.core.Engine;
import ips.core.block.Ban;
import ips.core.block.BlockManager;
import ips.core.block.Detection;
import ips.core.counter.Counter;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Answers the requests of {@link ControlServer}. What changes bans goes through the block manager's
 * thread, and so through its never-ban gate; nothing here waits for a thread that judges frames.
 */
public final class Operator {
    private static final long MOST_WAIT_SECONDS = 4;
    private static final JsonFactory JSON = new JsonFactory();

    private final Engine engine;
    private final BlockManager bans;
    private final AddressHistory history;
    private final Supplier<String> trouble;
    private final Supplier<String> reload;

    /**
     * @param trouble one sentence on what is wrong with the capture, or ""
     * @param reload reads the configuration anew and says what came of it; throws {@link
     *     IllegalArgumentException} with what is wrong, and then has changed nothing
     */
    public Operator(
            Engine engine,
            AddressHistory history,
            Supplier<String> trouble,
            Supplier<String> reload) {
        this.engine = engine;
        this.bans = engine.blockManager();
        this.history = history;
        this.trouble = trouble;
        this.reload = reload;
    }

    /** Does what is asked; any thread. */
    public Reply answer(Request request) {
        try {
            return switch (request.command()) {
                case "status" -> status(request);
                case "bans" -> ok(request, listed(bans.bans()), json -> bans(json, bans.bans()));
                case "ban" -> ban(request);
                case "unban" -> unban(request);
                case "allow" -> allow(request);
                case "explain" -> explain(request);
                case "reload" -> done(request, reload.get());
                default -> new Reply(ExitCode.USAGE, "no such command");
            };
        } catch (IllegalArgumentException e) {
            return new Reply(ExitCode.REFUSED, e.getMessage());
        }
    }

    private interface Json {
        void write(JsonGenerator json) throws IOException;
    }

    private static Reply ok(Request request, List<String> lines, Json result) {
        if (!request.json()) {
            return new Reply(ExitCode.OK, String.join("\n", lines) + "\n");
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            result.write(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new Reply(ExitCode.OK, text + "\n");
    }

    private static Reply done(Request request, String sentence) {
        return ok(
                request,
                List.of(sentence),
                json -> {
                    json.writeStartObject();
                    json.writeStringField("done", sentence);
                    json.writeEndObject();
                });
    }

    private static Cidr network(Request request) {
        return Cidr.parse(request.get("address"));
    }

    private static <T> T wait(CompletableFuture<T> order) {
        try {
            return order.get(MOST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalArgumentException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalArgumentException(
                    "the sensor has seen no frame yet, or is overloaded; it will do it when it can",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the sensor is ending", e);
        }
    }

    private Reply status(Request request) {
        Map<Counter, Long> counters = engine.counters();
        List<Ban> standing = bans.bans();
        long enforced = standing.stream().filter(bans::isEnforced).count();
        String health = health();
        long lost =
                counters.get(Counter.FRAMES_LOST_BY_KERNEL)
                        + counters.get(Counter.FRAMES_LOST_BY_SOURCE);
        List<String> lines =
                List.of(
                        "frames      " + Units.count(counters.get(Counter.FRAMES_RECEIVED)),
                        "lost        " + Units.count(lost),
                        "blocked     " + Units.count(counters.get(Counter.FRAMES_BLOCKED)),
                        "detections  " + Units.count(counters.get(Counter.DETECTIONS)),
                        "bans        %s wanted, %s enforced"
                                .formatted(Units.count(standing.size()), Units.count(enforced)),
                        "health      " + (health.isEmpty() ? "ok" : health));
        return ok(
                request,
                lines,
                json -> {
                    json.writeStartObject();
                    json.writeNumberField("frames", counters.get(Counter.FRAMES_RECEIVED));
                    json.writeNumberField("lost", lost);
                    json.writeNumberField("blocked", counters.get(Counter.FRAMES_BLOCKED));
                    json.writeNumberField("detections", counters.get(Counter.DETECTIONS));
                    json.writeNumberField("bans_wanted", standing.size());
                    json.writeNumberField("bans_enforced", enforced);
                    json.writeStringField("health", health);
                    json.writeEndObject();
                });
    }

    private String health() {
        String enforcer = bans.enforcerHealth();
        String capture = trouble.get();
        return enforcer + (enforcer.isEmpty() || capture.isEmpty() ? "" : "; ") + capture;
    }

    private List<String> listed(List<Ban> standing) {
        if (standing.isEmpty()) {
            return List.of("nobody is banned");
        }
        TextTable table = new TextTable("ADDRESS", "SCOPE", "ENDS IN", "ENFORCED", "REASON");
        for (Ban ban : standing) {
            table.row(
                    ban.address().toString(),
                    ban.scope().word(),
                    left(ban),
                    bans.isEnforced(ban) ? "yes" : "no",
                    ban.reason());
        }
        return table.lines();
    }

    private static String left(Ban ban) {
        Instant now = Instant.now();
        long nowNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        return Math.max(0, (ban.untilNs() - nowNs) / 1_000_000_000L) + " s";
    }

    private void bans(JsonGenerator json, List<Ban> standing) throws IOException {
        json.writeStartArray();
        for (Ban ban : standing) {
            json.writeStartObject();
            json.writeStringField("address", ban.address().toString());
            json.writeStringField("scope", ban.scope().word());
            json.writeStringField("kind", ban.kind() == null ? "manual" : ban.kind().word());
            json.writeStringField("reason", ban.reason());
            json.writeStringField("from", Units.iso(ban.fromNs()));
            json.writeStringField("until", Units.iso(ban.untilNs()));
            json.writeNumberField("repeat", ban.repeat());
            json.writeBooleanField("enforced", bans.isEnforced(ban));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private Reply ban(Request request) {
        Cidr network = network(request);
        Duration time = Durations.parse(request.get("for"));
        String reason = request.get("reason");
        Ban ban =
                wait(bans.ban(network, time, reason.isBlank() ? "by hand" : "by hand: " + reason));
        return done(request, network + " is banned until " + Units.iso(ban.untilNs()));
    }

    private Reply unban(Request request) {
        boolean all = request.get("address").equals("all");
        List<Ban> ended = wait(all ? bans.unbanAll() : bans.unban(network(request)));
        if (ended.isEmpty() && !all) {
            Cidr network = network(request);
            String within =
                    bans.bans().stream()
                            .map(Ban::address)
                            .filter(address -> address.contains(network))
                            .map(address -> "; it lies in " + address + ", which is")
                            .findFirst()
                            .orElse("");
            throw new IllegalArgumentException(network + " is not banned" + within);
        }
        return done(request, ended.size() + (ended.size() == 1 ? " ban" : " bans") + " ended");
    }

    private Reply allow(Request request) {
        Cidr network = wait(bans.allow(network(request)));
        return done(
                request,
                network
                        + " is never banned while this sensor runs; bans.allow in the"
                        + " configuration makes it last");
    }

    private Reply explain(Request request) {
        IpAddress address = IpAddress.parse(request.get("address"));
        AddressHistory.History past = history.of(address);
        List<Ban> standing =
                bans.bans().stream().filter(ban -> ban.address().contains(address)).toList();
        List<AddressHistory.Campaign> campaigns = latest(past.campaigns());
        Optional<String> protection = bans.protection(Cidr.of(address));
        String conclusion = conclusion(standing, campaigns, protection);
        List<String> lines = new ArrayList<>();
        lines.add(address + ": " + conclusion);
        for (AddressHistory.Campaign campaign : campaigns) {
            lines.add("  " + text(campaign));
        }
        for (AddressHistory.Note note : past.notes()) {
            lines.add("  " + Units.iso(note.ns()) + " " + note.event() + ": " + note.text());
        }
        return ok(
                request,
                lines,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("address", address.toString());
                    json.writeStringField("conclusion", conclusion);
                    json.writeStringField("never_ban", protection.orElse(""));
                    json.writeFieldName("bans");
                    bans(json, standing);
                    json.writeArrayFieldStart("campaigns");
                    for (AddressHistory.Campaign campaign : campaigns) {
                        write(json, campaign);
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("events");
                    for (AddressHistory.Note note : past.notes()) {
                        json.writeStartObject();
                        json.writeStringField("time", Units.iso(note.ns()));
                        json.writeStringField("event", note.event());
                        json.writeStringField("text", note.text());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    /** With the counts as they are by now, for those that go on. */
    private List<AddressHistory.Campaign> latest(List<AddressHistory.Campaign> campaigns) {
        List<Detection> current = bans.detections();
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

    private static String conclusion(
            List<Ban> standing,
            List<AddressHistory.Campaign> campaigns,
            Optional<String> protection) {
        if (!standing.isEmpty()) {
            Ban ban = standing.get(standing.size() - 1);
            return "banned (%s) until %s, in %s"
                    .formatted(ban.scope().word(), Units.iso(ban.untilNs()), left(ban));
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
        if (last.detection().action() == ips.core.verdict.Action.ALERT) {
            return "not banned: what it did is alerted only, it could be no attack or be forged";
        }
        return "not banned any more";
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
                        ips.core.block.PrintableAscii.escape(d.evidence().toString()),
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
        json.writeStringField(
                "evidence", ips.core.block.PrintableAscii.escape(d.evidence().toString()));
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
