package ips.core.block;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.agrona.ErrorHandler;

/**
 * Gathers what the enforcer is to do, so that it gets one batch per round of work, and survives
 * what it throws. An address that is to be banned and freed within one round is passed on in that
 * order, in two batches.
 */
final class EnforcerBatch {
    private final Enforcer enforcer;
    private final Counters counters;
    private final ErrorHandler errorHandler;
    private final Map<BanKey, Ban> toEnforce = new LinkedHashMap<>();
    private final Map<BanKey, Ban> toLift = new LinkedHashMap<>();

    EnforcerBatch(Enforcer enforcer, Counters counters, ErrorHandler errorHandler) {
        this.enforcer = enforcer;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    void enforce(Ban ban) {
        toEnforce.put(BanKey.of(ban), ban);
    }

    void lift(Ban ban) {
        BanKey key = BanKey.of(ban);
        if (toEnforce.containsKey(key)) {
            flush();
        }
        toLift.put(key, ban);
    }

    /** What ends goes first: it makes room for what begins. */
    void flush() {
        if (!toLift.isEmpty()) {
            List<Ban> batch = List.copyOf(toLift.values());
            toLift.clear();
            guard(() -> enforcer.lift(batch));
        }
        if (!toEnforce.isEmpty()) {
            List<Ban> batch = List.copyOf(toEnforce.values());
            toEnforce.clear();
            guard(() -> enforcer.enforce(batch));
        }
    }

    void maintain(Iterable<Ban> wanted, long nowNs) {
        flush();
        guard(() -> enforcer.maintain(wanted, nowNs));
    }

    /** Tells what must pass whatever else is blocked. */
    void protect(Collection<Cidr> never) {
        guard(() -> enforcer.protect(never));
    }

    /** Bans found in force that nobody here gave; each is returned once. */
    List<Ban> takeStanding() {
        List<Ban> standing = new ArrayList<>();
        guard(() -> standing.addAll(enforcer.takeStanding()));
        return standing;
    }

    boolean blocks() {
        return enforcer.blocks();
    }

    boolean isEnforced(Ban ban) {
        return enforcer.isEnforced(ban);
    }

    OptionalLong blockedPackets(Ban ban) {
        return enforcer.blockedPackets(ban);
    }

    String health() {
        return enforcer.health();
    }

    void close() {
        flush();
        guard(enforcer::close);
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (Throwable t) {
            counters.increment(Counter.ENFORCER_ERRORS);
            errorHandler.onError(t);
        }
    }
}
