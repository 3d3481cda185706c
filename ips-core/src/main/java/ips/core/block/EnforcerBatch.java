package ips.core.block;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.ErrorHandler;

/**
 * Gathers what the enforcer is to do, so that it gets one batch per round of work, and survives
 * what it throws. An address that is to be banned and freed within one round is told in that order,
 * in two batches.
 */
final class EnforcerBatch {
    private record Key(Cidr address, BanScope scope) {
        static Key of(Ban ban) {
            return new Key(ban.address(), ban.scope());
        }
    }

    private final Enforcer enforcer;
    private final Counters counters;
    private final ErrorHandler errorHandler;
    private final Map<Key, Ban> toEnforce = new LinkedHashMap<>();
    private final Map<Key, Ban> toLift = new LinkedHashMap<>();

    EnforcerBatch(Enforcer enforcer, Counters counters, ErrorHandler errorHandler) {
        this.enforcer = enforcer;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    void enforce(Ban ban) {
        Key key = Key.of(ban);
        if (toLift.containsKey(key)) {
            flush();
        }
        toEnforce.put(key, ban);
    }

    void lift(Ban ban) {
        Key key = Key.of(ban);
        if (toEnforce.containsKey(key)) {
            flush();
        }
        toLift.put(key, ban);
    }

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
