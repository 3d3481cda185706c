package ips.core.block;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Cidr;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.SignatureAlert;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;

/** Tells several listeners, each whatever the others throw. */
final class GuardedListeners implements BlockListener {
    private final List<BlockListener> listeners;
    private final Counters counters;
    private final ErrorHandler errorHandler;

    GuardedListeners(List<BlockListener> listeners, Counters counters, ErrorHandler errorHandler) {
        this.listeners = List.copyOf(listeners);
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    private void each(Consumer<BlockListener> call) {
        for (BlockListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable t) {
                counters.increment(Counter.LISTENER_ERRORS);
                errorHandler.onError(t);
            }
        }
    }

    @Override
    public void frame(AlertFrame frame) {
        each(listener -> listener.frame(frame));
    }

    @Override
    public void alerted(SignatureAlert alert) {
        each(listener -> listener.alerted(alert));
    }

    @Override
    public void detected(Detection detection) {
        each(listener -> listener.detected(detection));
    }

    @Override
    public void ended(Detection detection) {
        each(listener -> listener.ended(detection));
    }

    @Override
    public void banned(Ban ban, Detection cause, boolean prolonged) {
        each(listener -> listener.banned(ban, cause, prolonged));
    }

    @Override
    public void restored(Ban ban) {
        each(listener -> listener.restored(ban));
    }

    @Override
    public void allowed(Cidr network, long nowNs) {
        each(listener -> listener.allowed(network, nowNs));
    }

    @Override
    public void disallowed(Cidr network, long nowNs) {
        each(listener -> listener.disallowed(network, nowNs));
    }

    @Override
    public void released(Ban ban, ReleaseReason reason) {
        each(listener -> listener.released(ban, reason));
    }

    @Override
    public void spared(Detection detection, SpareReason reason) {
        each(listener -> listener.spared(detection, reason));
    }

    @Override
    public void tick(long nowNs) {
        each(listener -> listener.tick(nowNs));
    }

    @Override
    public void close() {
        each(BlockListener::close);
    }
}
