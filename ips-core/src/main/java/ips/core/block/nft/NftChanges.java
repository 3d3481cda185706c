package ips.core.block.nft;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.block.nft.NftCommand.Result;
import ips.core.block.nft.NftFault.Kind;
import ips.core.packet.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes single changes to a table that is there, in batches; the keeper's thread.
 *
 * <p>Each change returns null, or the fault after which the state of the table is unknown. An
 * element that nft refuses for its own sake is no such fault: it is found by halving the batch, the
 * rest goes through, and {@link #refused} says so.
 */
final class NftChanges {
    /** Runs of nft to find the elements that it refuses, per batch. */
    private static final int MOST_SPLITS = 40;

    private final NftConfig config;
    private final NftCommand nft;
    private final NftScript script;
    private final NftablesEnforcer enforcer;
    private final KernelBans kernel;
    private final NftNews news;

    private int splits;
    private NftFault refused;
    private boolean allowed;

    NftChanges(
            NftConfig config,
            NftCommand nft,
            NftScript script,
            NftablesEnforcer enforcer,
            KernelBans kernel,
            NftNews news) {
        this.config = config;
        this.nft = nft;
        this.script = script;
        this.enforcer = enforcer;
        this.kernel = kernel;
        this.news = news;
    }

    /** Whether something was refused since {@link #forgiveRefused}. */
    boolean refused() {
        return refused != null;
    }

    /** What was refused may be tried, and told, again. */
    void forgiveRefused() {
        refused = null;
    }

    /** Replaces what passes ahead of all bans. */
    NftFault allow(Collection<Cidr> never) {
        Result result = nft.apply(script.allow(never), config.timeout());
        allowed = result.ok();
        return fault(result);
    }

    /** Whether the kernel took what was to pass last; a refusal is told, and no fault. */
    boolean isAllowed() {
        return allowed;
    }

    /** Makes the kernel's elements for these keys what is wanted now. */
    NftFault change(Set<BanKey> keys) {
        splits = 0;
        List<BanKey> hashed = endsFirst(keys);
        NftFault fault = hashed.size() < keys.size() ? networks(keys) : null;
        return fault != null || hashed.isEmpty() ? fault : change(hashed);
    }

    /** Among bans that nft refuses, as of a full set, ends would be found too late by halving. */
    private List<BanKey> endsFirst(Set<BanKey> keys) {
        Map<BanKey, Ban> wanted = enforcer.wanted(keys);
        return keys.stream()
                .filter(key -> NftSets.isHashed(key.address()))
                .sorted(Comparator.comparing(wanted::containsKey))
                .toList();
    }

    private NftFault networks(Set<BanKey> changed) {
        List<Ban> wanted = enforcer.wantedNetworks();
        Set<BanKey> ended = new HashSet<>(changed);
        wanted.forEach(ban -> ended.remove(BanKey.of(ban)));
        ended.removeIf(key -> NftSets.isHashed(key.address()));
        Result result = nft.apply(script.networks(wanted, kernel, Now.ns()), config.timeout());
        if (result.ok()) {
            ended.forEach(kernel::removed);
            wanted.forEach(ban -> kernel.entered(BanKey.of(ban), ban.untilNs()));
        }
        return fault(result);
    }

    private NftFault change(List<BanKey> keys) {
        long nowNs = Now.ns();
        Map<BanKey, Ban> add = new LinkedHashMap<>(enforcer.wanted(keys));
        add.values().removeIf(ban -> ban.untilNs() <= nowNs);
        List<BanKey> delete = new ArrayList<>();
        for (BanKey key : keys) {
            if (!add.containsKey(key)) {
                NftListing.Element known = kernel.get(key);
                // The kernel ends what runs out by itself.
                if (known == null || known.untilNs() > nowNs) {
                    delete.add(key);
                } else {
                    kernel.removed(key);
                }
            }
        }
        if (add.isEmpty() && delete.isEmpty()) {
            return null;
        }
        Duration timeout = config.timeout();
        Result result = nft.apply(script.change(add.values(), kernel, delete, nowNs), timeout);
        if (result.ok()) {
            add.forEach((key, ban) -> kernel.entered(key, ban.untilNs()));
            delete.forEach(kernel::removed);
            return null;
        }
        return isRefused(NftFault.of(result, config)) && keys.size() > 1 && splits < MOST_SPLITS
                ? halves(keys)
                : fault(result);
    }

    private NftFault halves(List<BanKey> keys) {
        splits += 2;
        int half = keys.size() / 2;
        NftFault fault = change(keys.subList(0, half));
        return fault != null ? fault : change(keys.subList(half, keys.size()));
    }

    private static boolean isRefused(NftFault fault) {
        return fault.kind() == Kind.REFUSED || fault.kind() == Kind.FULL;
    }

    private NftFault fault(Result result) {
        if (result.ok()) {
            return null;
        }
        NftFault fault = NftFault.of(result, config);
        if (!isRefused(fault)) {
            return fault;
        }
        if (refused == null) {
            refused = fault;
            news.trouble(fault.sentence());
        }
        return null;
    }
}
