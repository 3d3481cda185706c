package ips.core.rule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
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
import java.util.TreeSet;

/** Shows a case to the engine and compares. */
final class FuzzRun {
    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final long STEP_NS = 1_000_000;

    private FuzzRun() {}

    /** Compares, and says how many alerts were right. */
    static int compare(PlainCase each) {
        List<String> expected = sorted(each, each.expected());
        List<String> told = sorted(each, alerts(each));
        if (!expected.equals(told)) {
            assertEquals("", difference(each, expected, told));
        }
        return expected.size();
    }

    private static List<String> sorted(PlainCase each, List<String> keys) {
        return each.once() ? List.copyOf(new TreeSet<>(keys)) : keys.stream().sorted().toList();
    }

    private static String difference(PlainCase each, List<String> expected, List<String> told) {
        List<String> missing = new ArrayList<>(expected);
        told.forEach(missing::remove);
        List<String> extra = new ArrayList<>(told);
        expected.forEach(extra::remove);
        List<String> odd = missing.isEmpty() ? extra : missing;
        int sid = Integer.parseInt(odd.get(0).split(" ")[0]);
        return "missing %s, too many %s of %s".formatted(missing, extra, each.rules().get(sid - 1));
    }

    private static List<String> alerts(PlainCase each) {
        RuleParser parser = new RuleParser();
        parser.text("own.rules", String.join("\n", each.rules()));
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        assertEquals(List.of(), compiler.errors());
        List<String> told = new ArrayList<>();
        RuleInspector inspector =
                new RuleInspector(
                        new SignatureSet(compiler.signatures(), AlertPolicy.NONE),
                        new RuleInspector.Options(false, false, true, 1024),
                        report -> {
                            SignatureAlert alert = (SignatureAlert) report;
                            told.add(
                                    each.key(
                                            new PlainCase.Alert(
                                                    alert.rule().id().sid(),
                                                    alert.frame(),
                                                    alert.sourcePort(),
                                                    alert.destinationPort())));
                        });
        PacketDecoder decoder = new PacketDecoder(false, new Counters());
        Packet packet = new Packet();
        int number = 0;
        for (byte[] frame : each.frames()) {
            number++;
            boolean readable =
                    decoder.decode(
                            new FrameBuffer(frame),
                            0,
                            frame.length,
                            frame.length,
                            LinkType.ETHERNET,
                            0,
                            0,
                            START_NS + number * STEP_NS,
                            number,
                            packet);
            if (readable) {
                inspector.packet(packet);
            } else {
                inspector.unreadable(packet);
            }
        }
        inspector.end(number);
        return told;
    }
}
