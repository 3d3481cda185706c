package ips.core.block.nft;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.block.nft.NftCommand.Result;
import ips.core.block.nft.NftFault.Kind;
import ips.core.block.nft.NftablesEnforcer.Work;
import ips.core.packet.Cidr;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the kernel's table as it is wanted; the enforcer's thread.
 *
 * <p>It is in one of two states. <b>In step</b>: changes go out in batches as they come, once a
 * second a cheap probe asks whether somebody has flushed or removed something, and a full listing
 * is compared at intervals of 20 times its own duration (one second at the least), so that it costs
 * 5 % of a core at the most. <b>Out of step</b>: at the start and after any failure. Then the table
 * is listed, made where it is missing, and given all that differs; while that fails it is tried
 * again, ever less often.
 */
final class NftKeeper implements Runnable {
    private static final int BATCH = 5000;
    private static final long PROBE_MS = 1000;
    private static final long LONGEST_BACK_OFF_MS = 5000;
    private static final int LISTING_SHARE = 20;

    /** The kernel tells ends to the second. */
    private static final long TOLERANCE_NS = 2_000_000_000L;

    /** What a listing takes per element, at the worst seen: it grows with their square. */
    private static final long LISTING_NS_PER_BAN = 200_000;

    /** What was refused is tried again so much later. */
    private static final long REFUSED_MS = 5000;

    /** Runs of nft to find the elements that it refuses, per batch. */
    private static final int MOST_SPLITS = 40;

    private final NftConfig config;
    private final int maxBans;
    private final NftablesEnforcer enforcer;
    private final Map<BanKey, Long> inKernel;
    private final Consumer<String> notices;
    private final NftCommand nft;
    private final NftScript script;
    private final Clock clock = Clock.systemUTC();

    private boolean inStep;
    private boolean adopted;
    private long retryMs;
    private long backOffMs;
    private long probeMs;
    private long listMs;
    private int splits;
    private NftFault refused;

    private volatile String health = "";
    private volatile long blockedPackets;
    private volatile long blockedBytes;
    private volatile long restorations;

    NftKeeper(
            NftConfig config,
            int maxBans,
            NftablesEnforcer enforcer,
            Map<BanKey, Long> inKernel,
            Consumer<String> notices) {
        this.config = config;
        this.maxBans = maxBans;
        this.enforcer = enforcer;
        this.inKernel = inKernel;
        this.notices = notices;
        nft = new NftCommand(config.program());
        script = new NftScript(config, maxBans);
    }

    String health() {
        return health;
    }

    long blockedPackets() {
        return blockedPackets;
    }

    long blockedBytes() {
        return blockedBytes;
    }

    long restorations() {
        return restorations;
    }

    @Override
    public void run() {
        boolean closing = false;
        while (!closing) {
            try {
                closing = round();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                trouble(new NftFault(Kind.UNUSABLE, "a bug in ips, in keeping nft: " + e));
            }
        }
        end();
    }

    private boolean round() throws InterruptedException {
        long nowMs = System.nanoTime() / 1_000_000;
        if (!inStep) {
            long waitMs = retryMs - nowMs;
            if (waitMs > 0) {
                // Changes are in what is wanted by the time it is tried again.
                if (enforcer.await(1, Integer.MAX_VALUE).closing()) {
                    return true;
                }
                Thread.sleep(Math.min(waitMs, 50));
                return false;
            }
            bringIntoStep();
            return false;
        }
        Work work = enforcer.await(Math.max(1, probeMs - nowMs), BATCH);
        if (work.everything()) {
            inStep = false;
        } else {
            if (work.never() != null) {
                allow(work.never());
            }
            if (!work.changed().isEmpty()) {
                change(work.changed());
            }
        }
        nowMs = System.nanoTime() / 1_000_000;
        if (inStep && nowMs >= listMs) {
            compare();
        } else if (inStep && nowMs >= probeMs) {
            probe();
        }
        return work.closing() && (!inStep || enforcer.isSettled());
    }

    /** The end: what is wanted stays, or everything goes. */
    private void end() {
        if (config.onExit() == NftConfig.OnExit.LIFT) {
            Result result = nft.apply(script.deleteTable(), config.timeout());
            if (!result.ok()) {
                notices.accept(
                        "the bans could not be lifted from the kernel ("
                                + NftFault.of(result, config).sentence()
                                + "); nft delete table "
                                + script.table()
                                + " does it");
            }
        }
    }

    // Out of step.

    private void bringIntoStep() throws InterruptedException {
        NftListing listing = list();
        if (listing == null) {
            return;
        }
        if (!adopted) {
            adopt(listing);
        }
        if (!listing.isComplete(script)) {
            Result made = nft.apply(script.create(false), config.timeout());
            if (!made.ok() && NftFault.of(made, config).kind() == Kind.DIFFERENT) {
                made = nft.apply(script.create(true), config.timeout());
                listing = NftListing.empty();
            }
            if (!made.ok()) {
                trouble(NftFault.of(made, config));
                return;
            }
        }
        inStep = true;
        backOffMs = 0;
        refused = null;
        allow(enforcer.never());
        correct(listing);
        if (inStep) {
            probeMs = System.nanoTime() / 1_000_000 + PROBE_MS;
            recovered();
        }
    }

    /** Null after a failure. */
    private NftListing list() {
        long beganNs = System.nanoTime();
        int most = adopted ? inKernel.size() : maxBans;
        Duration timeout = config.timeout().plusNanos(most * LISTING_NS_PER_BAN);
        String[] table = script.table().split(" ");
        Result result = nft.ask(timeout, "-j", "list", "table", table[0], table[1]);
        long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
        listMs = System.nanoTime() / 1_000_000 + Math.max(PROBE_MS, LISTING_SHARE * tookMs);
        probeMs = System.nanoTime() / 1_000_000 + PROBE_MS;
        if (!result.ok()) {
            NftFault fault = NftFault.of(result, config);
            if (fault.kind() == Kind.MISSING) {
                return NftListing.empty();
            }
            trouble(fault);
            return null;
        }
        try {
            NftListing listing = NftListing.parse(result.output(), nowNs());
            blockedPackets = listing.blockedPackets();
            blockedBytes = listing.blockedBytes();
            return listing;
        } catch (IOException e) {
            trouble(
                    new NftFault(
                            Kind.UNUSABLE,
                            "nft does not list its table as JSON, so bans block nothing; nft 0.9.6"
                                    + " or newer is needed"));
            return null;
        }
    }

    private void adopt(NftListing listing) {
        List<Ban> found = new ArrayList<>();
        long nowNs = nowNs();
        listing.elements()
                .forEach(
                        (key, element) -> {
                            String reason = "in the kernel's table when the sensor started";
                            found.add(
                                    new Ban(
                                            key.address(),
                                            key.scope(),
                                            null,
                                            reason,
                                            nowNs,
                                            element.untilNs(),
                                            0));
                        });
        enforcer.adopt(found);
        adopted = true;
    }

    // In step.

    /** Compares a listing with what is wanted, and corrects what differs. */
    private void compare() {
        NftListing listing = list();
        if (listing == null) {
            return;
        }
        if (!listing.isComplete(script)) {
            changedByAnother();
            return;
        }
        refused = null;
        if (correct(listing) > 0 && inStep) {
            restored();
        }
        if (inStep && refused == null) {
            recovered();
        } else {
            listMs = Math.max(listMs, System.nanoTime() / 1_000_000 + REFUSED_MS);
        }
    }

    /** Returns how many elements were missing that should have been there. */
    private int correct(NftListing listing) {
        Map<BanKey, Ban> wanted = enforcer.wanted();
        long nowNs = nowNs();
        List<BanKey> wrong = new ArrayList<>(listing.strange());
        int missing = 0;
        for (BanKey key : listing.elements().keySet()) {
            if (!wanted.containsKey(key)) {
                wrong.add(key);
            }
        }
        Collection<BanKey> shown =
                NftScript.outermost(enforcer.wantedNetworks()).stream().map(BanKey::of).toList();
        for (Map.Entry<BanKey, Ban> each : wanted.entrySet()) {
            BanKey key = each.getKey();
            boolean endsNow = each.getValue().untilNs() - nowNs < TOLERANCE_NS;
            if (endsNow && inKernel.containsKey(key)
                    || !key.address().isSingleAddress() && !shown.contains(key)) {
                continue;
            }
            NftListing.Element element = listing.elements().get(key);
            if (element == null) {
                Long untilNs = inKernel.remove(key);
                missing += untilNs != null && untilNs - nowNs > TOLERANCE_NS ? 1 : 0;
                wrong.add(key);
            } else if (Math.abs(element.untilNs() - each.getValue().untilNs()) > TOLERANCE_NS) {
                inKernel.put(key, element.untilNs());
                wrong.add(key);
            } else {
                inKernel.put(key, each.getValue().untilNs());
            }
        }
        inKernel.keySet().retainAll(wanted.keySet());
        for (int from = 0; from < wrong.size() && inStep; from += BATCH) {
            change(Set.copyOf(wrong.subList(from, Math.min(wrong.size(), from + BATCH))));
        }
        return missing;
    }

    private void probe() {
        probeMs = System.nanoTime() / 1_000_000 + PROBE_MS;
        Result result = nft.apply(script.probe(), config.timeout());
        if (NftScript.isIntact(result.errors())) {
            return;
        }
        NftFault fault = NftFault.of(result, config);
        if (fault.kind() == Kind.UNUSABLE) {
            trouble(fault);
        } else {
            changedByAnother();
        }
    }

    private void allow(Collection<Cidr> never) {
        run(script.allow(never));
    }

    private void change(Set<BanKey> keys) {
        splits = 0;
        if (keys.stream().anyMatch(key -> !key.address().isSingleAddress())) {
            networks();
        }
        List<BanKey> single = keys.stream().filter(key -> key.address().isSingleAddress()).toList();
        if (!single.isEmpty() && inStep) {
            change(single);
        }
    }

    private void networks() {
        List<Ban> wanted = enforcer.wantedNetworks();
        if (run(script.networks(wanted, nowNs()))) {
            inKernel.keySet().removeIf(key -> !key.address().isSingleAddress());
            wanted.forEach(ban -> inKernel.put(BanKey.of(ban), ban.untilNs()));
        }
    }

    private void change(List<BanKey> keys) {
        Map<BanKey, Ban> add = new LinkedHashMap<>(enforcer.wanted(keys));
        long nowNs = nowNs();
        add.values().removeIf(ban -> ban.untilNs() <= nowNs);
        List<BanKey> renew = add.keySet().stream().filter(inKernel::containsKey).toList();
        List<BanKey> delete = new ArrayList<>();
        for (BanKey key : keys) {
            if (!add.containsKey(key)) {
                Long untilNs = inKernel.get(key);
                // The kernel ends what runs out by itself.
                if (untilNs == null || untilNs > nowNs) {
                    delete.add(key);
                } else {
                    inKernel.remove(key);
                }
            }
        }
        if (add.isEmpty() && delete.isEmpty()) {
            return;
        }
        Result result =
                nft.apply(script.change(add.values(), renew, delete, nowNs), config.timeout());
        if (result.ok()) {
            add.forEach((key, ban) -> inKernel.put(key, ban.untilNs()));
            delete.forEach(inKernel::remove);
            return;
        }
        NftFault fault = NftFault.of(result, config);
        if (fault.kind() == Kind.REFUSED || fault.kind() == Kind.FULL) {
            split(keys, fault);
        } else {
            lostStep(fault);
        }
    }

    /** Finds what is refused by halves; the rest goes through. */
    private void split(List<BanKey> keys, NftFault fault) {
        if (keys.size() == 1 || splits >= MOST_SPLITS) {
            if (refused == null) {
                refused = fault;
                tell(fault.sentence());
            }
            return;
        }
        splits += 2;
        int half = keys.size() / 2;
        change(keys.subList(0, half));
        if (inStep) {
            change(keys.subList(half, keys.size()));
        }
    }

    private boolean run(String text) {
        Result result = nft.apply(text, config.timeout());
        if (result.ok()) {
            return true;
        }
        NftFault fault = NftFault.of(result, config);
        if (fault.kind() == Kind.REFUSED || fault.kind() == Kind.FULL) {
            if (refused == null) {
                refused = fault;
                tell(fault.sentence());
            }
        } else {
            lostStep(fault);
        }
        return false;
    }

    private void lostStep(NftFault fault) {
        if (fault.kind() == Kind.MISSING) {
            changedByAnother();
        } else {
            trouble(fault);
        }
    }

    // What is told.

    private void changedByAnother() {
        inStep = false;
        inKernel.clear();
        retryMs = 0;
        restorations++;
        tell(
                "the table "
                        + script.table()
                        + " was changed or removed by another program; it is restored");
    }

    private void restored() {
        restorations++;
        notices.accept(
                "bans that another program removed from the table "
                        + script.table()
                        + " are restored");
    }

    private void trouble(NftFault fault) {
        inStep = false;
        inKernel.clear();
        backOffMs = Math.min(LONGEST_BACK_OFF_MS, Math.max(250, 2 * backOffMs));
        retryMs = System.nanoTime() / 1_000_000 + backOffMs;
        tell(fault.sentence());
    }

    private void tell(String sentence) {
        if (!sentence.equals(health)) {
            health = sentence;
            notices.accept(sentence);
        }
    }

    private void recovered() {
        if (refused == null && !health.isEmpty()) {
            health = "";
            notices.accept(
                    "the table "
                            + script.table()
                            + " is in order again, with "
                            + inKernel.size()
                            + " bans in force");
        }
    }

    private long nowNs() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
