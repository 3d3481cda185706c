package ips.core.block.nft;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.block.nft.NftCommand.Result;
import ips.core.block.nft.NftFault.Kind;
import ips.core.block.nft.NftablesEnforcer.Work;
import ips.core.packet.Cidr;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the kernel's table as it is wanted; the enforcer's thread.
 *
 * <p>It is in one of two states. <b>In step</b>: changes go out in batches as they come, once a
 * second a cheap probe asks whether somebody has flushed or removed something, and a full listing
 * is compared at intervals of 20 times its own duration (one second at the least), so that it costs
 * 5 % of a core at the most; not where it would hold changes up for long. <b>Out of step</b>: at
 * the start and after any failure. Then the table is listed, made where it is missing, and given
 * all that differs; while that fails it is tried again, ever less often.
 */
final class NftKeeper implements Runnable {
    private static final int BATCH = 5000;
    private static final long PROBE_MS = 1000;
    private static final long LONGEST_BACK_OFF_MS = 5000;
    private static final int LISTING_SHARE = 20;

    /** Listing so many takes 2 s. */
    private static final int MOST_COMPARED = 100_000;

    /** What a listing takes per element, at the worst seen: it grows with their square. */
    private static final long LISTING_NS_PER_BAN = 200_000;

    /** What was refused is tried again so much later. */
    private static final long REFUSED_MS = 5000;

    private final NftConfig config;
    private final int maxBans;
    private final NftablesEnforcer enforcer;
    private final KernelBans kernel;
    private final NftNews news;
    private final NftCommand nft;
    private final NftScript script;
    private final NftChanges changes;

    /** What the kernel was told to let pass last; null where it refused. */
    private Collection<Cidr> passing;

    /** By interface of {@code nft.ingress} what is to be told once its hook is as it should be. */
    private final Map<String, String> linkNews = new LinkedHashMap<>();

    private boolean inStep;
    private boolean adopted;
    private boolean missingTold;
    private long retryMs;
    private long backOffMs;
    private long probeMs;
    private long listMs;

    private volatile long blockedPackets;
    private volatile long blockedBytes;
    private volatile long restorations;

    NftKeeper(
            NftConfig config,
            int maxBans,
            NftablesEnforcer enforcer,
            KernelBans kernel,
            NftNews news) {
        this.config = config;
        this.maxBans = maxBans;
        this.enforcer = enforcer;
        this.kernel = kernel;
        this.news = news;
        nft = new NftCommand(config.program());
        script =
                new NftScript(
                        config, maxBans, NftScript.movesEnds(System.getProperty("os.version")));
        changes = new NftChanges(config, nft, script, enforcer, kernel, news);
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
                lostStep(new NftFault(Kind.UNUSABLE, "a bug in ips, in keeping nft: " + e));
            }
        }
        end();
    }

    private boolean round() throws InterruptedException {
        if (!inStep) {
            long waitMs = retryMs - Now.monotonicMs();
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
        Work work = enforcer.await(Math.max(1, probeMs - Now.monotonicMs()), BATCH);
        if (work.everything()) {
            inStep = false;
        } else {
            if (work.never() != null) {
                pass(work.never());
            }
            if (!work.changed().isEmpty() && inStep) {
                follow(changes.change(work.changed()));
            }
        }
        if (inStep && Now.monotonicMs() >= listMs && isListedSoon()) {
            compare();
        } else if (inStep && Now.monotonicMs() >= probeMs) {
            probe();
        }
        return work.closing() && (!inStep || enforcer.isSettled());
    }

    /** Changes wait while the table is listed, which takes two minutes for a million. */
    private boolean isListedSoon() {
        return kernel.size() <= MOST_COMPARED || changes.refused();
    }

    /** The end: what is wanted stays, or everything goes. */
    private void end() {
        if (config.onExit() == NftConfig.OnExit.LIFT) {
            Result result = nft.apply(script.deleteTable(), config.timeout());
            if (!result.ok()) {
                news.note(
                        "the bans could not be lifted from the kernel ("
                                + NftFault.of(result, config).sentence()
                                + "); nft delete table "
                                + script.table()
                                + " does it");
            }
        }
    }

    // Out of step.

    private void bringIntoStep() {
        linkNews.putAll(script.links().look());
        NftListing listing = list();
        if (listing == null) {
            return;
        }
        if (!adopted) {
            enforcer.adopt(bans(listing));
            adopted = true;
        }
        if (!listing.isComplete(script)) {
            Result made = nft.apply(script.create(false), config.timeout());
            if (!made.ok() && NftFault.of(made, config).kind() == Kind.DIFFERENT) {
                made = nft.apply(script.create(true), config.timeout());
                listing = NftListing.empty();
            }
            if (!made.ok()) {
                hooksFailed(made);
                return;
            }
        }
        tellLinks();
        inStep = true;
        backOffMs = 0;
        changes.forgiveRefused();
        pass(enforcer.never());
        correct(listing);
        if (inStep) {
            probeMs = Now.monotonicMs() + PROBE_MS;
            inOrder();
        }
    }

    /** The missing ones at the start, and from then on what changes. */
    private void tellLinks() {
        if (!missingTold) {
            missingTold = true;
            script.links().missing().forEach(this::noteMissing);
        }
        linkNews.values().forEach(news::note);
        linkNews.clear();
    }

    private void noteMissing(String name) {
        news.note(
                "nft.ingress: there is no interface "
                        + name
                        + " now; whatever comes in is stopped at the prerouting hook");
    }

    /** Null after a failure. */
    private NftListing list() {
        long beganMs = Now.monotonicMs();
        int most = adopted ? kernel.size() : maxBans;
        Duration timeout = config.timeout().plusNanos(most * LISTING_NS_PER_BAN);
        String[] table = script.table().split(" ");
        Result result = nft.ask(timeout, "-j", "list", "table", table[0], table[1]);
        long endedMs = Now.monotonicMs();
        listMs = endedMs + Math.max(PROBE_MS, LISTING_SHARE * (endedMs - beganMs));
        probeMs = endedMs + PROBE_MS;
        if (!result.ok()) {
            NftFault fault = NftFault.of(result, config);
            if (fault.kind() == Kind.MISSING) {
                return NftListing.empty();
            }
            lostStep(fault);
            return null;
        }
        try {
            NftListing listing = NftListing.parse(result.output(), Now.ns());
            blockedPackets = listing.blockedPackets();
            blockedBytes = listing.blockedBytes();
            return listing;
        } catch (IOException e) {
            lostStep(
                    new NftFault(
                            Kind.UNUSABLE,
                            "nft does not list its table as JSON, so bans block nothing; nft 0.9.6"
                                    + " or newer is needed"));
            return null;
        }
    }

    private static List<Ban> bans(NftListing listing) {
        List<Ban> found = new ArrayList<>();
        long nowNs = Now.ns();
        String reason = "in the kernel's table when the sensor started";
        listing.elements()
                .forEach(
                        (key, element) ->
                                found.add(
                                        new Ban(
                                                key.address(),
                                                key.scope(),
                                                null,
                                                reason,
                                                nowNs,
                                                element.untilNs(),
                                                0)));
        return found;
    }

    // In step.

    /** Compares a listing with what is wanted, and corrects what differs. */
    private void compare() {
        if (followLinks()) {
            return;
        }
        NftListing listing = list();
        if (listing == null) {
            return;
        }
        if (!listing.isComplete(script)) {
            if (!followLinks()) {
                changedByAnother();
            }
            return;
        }
        changes.forgiveRefused();
        comparePassing(listing);
        if (!inStep) {
            return;
        }
        if (correct(listing) > 0 && inStep) {
            restorations++;
            news.note(
                    "bans that another program removed from the table "
                            + script.table()
                            + " are restored");
        }
        if (inStep && !changes.refused()) {
            inOrder();
        } else {
            listMs = Math.max(listMs, Now.monotonicMs() + REFUSED_MS);
        }
    }

    /** Returns how many elements were missing that should have been there. */
    private int correct(NftListing listing) {
        Map<BanKey, Ban> wanted = enforcer.wanted();
        Collection<BanKey> networks =
                Networks.outermost(enforcer.wantedNetworks()).stream().map(BanKey::of).toList();
        KernelBans.Difference difference = kernel.compare(listing, wanted, networks, Now.ns());
        List<BanKey> wrong = difference.wrong();
        for (int from = 0; from < wrong.size() && inStep; from += BATCH) {
            int to = Math.min(wrong.size(), from + BATCH);
            follow(changes.change(Set.copyOf(wrong.subList(from, to))));
        }
        return difference.lost();
    }

    private void probe() {
        probeMs = Now.monotonicMs() + PROBE_MS;
        if (followLinks()) {
            return;
        }
        Result result = nft.apply(script.probe(), config.timeout());
        if (NftScript.isIntact(result.errors())) {
            return;
        }
        if (NftScript.isAnswered(result)) {
            changedByAnother();
        } else {
            lostStep(NftFault.of(result, config));
        }
    }

    /**
     * An interface that goes takes its hook along, and one that comes has none: the rules are made
     * anew, while bans stand, and are enforced at prerouting.
     *
     * @return whether one has gone or come
     */
    private boolean followLinks() {
        Map<String, String> changed = script.links().look();
        if (changed.isEmpty()) {
            return false;
        }
        linkNews.putAll(changed);
        Result made = nft.apply(script.create(false), config.timeout());
        if (made.ok()) {
            tellLinks();
        } else {
            hooksFailed(made);
        }
        return true;
    }

    /** Where an interface went just as it was to be hooked, that is no other program's doing. */
    private void hooksFailed(Result result) {
        Map<String, String> changed = script.links().look();
        linkNews.putAll(changed);
        if (changed.isEmpty()) {
            lostStep(NftFault.of(result, config));
        } else {
            inStep = false;
            kernel.forget();
            retryMs = 0;
        }
    }

    private void comparePassing(NftListing listing) {
        if (passing == null || listing.passing().coverTheSameAs(Intervals.of(passing))) {
            return;
        }
        pass(passing);
        if (inStep && changes.isAllowed()) {
            restorations++;
            news.note(
                    "addresses never to be banned, which another program changed in the table "
                            + script.table()
                            + ", are restored");
        }
    }

    private void pass(Collection<Cidr> never) {
        NftFault fault = changes.allow(never);
        passing = changes.isAllowed() ? never : null;
        follow(fault);
    }

    // From one to the other.

    private void follow(NftFault fault) {
        if (fault != null && fault.kind() == Kind.MISSING) {
            changedByAnother();
        } else if (fault != null) {
            lostStep(fault);
        }
    }

    private void changedByAnother() {
        inStep = false;
        kernel.forget();
        retryMs = 0;
        restorations++;
        news.trouble(
                "the table "
                        + script.table()
                        + " was changed or removed by another program; it is restored");
    }

    private void lostStep(NftFault fault) {
        inStep = false;
        kernel.forget();
        backOffMs = Math.min(LONGEST_BACK_OFF_MS, Math.max(250, 2 * backOffMs));
        retryMs = Now.monotonicMs() + backOffMs;
        news.trouble(fault.sentence());
    }

    private void inOrder() {
        if (!changes.refused()) {
            news.recovered(
                    "the table "
                            + script.table()
                            + " is in order again, with "
                            + kernel.size()
                            + " bans in force");
        }
    }
}
