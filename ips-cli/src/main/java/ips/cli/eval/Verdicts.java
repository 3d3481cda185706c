package ips.cli.eval;

import ips.core.Engine;
import ips.core.EngineConfig;
import ips.core.block.Detection;
import ips.core.detect.PayloadDetector;
import ips.core.packet.FrameBuffer;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.payload.RequestJudge;
import ips.core.payload.RequestVerdict;
import ips.core.pipeline.FrameSink;
import ips.core.verdict.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What the detection says of requests, by one way or another: for each the kind, or null. */
public final class Verdicts {
    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final long REQUEST_NS = 1_000_000;
    private static final long FRAME_NS = 1_000;

    /** Requests that one engine is given, each from an address of its own. */
    private static final int BATCH = 16_384;

    private Verdicts() {}

    /** Hands the parts of each request to the judges; no packets, no parser. */
    public static Kind[] straight(List<CorpusRequest> requests, PayloadDetector.Config config) {
        RequestJudge judge = new RequestJudge(config.judge());
        FrameBuffer name = new FrameBuffer();
        FrameBuffer value = new FrameBuffer();
        Kind[] kinds = new Kind[requests.size()];
        for (int i = 0; i < kinds.length; i++) {
            List<RequestParts.Part> parts = RequestParts.of(requests.get(i));
            value.wrap(parts.get(0).value()); // the path
            judge.begin(value, 0, parts.get(0).value().length);
            for (RequestParts.Part part : parts) {
                name.wrap(part.name());
                value.wrap(part.value());
                judge.part(part.kind(), name, 0, part.name().length, value, 0, part.value().length);
            }
            RequestVerdict verdict = judge.verdict();
            kinds[i] = verdict.attack() ? verdict.kind() : null;
        }
        return kinds;
    }

    /** Sends each request to an engine as a TCP conversation from an address of its own. */
    public static Kind[] pipeline(
            List<CorpusRequest> requests, EngineConfig config, WireForm form) {
        Kind[] kinds = new Kind[requests.size()];
        for (int from = 0; from < kinds.length; from += BATCH) {
            int to = Math.min(kinds.length, from + BATCH);
            Map<IpAddress, Kind> accused = run(requests.subList(from, to), config, form);
            for (int i = from; i < to; i++) {
                kinds[i] = accused.get(Conversation.client(form, i - from));
            }
        }
        return kinds;
    }

    private static Map<IpAddress, Kind> run(
            List<CorpusRequest> requests, EngineConfig config, WireForm form) {
        try (Engine engine = Engine.builder().config(config).build()) {
            Deque<Iterator<byte[]>> live = new ArrayDeque<>();
            FrameBuffer buffer = new FrameBuffer();
            FrameSink sink = engine.frames();
            long nowNs = START_NS;
            int next = 0;
            while (next < requests.size() || !live.isEmpty()) {
                while (next < requests.size() && live.size() < form.interleave()) {
                    live.add(Conversation.frames(requests.get(next), form, next).iterator());
                    nowNs = Math.max(nowNs, START_NS + next * REQUEST_NS);
                    next++;
                }
                Iterator<byte[]> frames = live.poll();
                byte[] frame = frames.next();
                nowNs += FRAME_NS;
                buffer.wrap(frame);
                sink.frame(nowNs, buffer, 0, frame.length, frame.length, LinkType.ETHERNET, 0, 0);
                if (frames.hasNext()) {
                    live.add(frames);
                }
            }
            engine.close();
            Map<IpAddress, Kind> accused = new HashMap<>();
            for (Detection detection : engine.report().detections()) {
                if (detection.source() != null && Kind.PAYLOAD_KINDS.contains(detection.kind())) {
                    accused.putIfAbsent(detection.source(), detection.kind());
                }
            }
            return accused;
        }
    }
}
