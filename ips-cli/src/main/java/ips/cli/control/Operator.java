package ips.cli.control;

import ips.cli.ExitCode;
import ips.cli.report.Units;
import ips.core.Engine;
import ips.core.block.Ban;
import ips.core.block.BlockManager;
import ips.core.counter.Counter;
import ips.core.packet.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    private static final String DRY_RUN = "none enforced: block is log";

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
                case "bans" -> list(request);
                case "ban" -> ban(request);
                case "unban" -> unban(request);
                case "allow" -> allow(request);
                case "explain" -> explain(request);
                case "reload" -> Reply.done(request, reload.get());
                default -> new Reply(ExitCode.USAGE, "no such command");
            };
        } catch (IllegalArgumentException e) {
            return new Reply(ExitCode.REFUSED, e.getMessage());
        }
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
        int enforced = bans.bansEnforced();
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
                        "bans        "
                                + (bans.blocks()
                                        ? "%s wanted, %s enforced"
                                                .formatted(
                                                        Units.count(standing.size()),
                                                        Units.count(enforced))
                                        : Units.count(standing.size()) + " told, " + DRY_RUN),
                        "health      " + (health.isEmpty() ? "ok" : health));
        return Reply.ok(
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
                    json.writeBooleanField("blocks", bans.blocks());
                    json.writeStringField("health", health);
                    json.writeEndObject();
                });
    }

    private String health() {
        String enforcer = bans.enforcerHealth();
        String capture = trouble.get();
        return enforcer + (enforcer.isEmpty() || capture.isEmpty() ? "" : "; ") + capture;
    }

    private Reply list(Request request) {
        List<Ban> standing = bans.bans();
        BanList list = new BanList(bans);
        return Reply.ok(request, list.lines(standing), json -> list.write(json, standing));
    }

    private Reply ban(Request request) {
        Cidr network = network(request);
        Duration time = BanCommand.time("for", request.get("for"));
        String reason = request.get("reason");
        Ban ban =
                wait(bans.ban(network, time, reason.isBlank() ? "by hand" : "by hand: " + reason));
        String health = bans.enforcerHealth();
        String but =
                !bans.blocks()
                        ? "; " + DRY_RUN
                        : health.isEmpty() ? "" : "; not enforced yet: " + health;
        return Reply.done(request, network + " is banned until " + Units.iso(ban.untilNs()) + but);
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
        return Reply.done(
                request, ended.size() + (ended.size() == 1 ? " ban" : " bans") + " ended");
    }

    private Reply allow(Request request) {
        if (request.get("undo").equals("true")) {
            Cidr network = wait(bans.disallow(network(request)));
            return Reply.done(request, network + " may be banned again");
        }
        Cidr network = wait(bans.allow(network(request)));
        return Reply.done(
                request,
                network
                        + " is never banned while this sensor runs; bans.allow in the"
                        + " configuration makes it last");
    }

    private Reply explain(Request request) {
        Explanation explanation = new Explanation(network(request), history, bans);
        return Reply.ok(request, explanation.lines(), explanation::write);
    }
}
