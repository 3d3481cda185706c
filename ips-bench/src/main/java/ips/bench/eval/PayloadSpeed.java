package ips.bench.eval;

import ips.cli.eval.CorpusRequest;
import ips.cli.eval.RequestParts;
import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import ips.core.payload.RequestJudge;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many bytes of a corpus' names and values the judges take in a second on one core, by kind of
 * honest request and by label of attack: the gates, the normaliser and the judges together.
 *
 * <pre>java -cp ... ips.bench.eval.PayloadSpeed CORPUS.jsonl.gz [GROUP]</pre>
 */
public final class PayloadSpeed {
    private record Prepared(
            PartKind kind, FrameBuffer name, int nameLength, FrameBuffer value, int length) {}

    /** Time of this thread alone: other load on the machine does not count. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private static final long MEASURED_NS = 5_000_000_000L;

    private PayloadSpeed() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, List<List<Prepared>>> groups = new TreeMap<>();
        CorpusRequest.read(
                Path.of(arguments[0]),
                request -> {
                    String group =
                            request.benign()
                                    ? "honest " + request.kind()
                                    : "attack " + request.label();
                    List<Prepared> prepared = new ArrayList<>();
                    List<Prepared> uri = new ArrayList<>();
                    for (RequestParts.Part part : RequestParts.of(request)) {
                        Prepared p =
                                new Prepared(
                                        part.kind(),
                                        new FrameBuffer(part.name()),
                                        part.name().length,
                                        new FrameBuffer(part.value()),
                                        part.value().length);
                        prepared.add(p);
                        if (part.kind() == PartKind.PATH || part.kind() == PartKind.QUERY) {
                            uri.add(p);
                        }
                    }
                    groups.computeIfAbsent(group, key -> new ArrayList<>()).add(prepared);
                    if (group.equals("honest browse")) {
                        groups.computeIfAbsent("honest browse, URIs", key -> new ArrayList<>())
                                .add(uri);
                    }
                });
        if (arguments.length > 1) {
            groups.keySet().removeIf(group -> !group.contains(arguments[1]));
        }
        RequestJudge judge = new RequestJudge(RequestJudge.Config.DEFAULTS);
        groups.values().forEach(requests -> run(judge, requests, MEASURED_NS / 10));
        groups.forEach(
                (group, requests) -> {
                    run(judge, requests, MEASURED_NS / 2);
                    long seen = judge.judgedBytes();
                    long start = CPU.getCurrentThreadCpuTime();
                    long[] done = run(judge, requests, MEASURED_NS);
                    double seconds = (CPU.getCurrentThreadCpuTime() - start) / 1e9;
                    System.out.printf(
                            "%-28s %7.0f MB/s %9.0f requests/s, %5.1f %% of the bytes judged%n",
                            group,
                            done[1] / seconds / 1e6,
                            done[0] / seconds,
                            100.0 * (judge.judgedBytes() - seen) / Math.max(1, done[1]));
                });
    }

    /** Requests and bytes done in about {@code forNs}. */
    private static long[] run(RequestJudge judge, List<List<Prepared>> requests, long forNs) {
        long end = CPU.getCurrentThreadCpuTime() + forNs;
        long bytes = 0;
        long count = 0;
        do {
            for (List<Prepared> request : requests) {
                judge.begin();
                for (Prepared part : request) {
                    judge.part(
                            part.kind, part.name, 0, part.nameLength, part.value, 0, part.length);
                    bytes += part.nameLength + part.length;
                }
                judge.verdict();
                count++;
            }
        } while (CPU.getCurrentThreadCpuTime() < end);
        return new long[] {count, bytes};
    }
}
