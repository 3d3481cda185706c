package ips.core.detect;

import ips.core.ColdPath;
import ips.core.packet.Packet;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import java.util.Set;

/**
 * Asks rules about every packet that falls to its worker by both addresses, so that both directions
 * of a flow are seen by one; see {@link RuleInspector}.
 */
public final class SignatureDetector implements Detector {
    /** The rules to ask, and how. */
    public record Config(SignatureSet rules, RuleInspector.Options options)
            implements DetectorConfig {
        @Override
        public boolean enabled() {
            return !rules.isEmpty();
        }

        @Override
        public Detector create(DetectorContext context) {
            RuleInspector.Options share = options.perWorker(context.workers());
            return new SignatureDetector(new RuleInspector(rules, share, context.verdicts()));
        }
    }

    private final RuleInspector inspector;

    SignatureDetector(RuleInspector inspector) {
        this.inspector = inspector;
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.INSPECTED);
    }

    @Override
    public void inspect(Packet packet, boolean readable, boolean repeat) {
        if (readable) {
            inspector.packet(packet, repeat);
        } else {
            inspector.unreadable(packet);
        }
    }

    @Override
    public void tick(long nowNs, long frame) {
        inspector.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        inspector.end(nowNs, frame);
    }
}
