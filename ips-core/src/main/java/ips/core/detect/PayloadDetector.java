package ips.core.detect;

import static ips.core.detect.SlowRequests.NOTHING;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.counter.Counters;
import ips.core.flow.ConnectionTable;
import ips.core.flow.SourceTable;
import ips.core.http.HttpConfig;
import ips.core.http.HttpParser;
import ips.core.http.PartListener;
import ips.core.http.RequestReader;
import ips.core.packet.Packet;
import ips.core.payload.JudgePreset;
import ips.core.payload.PartKind;
import ips.core.payload.RequestJudge;
import ips.core.payload.RequestVerdict;
import ips.core.stream.StreamConfig;
import ips.core.stream.StreamListener;
import ips.core.stream.StreamReassembler;
import ips.core.verdict.Action;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.agrona.DirectBuffer;

/**
 * Finds attacks in HTTP requests: puts streams in order, reads requests, has their parts judged.
 *
 * <p>One request beyond doubt bans its source; doubtful ones ban once there are several within a
 * window, and alert before. A source that is not proven to own its address is never banned for a
 * payload, for anyone may have sent it.
 *
 * <p>{@link SlowRequests} tells of those that hold connections open by requests they never finish.
 *
 * <p>Owned by one worker; memory as {@link StreamConfig} and {@link HttpConfig} say.
 */
public final class PayloadDetector implements Detector {
    /** Settings. */
    public record Config(
            @Setting("look for attacks in HTTP requests") boolean enabled,
            @Setting("how much doubt lets a request pass: cautious, balanced or strict")
                    JudgePreset preset,
            @Setting("doubtful requests of one source that ban it, 1 to 1000") int doubtful,
            @Setting("how far back they count, 1s to 1h") Duration window,
            @Setting("judges that are switched off, such as [scanner, ssrf]")
                    List<PayloadException.Judged> switchedOff,
            @Setting(
                            "places where judges keep silent, each with any of path, parameter, judges, from")
                    List<PayloadException> exceptions,
            @Setting("bounds of TCP streams") StreamConfig streams,
            @Setting("bounds of HTTP") HttpConfig http,
            @Setting("requests that are never finished") SlowRequests.Config slow)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(
                        true,
                        JudgePreset.BALANCED,
                        3,
                        Duration.ofSeconds(60),
                        List.of(),
                        List.of(),
                        StreamConfig.DEFAULTS,
                        HttpConfig.DEFAULTS,
                        SlowRequests.Config.DEFAULTS);

        public Config {
            switchedOff = List.copyOf(switchedOff);
            exceptions = List.copyOf(exceptions);
            Settings.within("doubtful", doubtful, 1, 1000);
            Settings.within("window", window, Duration.ofSeconds(1), Duration.ofHours(1));
        }

        /** The same with other bounds. */
        public Config withBounds(StreamConfig streams, HttpConfig http) {
            return with(streams, http, slow);
        }

        /** The same with other settings of slow requests. */
        Config withSlow(SlowRequests.Config slow) {
            return with(streams, http, slow);
        }

        private Config with(StreamConfig streams, HttpConfig http, SlowRequests.Config slow) {
            return new Config(
                    enabled,
                    preset,
                    doubtful,
                    window,
                    switchedOff,
                    exceptions,
                    streams,
                    http,
                    slow);
        }

        /** The settings of the judges, for those who use them without the detector. */
        public RequestJudge.Config judge() {
            return new RequestJudge.Config(
                    preset,
                    PayloadException.kinds(switchedOff),
                    exceptions.stream().map(PayloadException::exemption).toList(),
                    RequestJudge.Config.DEFAULTS.maxBytes());
        }

        @Override
        public Detector create(DetectorContext context) {
            return new PayloadDetector(this, context);
        }
    }

    private final ConnectionTable connections;
    private final SourceTable sources;
    private final StreamReassembler streams;
    private final RequestReader reader;
    private final HttpParser parser;
    private final RequestJudge judge;
    private final RequestJudge.Pause[] waiting;
    private final boolean[] accused;
    private final PayloadCampaigns campaigns;
    private final SlowRequests slow;
    private final IntUnaryOperator unfinished = this::unfinished;
    private long nowNs;
    private long frame;

    PayloadDetector(Config config, DetectorContext context) {
        connections = context.connections();
        sources = context.sources();
        Counters counters = context.counters();
        StreamConfig share = config.streams().perWorker(context.workers());
        HttpConfig http = config.http().perWorker(context.workers());
        judge = new RequestJudge(config.judge());
        reader = new RequestReader(share.streams(), http, new Judging(), counters);
        waiting = new RequestJudge.Pause[reader.slots()];
        accused = new boolean[reader.slots()];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = judge.newPause();
        }
        parser = new HttpParser(share.streams(), http, reader, counters);
        streams = new StreamReassembler(connections, share, new Reading(), counters);
        slow = new SlowRequests(config.slow(), context, share.streams(), streams::connection);
        campaigns =
                new PayloadCampaigns(
                        context.verdicts(), config.doubtful(), config.window().toNanos());
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.SEGMENT);
    }

    @Override
    public void segment(Packet packet, int connection, boolean fromClient) {
        nowNs = packet.timestampNs();
        frame = packet.frameNumber();
        slow.segment(nowNs);
        streams.segment(connection, fromClient, packet);
    }

    @Override
    public void forgotten(int connection) {
        streams.forgotten(connection);
    }

    @Override
    public void tick(long nowNs, long frame) {
        this.nowNs = nowNs;
        this.frame = frame;
        streams.tick();
        reader.tick();
        campaigns.tick(nowNs, frame);
        slow.tick(nowNs, frame, unfinished);
    }

    @Override
    public void end(long nowNs, long frame) {
        this.nowNs = nowNs;
        this.frame = frame;
        streams.end();
        campaigns.end(nowNs, frame);
    }

    /** What a stream's client has begun and not ended. */
    private int unfinished(int stream) {
        if (parser.isInHead(stream)) {
            return SlowRequests.HEAD;
        }
        return parser.isInBody(stream) ? SlowRequests.BODY : NOTHING;
    }

    private final class Reading implements StreamListener {
        @Override
        public void opened(int stream, int connection) {
            parser.opened(stream);
            slow.forget(stream);
        }

        @Override
        public void bytes(
                int stream, boolean fromClient, DirectBuffer buffer, int offset, int length) {
            int ended = parser.requestsEnded(stream);
            parser.bytes(stream, fromClient, buffer, offset, length);
            if (fromClient) {
                boolean isAnother = parser.requestsEnded(stream) != ended;
                slow.fromClient(stream, length, unfinished(stream) != NOTHING, isAnother);
            } else {
                slow.fromServer(stream);
            }
        }

        @Override
        public void gap(int stream, boolean fromClient, int length) {
            parser.gap(stream, fromClient, length);
            slow.forget(stream);
        }

        @Override
        public void closed(int stream) {
            parser.closed(stream);
            slow.forget(stream);
        }
    }

    private final class Judging implements PartListener {
        private boolean told;

        @Override
        public void begin(int stream, DirectBuffer path, int offset, int length) {
            int connection = streams.connection(stream);
            long high = connections.clientHigh(connection);
            long low = connections.clientLow(connection);
            judge.begin(path, offset, length, high, low);
            told = false;
        }

        @Override
        public void part(
                PartKind kind,
                DirectBuffer name,
                int nameOffset,
                int nameLength,
                DirectBuffer value,
                int valueOffset,
                int valueLength) {
            judge.part(kind, name, nameOffset, nameLength, value, valueOffset, valueLength);
        }

        @Override
        public void pause(int stream, int slot) {
            RequestVerdict verdict = judge.verdict();
            if (verdict.certain()) { // whatever the body holds, and whenever it comes
                tell(stream, verdict);
            }
            judge.pause(waiting[slot]);
            accused[slot] = told;
        }

        @Override
        public void resume(int stream, int slot) {
            judge.resume(waiting[slot]);
            told = accused[slot];
        }

        @Override
        public int client(int stream) {
            int connection = streams.connection(stream);
            long high = connections.clientHigh(connection);
            long low = connections.clientLow(connection);
            return (int) ((high * 31 + low) * 0x9E3779B97F4A7C15L >>> 32); // Fibonacci hashing
        }

        @Override
        public void end(int stream) {
            RequestVerdict verdict = judge.verdict();
            if (verdict.attack() && !told) {
                tell(stream, verdict);
            }
        }

        private void tell(int stream, RequestVerdict verdict) {
            told = true;
            accuse(streams.connection(stream), verdict);
        }

        @Override
        public void leftHttp(int stream) {
            streams.ignore(stream);
        }
    }

    private void accuse(int connection, RequestVerdict verdict) {
        long high = connections.clientHigh(connection);
        long low = connections.clientLow(connection);
        boolean proven =
                connections.isProven(connection)
                        || sources.isProven(sources.find(high, low), nowNs);
        campaigns.add(
                verdict,
                proven ? Action.BAN : Action.ALERT,
                high,
                low,
                connections.serverHigh(connection),
                connections.serverLow(connection),
                connections.serverPort(connection),
                nowNs,
                frame);
    }
}
