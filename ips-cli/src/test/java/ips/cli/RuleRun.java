package ips.cli;

import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.block.BlockListener;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.TableConfig;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.RingConfig;
import ips.core.pipeline.WaitMode;
import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleInspector;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.SignatureSet;
import ips.core.verdict.SignatureAlert;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What rules alert on frames made in a test, asked of a whole engine. */
final class RuleRun {
    private static final long FRAME_NS = 100_000;

    /** Made hundreds of times for a handful of flows: tables of the usual size took most of it. */
    private static final EngineConfig SMALL =
            EngineConfig.DEFAULTS
                    .withRing(new RingConfig(8, 65_536, WaitMode.PARKING, false))
                    .withTables(
                            new TableConfig(
                                    4096,
                                    256,
                                    new ConnectionTracker.Config(
                                            8192,
                                            ConnectionTracker.Config.DEFAULTS.grace(),
                                            true,
                                            2048,
                                            false)));

    private static final RuleInspector.Options OPTIONS =
            new RuleInspector.Options(false, false, true, 4096);

    private RuleRun() {}

    /** Rules that all have to be understood, by the names of their files. */
    static SignatureSet compile(Map<String, String> texts) {
        RuleParser parser = new RuleParser();
        texts.forEach(parser::text);
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        if (!parser.errors().isEmpty() || !compiler.errors().isEmpty()) {
            throw new AssertionError(parser.errors() + " " + compiler.errors());
        }
        return new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
    }

    /** The alerts, in the order in which they are told. */
    static List<SignatureAlert> alerts(SignatureSet rules, int workers, Iterable<byte[]> frames) {
        List<SignatureAlert> alerts = new ArrayList<>();
        BlockListener listener =
                new BlockListener() {
                    @Override
                    public void alerted(SignatureAlert alert) {
                        alerts.add(alert);
                    }
                };
        try (Engine engine =
                Engine.builder()
                        .config(SMALL.withWorkers(workers))
                        .rules(rules, OPTIONS)
                        .lossless(true)
                        .listener(listener)
                        .errorHandler(
                                error -> {
                                    throw new AssertionError(error);
                                })
                        .build()) {
            FrameBuffer buffer = new FrameBuffer();
            long nowNs = Traffic.BEGIN_NS;
            for (byte[] frame : frames) {
                buffer.wrap(frame);
                nowNs += FRAME_NS;
                engine.frames()
                        .frame(
                                nowNs,
                                buffer,
                                0,
                                frame.length,
                                frame.length,
                                LinkType.ETHERNET,
                                0,
                                0);
            }
        }
        return alerts;
    }
}
