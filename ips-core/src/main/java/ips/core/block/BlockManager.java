package ips.core.block;

import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Doorbell;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;

/**
 * The one consumer of verdicts: merges them into campaigns, bans offenders and releases them, tells
 * enforcer and listeners. This class says what is handled when, and takes orders and questions from
 * other threads; what comes of a report is in {@link ReportHandler}.
 *
 * <p>An Agrona agent: one thread owns it, the engine's or a test's, and calls {@link #doWork} until
 * it calls {@link #onClose}. What other threads may call says so.
 *
 * <p>Reports are handled in the order of their frames, whichever worker was first to raise them: in
 * each round it asks how far all workers have come, drains the queue (so that everything raised up
 * to there is in), and handles what belongs to that stretch; the rest waits. Time is the frames':
 * before each report, and at the end of a round, it moves on in steps of one tick, at each of which
 * bans run out, sums per destination are judged and campaigns end. So the same frames have the same
 * outcome however the rounds fall.
 *
 * <p>Pipelines on a live link number each the frames of its own: each has an {@link Intake} of its
 * own, so that none waits for another's frames, and time moves on as the slowest has come.
 */
public final class BlockManager implements Agent {
    /** The longest ban by hand: its end can be counted in nanoseconds. */
    public static final Duration LONGEST_BAN = Duration.ofDays(3650);

    private static final long SECOND_NS = 1_000_000_000L;

    private final List<Intake> intakes;
    private final Doorbell bell;
    private final NeverBanGate gate;
    private final Counters counters = new Counters();
    private final BlockListener listeners;
    private final EnforcerBatch enforcer;
    private final ReportHandler handler;
    private final Bans bans;
    private final Orders orders = new Orders(this::wake);

    private Optional<SteadyClock> steadyClock = Optional.empty();
    private Object gateState;
    private volatile long progressNs;
    private boolean closed;

    /**
     * @param intakes where reports come from; their queues share one bell
     * @param gate closed along with the manager, like the enforcer and the listeners
     * @param destinationThresholds what counts as a flood of many sources against a destination
     * @param errorHandler told of every exception of enforcer and listeners; called on this thread
     */
    public BlockManager(
            BanConfig config,
            List<Intake> intakes,
            List<DestinationThreshold> destinationThresholds,
            NeverBanGate gate,
            Enforcer enforcer,
            List<BlockListener> listeners,
            ErrorHandler errorHandler) {
        this.intakes = List.copyOf(intakes);
        bell = intakes.get(0).queue().bell();
        this.gate = gate;
        this.listeners = new GuardedListeners(listeners, counters, errorHandler);
        this.enforcer = new EnforcerBatch(enforcer, counters, errorHandler);
        handler =
                new ReportHandler(
                        config,
                        destinationThresholds,
                        gate,
                        this.enforcer,
                        this.listeners,
                        counters,
                        errorHandler);
        bans = handler.bans();
        gateState = gate.state();
        this.enforcer.protect(gate.networks());
    }

    /**
     * Lets bans keep the time they have left when the clock of a live link's frames is set ahead;
     * without this, or from files, that is a long silence. Before the first round.
     *
     * @param steadyNs nanoseconds of a clock that is never set
     */
    public void compareWith(LongSupplier steadyNs) {
        steadyClock = Optional.of(new SteadyClock(steadyNs));
    }

    /** One round; returns 0 when there was nothing to do. */
    @Override
    public int doWork() {
        int work = 0;
        long toNs = Long.MAX_VALUE;
        long furthestNs = 0;
        for (Intake intake : intakes) {
            work += intake.take();
            toNs = Math.min(toNs, intake.settledNs());
            furthestNs = Math.max(furthestNs, intake.furthestNs());
        }
        if (furthestNs < progressNs - SECOND_NS) {
            work += handleLaterThan(toNs + SECOND_NS);
            setClock(toNs);
            if (steadyClock.isPresent()) {
                steadyClock.get().setBack(toNs);
            }
        } else if (toNs > progressNs && isSetAhead(toNs)) {
            setClock(toNs);
        }
        for (Intake intake : intakes) {
            for (Report report = intake.poll(); report != null; report = intake.poll()) {
                handle(report);
                work++;
            }
        }
        if (toNs > progressNs) {
            work++;
            handler.moveOn(toNs, true);
        }
        // Where the clock was set back for some workers only, the others are to follow.
        progressNs = Math.max(progressNs, toNs);
        if (handler.nowNs() > 0) {
            // They wait for the first frame, because without a time no ban can begin.
            work += orders.run();
        }
        if (gate.state() != gateState) {
            gateState = gate.state();
            gateChanged();
        }
        if (handler.nowNs() > 0) {
            handler.restore(enforcer.takeStanding());
        }
        enforcer.flush();
        return work;
    }

    /** What was reported before the clock was set back is of that time. */
    private int handleLaterThan(long ns) {
        int handled = 0;
        for (Intake intake : intakes) {
            Report report = intake.pollLaterThan(ns);
            for (; report != null; report = intake.pollLaterThan(ns)) {
                handle(report);
                handled++;
            }
        }
        return handled;
    }

    /** Whether reports wait for the slowest worker to come as far as they; by its own thread. */
    public boolean hasPending() {
        return intakes.stream().anyMatch(Intake::hasPending);
    }

    /** Waits for a report, an order or {@link #wake}, or for the time given; by its own thread. */
    public void await(long timeoutNs) {
        if (orders.isEmpty() || handler.nowNs() == 0) {
            bell.await(this::nothingRaised, timeoutNs);
        }
    }

    private boolean nothingRaised() {
        return intakes.stream().allMatch(Intake::isEmpty);
    }

    /** Ends {@link #await}; from any thread. */
    public void wake() {
        bell.ring();
    }

    private void gateChanged() {
        enforcer.protect(gate.networks());
        bans.releaseProtected();
    }

    private void handle(Report report) {
        long reportNs = ReportOrder.timeNs(report);
        if (intakes.size() == 1) {
            handler.moveOn(reportNs, false);
        } else {
            // Ticks wait for the slowest, for they judge what all have counted.
            handler.noteTime(reportNs);
        }
        handler.handle(report);
    }

    private boolean isSetAhead(long toNs) {
        return steadyClock.isPresent() && steadyClock.get().isSetAhead(toNs);
    }

    private void setClock(long toNs) {
        handler.setClock(toNs);
        progressNs = toNs;
    }

    @Override
    public String roleName() {
        return "block-manager";
    }

    /** The last call: handles everything that was reported and ends every campaign; bans stay. */
    @Override
    public void onClose() {
        if (closed) {
            return;
        }
        do {
            doWork();
            for (Intake intake : intakes) {
                for (Report any = intake.pollAny(); any != null; any = intake.pollAny()) {
                    handle(any);
                }
            }
        } while (!nothingRaised());
        handler.endCounts();
        enforcer.flush();
        closed = true;
        orders.close();
        handler.endCampaigns();
        listeners.close();
        enforcer.close();
        gate.close();
    }

    // Orders by hand, from any thread.

    /**
     * Bans an address or network in full; from any thread.
     *
     * @param time up to {@link #LONGEST_BAN}
     * @return completed when it is done, or exceptionally with an {@link IllegalArgumentException}
     *     that says which address in it must never be banned
     */
    public CompletableFuture<Ban> ban(Cidr address, Duration time, String reason) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST_BAN) > 0) {
            throw new IllegalArgumentException(
                    "a ban lasts longer than 0 s and 3650 d at most, not " + time);
        }
        return orders.give(() -> bans.banByHand(address, time, reason, handler.nowNs()));
    }

    /** Ends the bans of an address, or of all in a network, and forgives them; from any thread. */
    public CompletableFuture<List<Ban>> unban(Cidr network) {
        return orders.give(() -> bans.liftByHand(network));
    }

    /** Ends all bans and forgives them; from any thread. */
    public CompletableFuture<List<Ban>> unbanAll() {
        return orders.give(bans::liftAllByHand);
    }

    /** Puts a network on the allowlist for as long as the engine runs; from any thread. */
    public CompletableFuture<Cidr> allow(Cidr network) {
        return orders.give(
                () -> {
                    gate.allow(network);
                    listeners.allowed(network, handler.nowNs());
                    gateChanged();
                    return network;
                });
    }

    /**
     * Takes back what {@link #allow} did; from any thread.
     *
     * @return completed when it is done, or exceptionally with an {@link IllegalArgumentException}
     *     if nobody allowed that very network by hand
     */
    public CompletableFuture<Cidr> disallow(Cidr network) {
        return orders.give(
                () -> {
                    gate.disallow(network);
                    listeners.disallowed(network, handler.nowNs());
                    gateChanged();
                    return network;
                });
    }

    /**
     * Takes other settings for bans from now on; those in force keep their ends. From any thread.
     *
     * @return completed when they are in force, or exceptionally with an {@link
     *     IllegalArgumentException} that names what cannot be changed while running
     */
    public CompletableFuture<BanConfig> reconfigure(BanConfig config) {
        return orders.give(
                () -> {
                    bans.reconfigure(config);
                    gate.replaceAllowlist(new Allowlist(config.allow()));
                    gateChanged();
                    return config;
                });
    }

    /** Why the address, or one in the network, is never banned; empty if it may be. */
    public Optional<String> protection(Cidr network) {
        return gate.protects(network).map(NeverBanGate.Protection::text);
    }

    /**
     * Whether its thread answers within the time; from any thread, which waits. Before the first
     * frame it is taken to be.
     */
    public boolean isAlive(long timeoutMs) {
        if (handler.nowNs() == 0) {
            return true;
        }
        try {
            return orders.give(() -> true).get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * The frame time up to which everything was judged; from any thread. On a live link it moves on
     * without frames, too.
     */
    public long progressNs() {
        return progressNs;
    }

    /** Takes what an earlier run remembered; before the first round. */
    public void remember(BanMemory earlier) {
        bans.remember(earlier);
    }

    /** What the next run should remember; from any thread. */
    public CompletableFuture<BanMemory> memory() {
        return orders.give(bans::memory);
    }

    // What can be seen from any thread.

    /** Whether bans stop traffic, rather than being told only; from any thread. */
    public boolean blocks() {
        return enforcer.blocks();
    }

    /** Whether the enforcer knows the ban to be in force; from any thread. */
    public boolean isEnforced(Ban ban) {
        return enforcer.isEnforced(ban);
    }

    /** How many packets the ban has stopped, where the enforcer knows; from any thread. */
    public OptionalLong blockedPackets(Ban ban) {
        return enforcer.blockedPackets(ban);
    }

    /** How many of the bans in force the enforcer knows to be carried out; from any thread. */
    public int bansEnforced() {
        return (int) bans.table().snapshot().stream().filter(enforcer::isEnforced).count();
    }

    /** One sentence on what keeps bans from being carried out, or ""; from any thread. */
    public String enforcerHealth() {
        return enforcer.health();
    }

    /** The bans in force, in the order of their ends; from any thread. */
    public List<Ban> bans() {
        return bans.table().snapshot();
    }

    /** The campaigns that go on, in the order of their beginnings; from any thread. */
    public List<Detection> detections() {
        return handler.campaigns().snapshot();
    }

    /** How many campaigns of each kind began so far, a live view; from any thread. */
    public Map<Kind, Long> detectionsByKind() {
        return handler.campaigns().begun();
    }

    /** How many bans are in force; from any thread. */
    public int bansInForce() {
        return bans.table().size();
    }

    /** How many reports wait for this thread; from any thread. */
    public int backlog() {
        return intakes.stream().mapToInt(intake -> intake.queue().size()).sum();
    }

    /** What this thread counts; to be read by any. */
    public Counters counters() {
        return counters;
    }
}
