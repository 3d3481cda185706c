package ips.core.block;

import ips.core.block.BlockListener.ReleaseReason;
import ips.core.block.BlockListener.SpareReason;
import ips.core.block.NeverBanGate.Protection;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who is banned, and how one gets there and away. Owned by the block manager's thread.
 *
 * <p>An accusation passes, in this order: the never-ban gate, the guard against forged sources, the
 * bans that stand (the same one is prolonged; one that covers it makes another needless), the
 * budget. A ban in full covers the narrower ones: while it stands, evidence that may be forged
 * neither adds to it nor prolongs it.
 *
 * <p>Whoever has an IPv6 /64 has 2^64 addresses to attack from, one after another. Where enough of
 * them were banned, the next ban is of the /64, in the same scope, unless the gate protects some
 * address in it; while it stands, accusations of its addresses prolong it.
 *
 * <p>A ban lasts for its time from the last accusation. That time grows with the bans of the
 * address that ran out before; one lifted by hand is not held against it.
 */
final class Bans {
    /** Accusations that would add less to a ban are not worth telling the enforcer. */
    private static final long LEAST_PROLONGATION_NS = 1_000_000_000L;

    /** Before forged sources are many enough to be known, some are banned; freed if this young. */
    private static final long FORGED_BANS_NS = 2 * SpoofGuard.WINDOW_NS;

    private BanConfig config;
    private final NeverBanGate gate;
    private final CampaignTable campaigns;
    private final EnforcerBatch enforcer;
    private final BlockListener listeners;
    private final Counters counters;
    private final BanTable table;
    private final RepeatMemory repeats;
    private final BanBudget budget;
    private final SpoofGuard guard;
    private final SubnetOffenders subnets;
    private final Set<Kind> forged = new HashSet<>();

    /** Bans of an earlier run, until the enforcer finds them in force. */
    private final Map<BanKey, Ban> memory = new HashMap<>();

    Bans(
            BanConfig config,
            NeverBanGate gate,
            CampaignTable campaigns,
            EnforcerBatch enforcer,
            BlockListener listeners,
            Counters counters) {
        this.config = config;
        this.gate = gate;
        this.campaigns = campaigns;
        this.enforcer = enforcer;
        this.listeners = listeners;
        this.counters = counters;
        table = new BanTable(config.maxBans());
        repeats = new RepeatMemory(config.maxBans(), config.repeatMemory().toNanos());
        budget = new BanBudget(config.banBudget());
        guard = new SpoofGuard(config.spoofedSources());
        subnets = new SubnetOffenders(config.maxBans());
    }

    /** Takes what an earlier run remembered; before the first frame. */
    void remember(BanMemory earlier) {
        earlier.bans().forEach(ban -> memory.put(BanKey.of(ban), ban));
        repeats.remember(earlier.repeats());
    }

    /** What the next run should remember. */
    BanMemory memory() {
        List<Ban> standing = new ArrayList<>();
        table.all().forEach(standing::add);
        return new BanMemory(standing, repeats.all());
    }

    /** Takes other settings, all or none. */
    void reconfigure(BanConfig other) {
        if (other.maxBans() != config.maxBans()
                || other.maxCampaigns() != config.maxCampaigns()
                || other.spoofedSources() != config.spoofedSources()
                || !other.repeatMemory().equals(config.repeatMemory())
                || !other.campaignPause().equals(config.campaignPause())) {
            throw new IllegalArgumentException(
                    "bans.max-bans, max-campaigns, spoofed-sources, repeat-memory and"
                            + " campaign-pause take effect at the next start only; nothing was"
                            + " changed");
        }
        config = other;
        budget.setPerMinute(other.banBudget());
    }

    BanTable table() {
        return table;
    }

    /** A verdict asks for a ban of its source. */
    void accuse(Verdict verdict, Campaign campaign, Detection cause, long nowNs) {
        Cidr address = verdict.kind().accused(verdict.source());
        if (address.isIpv6Subnet() && config.ipv6SubnetAfter() == 0) {
            return;
        }
        Optional<Protection> protection = gate.protects(address);
        if (protection.isPresent()) {
            spare(campaign, cause, protection.get().reason());
            return;
        }
        if (verdict.scope() != BanScope.ALL && isForged(verdict, nowNs)) {
            spare(campaign, cause, SpareReason.SPOOFED);
            return;
        }
        BanScope scope = config.banScope() == BanConfig.Scope.ALL ? BanScope.ALL : verdict.scope();
        Ban standing = standing(verdict.source(), scope);
        if (standing != null) {
            prolong(standing, cause, nowNs);
        } else if (table.find(address, BanScope.ALL) == null
                && table.findNetwork(verdict.source()) == null) {
            if (budget.take(nowNs)) {
                begin(ban(address, scope, verdict, cause, nowNs), cause);
            } else {
                counters.increment(Counter.SPARED_BUDGET);
                if (budget.tellOnce()) {
                    listeners.spared(cause, SpareReason.BUDGET);
                }
            }
        }
    }

    /** The ban that the accusation is one more of: of the /64 where there is one. */
    private Ban standing(IpAddress source, BanScope scope) {
        Ban subnet = table.findSubnet(source, scope);
        return subnet != null ? subnet : table.find(Cidr.of(source), scope);
    }

    /** A new ban of the source, or of its /64 where this is one address of many. */
    private Ban ban(Cidr address, BanScope scope, Verdict verdict, Detection cause, long nowNs) {
        IpAddress source = verdict.source();
        boolean wide =
                address.isSingleAddress()
                        && isSubnetBannable(source)
                        && subnets.note(source, scope, nowNs) >= config.ipv6SubnetAfter();
        Cidr banned = wide ? Cidr.ipv6Subnet(source) : address;
        String reason = reason(cause);
        if (wide) {
            reason =
                    config.ipv6SubnetAfter()
                            + " addresses of it banned, "
                            + address
                            + " last: "
                            + reason;
        }
        int repeat = repeats.bansBefore(banned, nowNs);
        long untilNs = nowNs + config.banTimeNs(repeat);
        return new Ban(banned, scope, verdict.kind(), reason, nowNs, untilNs, repeat);
    }

    private boolean isSubnetBannable(IpAddress source) {
        return config.ipv6SubnetAfter() > 0
                && !source.isIpv4()
                && gate.protects(Cidr.ipv6Subnet(source)).isEmpty();
    }

    private boolean isForged(Verdict verdict, long nowNs) {
        Kind kind = verdict.kind();
        IpAddress source = verdict.source();
        // Whoever has a /64 has all its addresses: a flood from it is no flood of many sources.
        boolean one = isSubnetBannable(source);
        guard.accused(kind, one ? Cidr.ipv6Subnet(source).address() : source, nowNs);
        if (!guard.areForged(kind, campaigns.isDestinationFlooded(kind))) {
            forged.remove(kind);
            return false;
        }
        if (forged.add(kind)) {
            releaseAll(
                    ban ->
                            kind.equals(ban.kind())
                                    && ban.scope() != BanScope.ALL
                                    && nowNs - ban.fromNs() <= FORGED_BANS_NS,
                    ReleaseReason.SPOOFED);
        }
        return true;
    }

    private void begin(Ban ban, Detection cause) {
        if (table.isFull()) {
            release(table.first(), ReleaseReason.EVICTED);
        }
        table.put(ban);
        counters.increment(Counter.BANS);
        enforcer.enforce(ban);
        listeners.banned(ban, cause, false);
    }

    /** Takes over a ban that an earlier run left in force, with what is remembered of it. */
    void restore(Ban found, long nowNs) {
        Ban known = memory.remove(BanKey.of(found));
        Ban ban = known == null ? found : known.inForceUntil(found.untilNs());
        Ban standing = table.find(ban.address(), ban.scope());
        if (standing != null) {
            return;
        }
        if (ban.untilNs() <= nowNs || gate.protects(ban.address()).isPresent() || table.isFull()) {
            enforcer.lift(ban);
            return;
        }
        table.put(ban);
        counters.increment(Counter.BANS_RESTORED);
        enforcer.enforce(ban);
        listeners.restored(ban);
    }

    private void prolong(Ban ban, Detection cause, long nowNs) {
        long untilNs = nowNs + config.banTimeNs(ban.repeat());
        if (untilNs - ban.untilNs() < LEAST_PROLONGATION_NS) {
            return;
        }
        String reason = cause.kind().equals(ban.kind()) ? reason(cause) : ban.reason();
        Ban longer = ban.prolonged(untilNs, reason);
        table.put(longer);
        counters.increment(Counter.BANS_PROLONGED);
        enforcer.enforce(longer);
        listeners.banned(longer, cause, true);
    }

    private void spare(Campaign campaign, Detection cause, SpareReason reason) {
        counters.increment(
                switch (reason) {
                    case NEVER_BAN -> Counter.SPARED_NEVER_BAN;
                    case ALLOWLIST -> Counter.SPARED_ALLOWLIST;
                    case BUDGET -> Counter.SPARED_BUDGET;
                    case SPOOFED -> Counter.SPARED_SPOOFED;
                });
        if (campaign.sparedFor.add(reason)) {
            listeners.spared(cause, reason);
        }
    }

    /** Ends the bans whose time is over. */
    void expire(long nowNs) {
        for (Ban ban = table.first(); ban != null && ban.untilNs() <= nowNs; ban = table.first()) {
            repeats.ended(ban);
            release(ban, ReleaseReason.EXPIRED);
        }
    }

    /** Ends the bans of addresses that must not be banned any more. */
    void releaseProtected() {
        releaseAll(ban -> gate.protects(ban.address()).isPresent(), ReleaseReason.PROTECTED);
    }

    /**
     * Bans an address or network in full by an operator's order; no budget applies.
     *
     * @throws IllegalArgumentException if some of it must never be banned; the message says what
     */
    Ban banByHand(Cidr address, Duration time, String reason, long nowNs) {
        Optional<Protection> protection = gate.protects(address);
        if (protection.isPresent()) {
            throw new IllegalArgumentException(
                    address + " is not banned: it has " + protection.get().text());
        }
        Ban standing = table.find(address, BanScope.ALL);
        String line = PrintableAscii.escape(reason);
        long untilNs = nowNs + time.toNanos();
        Ban ban =
                standing != null
                        ? standing.prolonged(untilNs, line)
                        : new Ban(address, BanScope.ALL, null, line, nowNs, untilNs, 0);
        if (standing == null) {
            begin(ban, null);
        } else {
            table.put(ban);
            enforcer.enforce(ban);
            listeners.banned(ban, null, true);
        }
        return ban;
    }

    /** Ends the bans of the address, or of whatever lies in the network; returns them. */
    List<Ban> liftByHand(Cidr network) {
        repeats.forgive(network);
        return releaseAll(ban -> network.contains(ban.address()), ReleaseReason.BY_HAND);
    }

    /** Ends all bans; returns them. */
    List<Ban> liftAllByHand() {
        repeats.forgiveAll();
        return releaseAll(ban -> true, ReleaseReason.BY_HAND);
    }

    private List<Ban> releaseAll(Predicate<Ban> which, ReleaseReason reason) {
        List<Ban> released = new ArrayList<>();
        for (Ban ban : table.all()) {
            if (which.test(ban)) {
                released.add(ban);
            }
        }
        released.forEach(ban -> release(ban, reason));
        return released;
    }

    private void release(Ban ban, ReleaseReason reason) {
        table.remove(ban);
        counters.increment(
                switch (reason) {
                    case EXPIRED -> Counter.BANS_EXPIRED;
                    case BY_HAND -> Counter.BANS_LIFTED;
                    case EVICTED -> Counter.BANS_EVICTED;
                    case PROTECTED, SPOOFED -> Counter.BANS_REVOKED;
                });
        enforcer.lift(ban);
        listeners.released(ban, reason);
    }

    /** The clock was set: every ban keeps the time it has left. */
    void shift(long byNs) {
        table.shift(byNs).forEach(enforcer::enforce);
        subnets.clear();
        guard.forget();
    }

    /** {@code SYN flood: 51 in 2.5 s (half_open=51 threshold=50)}. */
    static String reason(Detection cause) {
        double seconds = (cause.lastNs() - cause.firstNs()) / 1e9;
        String evidence = cause.evidence().toString();
        return PrintableAscii.escape(
                String.format(
                        Locale.ROOT,
                        "%s: %d in %.1f s%s",
                        cause.kind().title(),
                        cause.count(),
                        seconds,
                        evidence.isEmpty() ? "" : " (" + evidence + ")"));
    }
}
