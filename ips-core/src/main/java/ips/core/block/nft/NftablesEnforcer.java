package ips.core.block.nft;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.block.Enforcer;
import ips.core.packet.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Blocks in the Linux kernel, by a table of nftables that the sensor owns; see docs/bans.md.
 *
 * <p>What is wanted is noted here, by the block manager's thread, and carried out by a thread of
 * its own, the only one that runs {@code nft}: a hanging program delays bans and nothing else. What
 * the kernel does not have it is given again, until it has it; failing, the sensor goes on and
 * blocks nothing.
 *
 * <p>Bans end by the kernel's own timeouts. Memory: some 400 bytes per ban wanted, as many as the
 * block manager allows.
 */
public final class NftablesEnforcer implements Enforcer {
    private static final long CLOSE_MS = 15_000;

    /** Numbers of the kernel, as of the last look. */
    public record Status(
            int wanted,
            int enforced,
            long blockedPackets,
            long blockedBytes,
            long restorations,
            String health) {}

    private final NftConfig config;
    private final int maxBans;
    private final NftKeeper keeper;
    private final Thread thread;

    // Guarded by this.
    private final Map<BanKey, Ban> wanted = new LinkedHashMap<>();
    private final Set<BanKey> changed = new LinkedHashSet<>();
    private Collection<Cidr> never = List.of();
    private boolean neverChanged = true;
    private boolean everythingChanged;
    private boolean closing;

    private final ConcurrentLinkedQueue<Ban> standing = new ConcurrentLinkedQueue<>();

    private final KernelBans kernel = new KernelBans();
    private final NftNews news;

    /**
     * Starts at once; a kernel that cannot be used is reported in {@link #health} and to {@code
     * notices}, and tried again.
     *
     * @param maxBans as many as the block manager allows at once
     * @param notices told each new trouble, and its end, in one sentence; on a thread of its own
     */
    public NftablesEnforcer(NftConfig config, int maxBans, Consumer<String> notices) {
        this.config = config;
        this.maxBans = maxBans;
        news = new NftNews(notices);
        keeper = new NftKeeper(config, maxBans, this, kernel, news);
        thread = new Thread(keeper, "ips-nft");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void enforce(List<Ban> bans) {
        for (Ban ban : bans) {
            BanKey key = BanKey.of(ban);
            wanted.put(key, ban);
            change(key);
        }
        notifyAll();
    }

    @Override
    public synchronized void lift(List<Ban> bans) {
        for (Ban ban : bans) {
            BanKey key = BanKey.of(ban);
            wanted.remove(key);
            change(key);
        }
        notifyAll();
    }

    private void change(BanKey key) {
        if (changed.size() < 2 * maxBans + 1024) {
            changed.add(key);
        } else {
            // nft has not kept up for long: it will be told everything anew.
            changed.clear();
            everythingChanged = true;
        }
    }

    @Override
    public synchronized void protect(Collection<Cidr> networks) {
        never = List.copyOf(networks);
        neverChanged = true;
        notifyAll();
    }

    @Override
    public List<Ban> takeStanding() {
        if (standing.isEmpty()) {
            return List.of();
        }
        List<Ban> taken = new ArrayList<>();
        for (Ban ban = standing.poll(); ban != null; ban = standing.poll()) {
            taken.add(ban);
        }
        return taken;
    }

    @Override
    public boolean isEnforced(Ban ban) {
        return kernel.contains(BanKey.of(ban));
    }

    @Override
    public OptionalLong blockedPackets(Ban ban) {
        NftListing.Element element = kernel.get(BanKey.of(ban));
        return element == null ? OptionalLong.empty() : OptionalLong.of(element.packets());
    }

    @Override
    public String health() {
        return news.health();
    }

    /** Wanted against enforced, and what was dropped; from any thread. */
    public Status status() {
        int want;
        synchronized (this) {
            want = wanted.size();
        }
        return new Status(
                want,
                kernel.size(),
                keeper.blockedPackets(),
                keeper.blockedBytes(),
                keeper.restorations(),
                news.health());
    }

    @Override
    public String name() {
        return "nft";
    }

    /** Leaves the bans in the kernel, or takes the table away, as configured. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            thread.join(Math.max(CLOSE_MS, config.timeout().toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // For the keeper's thread.

    /** What is to be done next. */
    record Work(Set<BanKey> changed, boolean everything, Collection<Cidr> never, boolean closing) {}

    /**
     * Waits for changes, or for the time to be over.
     *
     * @param most bans to take at once
     */
    synchronized Work await(long timeoutMs, int most) throws InterruptedException {
        if (changed.isEmpty() && !everythingChanged && !neverChanged && !closing) {
            wait(Math.max(1, timeoutMs));
        }
        Set<BanKey> batch = new LinkedHashSet<>();
        for (BanKey key : changed) {
            if (batch.size() == most) {
                break;
            }
            batch.add(key);
        }
        changed.removeAll(batch);
        Work work = new Work(batch, everythingChanged, neverChanged ? never : null, closing);
        everythingChanged = false;
        neverChanged = false;
        return work;
    }

    /** Whether nothing is left to be done. */
    synchronized boolean isSettled() {
        return changed.isEmpty() && !neverChanged && !everythingChanged;
    }

    synchronized Collection<Cidr> never() {
        return never;
    }

    /** Those that are wanted, of these. */
    synchronized Map<BanKey, Ban> wanted(Collection<BanKey> keys) {
        Map<BanKey, Ban> found = new LinkedHashMap<>();
        for (BanKey key : keys) {
            Ban ban = wanted.get(key);
            if (ban != null) {
                found.put(key, ban);
            }
        }
        return found;
    }

    synchronized Map<BanKey, Ban> wanted() {
        return new LinkedHashMap<>(wanted);
    }

    /** Those that stand in sets of intervals. */
    synchronized List<Ban> wantedNetworks() {
        return wanted.values().stream().filter(ban -> !NftSets.isHashed(ban.address())).toList();
    }

    /** Takes over what an earlier run left, unless it is wanted or lifted already. */
    synchronized void adopt(List<Ban> found) {
        for (Ban ban : found) {
            BanKey key = BanKey.of(ban);
            if (!changed.contains(key) && wanted.putIfAbsent(key, ban) == null) {
                standing.add(ban);
            }
        }
    }
}
