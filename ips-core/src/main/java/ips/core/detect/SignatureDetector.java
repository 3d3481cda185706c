package ips.core.detect;

import ips.core.ColdPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Packet;
import ips.core.rule.RuleInspector;
import ips.core.rule.SignatureSet;
import ips.core.verdict.VerdictSink;
import java.util.Set;

/**
 * Asks rules about every packet that falls to its worker by both addresses, so that both directions
 * of a flow are seen by one; see {@link RuleInspector}.
 */
public final class SignatureDetector implements Detector {
    /** The rules to ask, and how. */
    public record Config(RulesInForce rules, RuleInspector.Options options)
            implements DetectorConfig {
        @Override
        public boolean enabled() {
            return !rules.current().isEmpty();
        }

        @Override
        public Detector create(DetectorContext context) {
            RuleInspector.Options share = options.perWorker(context.workers());
            return new SignatureDetector(rules, share, context.verdicts(), context.counters());
        }
    }

    private final RulesInForce rules;
    private final RuleInspector.Options options;
    private final VerdictSink verdicts;
    private final Counters counters;
    private SignatureSet asked;
    private RuleInspector inspector;
    private long refused;
    private long brokenBodies;
    private long limits;

    SignatureDetector(
            RulesInForce rules,
            RuleInspector.Options options,
            VerdictSink verdicts,
            Counters counters) {
        this.rules = rules;
        this.options = options;
        this.verdicts = verdicts;
        this.counters = counters;
        take(rules.current());
    }

    /** What was known of flows goes with the inspector that knew it. */
    @ColdPath
    private void take(SignatureSet set) {
        // There need not be memory for two of them.
        inspector = null;
        refused = 0;
        brokenBodies = 0;
        limits = 0;
        asked = set;
        inspector = new RuleInspector(set, options, verdicts);
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
        count();
        SignatureSet set = rules.current();
        if (set != asked) {
            take(set);
        }
    }

    private void count() {
        counters.add(Counter.RULE_BUFFERS_REFUSED, inspector.buffersRefused() - refused);
        counters.add(Counter.RULE_EXPRESSION_LIMITS, inspector.expressionLimits() - limits);
        counters.add(Counter.RULE_BODIES_BROKEN, inspector.brokenBodies() - brokenBodies);
        refused = inspector.buffersRefused();
        brokenBodies = inspector.brokenBodies();
        limits = inspector.expressionLimits();
    }

    @Override
    public void end(long nowNs, long frame) {
        inspector.end(frame);
        count();
    }
}
