package ips.core.block;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Blocks nothing and remembers every batch it was given, for tests and for trying an embedding out;
 * grows without bound. May be read by any thread.
 */
public final class RecordingEnforcer implements Enforcer {
    private final List<List<Ban>> enforced = new CopyOnWriteArrayList<>();
    private final List<List<Ban>> lifted = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    @Override
    public void enforce(List<Ban> bans) {
        enforced.add(List.copyOf(bans));
    }

    @Override
    public void lift(List<Ban> bans) {
        lifted.add(List.copyOf(bans));
    }

    /** The batches of bans so far. */
    public List<List<Ban>> enforcedBatches() {
        return enforced;
    }

    /** The batches of ended bans so far. */
    public List<List<Ban>> liftedBatches() {
        return lifted;
    }

    /** All bans so far, prolonged ones once more each time. */
    public List<Ban> enforced() {
        return enforced.stream().flatMap(List::stream).toList();
    }

    /** All ended bans so far. */
    public List<Ban> lifted() {
        return lifted.stream().flatMap(List::stream).toList();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public void close() {
        closed = true;
    }
}
