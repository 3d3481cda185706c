package ips.core.block;

import ips.core.packet.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Several enforcers as one; what one throws is thrown once the others have been told. */
public final class EnforcerChain implements Enforcer {
    private final List<Enforcer> enforcers;

    public EnforcerChain(List<Enforcer> enforcers) {
        this.enforcers = List.copyOf(enforcers);
    }

    private void each(Consumer<Enforcer> call) {
        RuntimeException thrown = null;
        for (Enforcer enforcer : enforcers) {
            try {
                call.accept(enforcer);
            } catch (RuntimeException e) {
                thrown = e;
            }
        }
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public void enforce(List<Ban> bans) {
        each(enforcer -> enforcer.enforce(bans));
    }

    @Override
    public void lift(List<Ban> bans) {
        each(enforcer -> enforcer.lift(bans));
    }

    @Override
    public void maintain(Iterable<Ban> wanted, long nowNs) {
        each(enforcer -> enforcer.maintain(wanted, nowNs));
    }

    @Override
    public void protect(Collection<Cidr> never) {
        each(enforcer -> enforcer.protect(never));
    }

    @Override
    public List<Ban> takeStanding() {
        List<Ban> standing = new ArrayList<>();
        each(enforcer -> standing.addAll(enforcer.takeStanding()));
        return standing;
    }

    @Override
    public boolean blocks() {
        return enforcers.stream().anyMatch(Enforcer::blocks);
    }

    @Override
    public boolean isEnforced(Ban ban) {
        return enforcers.stream().anyMatch(enforcer -> enforcer.isEnforced(ban));
    }

    @Override
    public OptionalLong blockedPackets(Ban ban) {
        return enforcers.stream()
                .map(enforcer -> enforcer.blockedPackets(ban))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    @Override
    public String health() {
        return enforcers.stream()
                .map(Enforcer::health)
                .filter(sentence -> !sentence.isEmpty())
                .collect(Collectors.joining("; "));
    }

    @Override
    public String name() {
        return enforcers.get(enforcers.size() - 1).name();
    }

    @Override
    public void close() {
        each(Enforcer::close);
    }
}
