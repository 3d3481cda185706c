package ips.core.rule;

import ips.core.ColdPath;
import ips.core.inspect.AppLayer;
import ips.core.inspect.ByteRange;
import ips.core.inspect.HostMemory;
import ips.core.inspect.HttpAsked;
import ips.core.inspect.InspectedFlow;
import ips.core.inspect.InspectedFlows;
import ips.core.inspect.StreamReader;
import ips.core.inspect.anomaly.FrameAnomalies;
import ips.core.packet.Packet;
import ips.core.packet.PacketsAround;
import ips.core.packet.Protocol;
import ips.core.packet.TcpFlags;
import ips.core.packet.UdpHeader;
import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.Inspection;
import ips.core.verdict.VerdictSink;
import java.nio.charset.StandardCharsets;

/**
 * Asks the signatures of a set about each packet of one worker: follows its flow, finds the
 * candidates by prefilters, ports and flags, tries them in order, and raises alerts for what
 * matched. Owned by the worker's thread. What does not alert allocates nothing.
 *
 * <p>A packet is looked at in this order: addresses alone, headers and payload or stream,
 * transactions; then all that matched is settled together, in the signatures' order, because a rule
 * that passes hides the alerts of those after it, and one that drops changes what they say.
 */
public final class RuleInspector {
    /**
     * How rules are applied.
     *
     * @param inline whether drop and reject take effect, and streams are looked at packet by packet
     * @param midstream whether TCP connections are followed whose beginning was not seen
     * @param verifyChecksums whether segments with a wrong checksum are kept out of streams
     * @param flows flows followed at most, by all workers together; each follows 1,024 at least
     * @param payload whether alerts carry the payload of their packets
     */
    public record Options(
            boolean inline,
            boolean midstream,
            boolean verifyChecksums,
            int flows,
            boolean payload) {
        public static final Options DEFAULTS = new Options(false, false, true, 1 << 16, false);

        /** With alerts that carry no payload. */
        public Options(boolean inline, boolean midstream, boolean verifyChecksums, int flows) {
            this(inline, midstream, verifyChecksums, flows, false);
        }

        /** One worker's part. */
        public Options perWorker(int workers) {
            int share = Math.max(1024, flows / workers);
            return new Options(inline, midstream, verifyChecksums, share, payload);
        }
    }

    /** Bytes of a stream that an alert carries at most. */
    private static final int LONGEST_TEXT = 64 << 10;

    private final SignatureSet set;
    private final Options options;
    private final InspectedFlows flows;
    private final PacketGate gate;
    private final StreamReader streams;
    private final AppLayer app;
    private final FrameAnomalies anomalies;
    private final Inspection in = new Inspection();
    private final PacketRules packets;
    private final AlertQueue alerts;
    private final TransactionRules transactions;
    private final ByteRange chunk = new ByteRange();
    private final Packet endPacket = new Packet();
    private final PacketsAround around = new PacketsAround();
    private final Packet barePacket = new Packet();
    private long lastFrame;
    private long lastFrameNs;
    private long endNs;

    public RuleInspector(SignatureSet set, Options options, VerdictSink sink) {
        this.set = set;
        this.options = options;
        flows = new InspectedFlows(options.flows(), this::ended);
        gate = new PacketGate(set, flows, options.inline() || options.midstream());
        HttpAsked http = new HttpAsked(set.asksFor(Buffer.HTTP_HEADER_RAW), set.asksAppEvents());
        app = new AppLayer(http, options.midstream());
        streams = new StreamReader(options.inline(), app);
        alerts = new AlertQueue(set, options.inline(), options.payload(), sink, this::streamText);
        packets = new PacketRules(set, in, streams, alerts);
        transactions = new TransactionRules(set, in, alerts, packets::payloadHolds);
        anomalies = new FrameAnomalies(in.decodeEvents, set.asksTcpOptions());
        in.hosts = new HostMemory();
    }

    /** Asks about a frame that holds no packet that could be read. */
    public void unreadable(Packet packet) {
        if (!set.asksDecoder()) {
            return;
        }
        lastFrame = packet.frameNumber();
        anomalies.read(packet);
        broken(packet);
    }

    /** Asks about a packet whose transport header, or even IP header, is not to be read. */
    private void broken(Packet packet) {
        if (packet.ipVersion() != 0 && !anomalies.unaddressed()) {
            int reached = anomalies.transport();
            barePacket.standForHeaders(packet, reached < 0 ? packet.protocol() : reached);
            begin(barePacket, null, false);
            inspect();
            return;
        }
        begin(packet, null, false);
        in.unaddressed = true;
        if (hasDecodeEvents()) {
            packets.askDecoderRules();
        }
        alerts.settle(in);
    }

    /** Asks about a packet, whole or a fragment. */
    public void packet(Packet packet) {
        packet(packet, false);
    }

    /**
     * Asks about a packet, whole or a fragment; about one that was put together before the fragment
     * that completed it.
     *
     * @param repeat whether it is one more of many from a flooding source, all alike
     */
    public void packet(Packet packet, boolean repeat) {
        if (repeat && isAlone(packet) && gate.passesAgain(packet) && isPlain(packet)) {
            lastFrame = packet.frameNumber();
            lastFrameNs = packet.timestampNs();
            return;
        }
        any(packet, repeat);
    }

    /** Whether its frame holds no other packet, neither one that carries it nor a fragment. */
    private static boolean isAlone(Packet packet) {
        return packet.tunnelDepth() == 0 && !packet.reassembled();
    }

    private boolean isPlain(Packet packet) {
        return !set.asksDecoder() || anomalies.isPlain(packet);
    }

    private void any(Packet packet, boolean repeat) {
        if (packet.tunnelDepth() > 0) {
            carriers(packet);
        }
        whole(packet, repeat);
        if (packet.reassembled()) {
            in.decodeEvents[0] = 0;
            in.decodeEvents[1] = 0;
            begin(around.fragmentOf(packet), null, false);
            inspect();
        }
    }

    /** Asks about the packets that carry another through tunnels: about their headers. */
    private void carriers(Packet packet) {
        in.decodeEvents[0] = 0;
        in.decodeEvents[1] = 0;
        for (int i = 0; i < packet.tunnelDepth(); i++) {
            Packet carrier = around.carrierOf(packet, i);
            if (carrier == null) {
                return;
            }
            InspectedFlow flow = flows.of(carrier);
            begin(carrier, flow, flows.toServer());
            in.carrier = true;
            if (flow != null) {
                flow.count(carrier, in.toServer);
            }
            inspect();
        }
    }

    private void whole(Packet packet, boolean repeat) {
        lastFrame = packet.frameNumber();
        lastFrameNs = packet.timestampNs();
        endNs = lastFrameNs;
        boolean odd = false;
        if (set.asksDecoder() || isDoubtful(packet)) {
            anomalies.read(packet);
            if (anomalies.invalid()) {
                broken(packet);
                return;
            }
            odd = hasDecodeEvents();
        }
        if (!odd && gate.passes(packet, repeat)) {
            return;
        }
        InspectedFlow flow = packet.fragment() ? null : flows.of(packet);
        boolean toServer = flows.toServer();
        begin(packet, flow, toServer);
        if (flow != null) {
            follow(packet, flow, toServer);
            if (flow.dropped || flow.passed) {
                streams.skipped(flow);
                alerts.skip(in);
                return;
            }
        }
        inspect();
        if (flow != null && flow.takeFlush()) {
            flush(flow, true);
            flush(flow, false);
        }
    }

    /**
     * Whether a packet is perhaps none to Suricata: its lengths or its transport header are odd.
     */
    private static boolean isDoubtful(Packet packet) {
        if (packet.isTcp()) {
            return packet.incomplete();
        }
        boolean udp = packet.isUdp();
        int datagram = packet.transportLength() - UdpHeader.LENGTH;
        return packet.incomplete()
                || packet.protocol() == Protocol.TCP && !packet.fragment()
                || udp && packet.payloadLength() != datagram;
    }

    private void begin(Packet packet, InspectedFlow flow, boolean toServer) {
        in.packet = packet;
        in.flow = flow;
        in.carrier = false;
        in.toServer = flow == null || toServer;
        in.endOfFlow = false;
        in.unaddressed = false;
        in.inStream = false;
        in.encrypted = flow != null && flow.encrypted;
        in.streamEvents = 0;
        in.appEvents = 0;
        in.protocolFound = false;
        in.streamData = false;
    }

    private void follow(Packet packet, InspectedFlow flow, boolean toServer) {
        flow.read = !options.inline() || packet.isTcp() && ends(packet);
        if (packet.isTcp() && !(packet.checksumWrong() && options.verifyChecksums())) {
            streams.segment(packet, flow, toServer, options.midstream());
            if (streams.swapped()) {
                in.toServer = !in.toServer;
            }
            in.inStream = streams.added();
            in.streamEvents = streams.events();
        } else if (packet.isTcp()) {
            streams.unread(flow);
        } else if (packet.isUdp()) {
            app.datagram(packet, flow, toServer);
        }
        in.appEvents = flow.appEvents;
        flow.appEvents = 0;
        in.protocolFound =
                app.protocolFound(flow, in.toServer, options.inline() && packet.isTcp())
                        || packet.isUdp() && flow.packets(in.toServer) == 1;
        flow.count(packet, in.toServer);
    }

    private static boolean ends(Packet packet) {
        return (packet.tcpFlags() & (TcpFlags.FIN | TcpFlags.RST)) != 0;
    }

    private void inspect() {
        InspectedFlow flow = in.flow;
        packets.addAddressRules();
        if (hasDecodeEvents()) {
            packets.addDecoderRules();
        }
        askAll(flow);
        if (flow != null) {
            app.release(flow);
        }
    }

    private void askAll(InspectedFlow flow) {
        boolean anyStream = packets.ask();
        if (flow != null) {
            transactions.ask(flow, in.toServer);
        }
        boolean skipped = options.inline() && flow != null && flow.justPickedUp();
        if (anyStream || skipped) {
            streams.inspected(flow, in.toServer, in.endOfFlow);
        }
        alerts.settle(in);
    }

    private boolean hasDecodeEvents() {
        return (in.decodeEvents[0] | in.decodeEvents[1]) != 0;
    }

    /** What is kept of the stream of the packet in hand, for an alert; null where nothing is. */
    @ColdPath
    private String streamText() {
        if (in.flow == null || in.flow.tcp == null) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        streams.rewindToKept(in.flow, in.toServer);
        while (streams.next(chunk) && text.length() < LONGEST_TEXT) {
            byte[] bytes = new byte[Math.min(chunk.length, LONGEST_TEXT - text.length())];
            chunk.buffer.getBytes(chunk.offset, bytes);
            text.append(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return text.isEmpty() ? null : text.toString();
    }

    /** How often a message's part found no room, since the start. */
    public long buffersRefused() {
        return app.buffersRefused() + flows.buffersRefused();
    }

    /** How many bodies were not compressed as they say, since the start. */
    public long brokenBodies() {
        return app.brokenBodies();
    }

    /** How many searches of expressions took too many steps, since the start. */
    public long expressionLimits() {
        return in.expressionLimits();
    }

    // The ends of flows.

    private void ended(InspectedFlow flow) {
        if (flow.protocol == Protocol.TCP) {
            boolean more = set.asksAtEnd() && flow.isOpen();
            endDirection(flow, true, more);
            endDirection(flow, false, more);
        }
        app.ended(flow);
    }

    /**
     * Asks about what is left of a direction, as of the time at which the flow is found to be over.
     *
     * @param more whether it is asked about even if nothing is left of it
     */
    private void endDirection(InspectedFlow flow, boolean toServer, boolean more) {
        if (flow.dropped || flow.passed) {
            return;
        }
        if (!more && !streams.leftOver(flow, toServer)) {
            return;
        }
        Packet before = in.packet;
        InspectedFlow flowBefore = in.flow;
        boolean toServerBefore = in.toServer;
        beginEnd(flow, toServer);
        streams.end(flow, toServer);
        in.appEvents = flow.appEvents;
        flow.appEvents = 0;
        askAll(flow);
        in.packet = before;
        in.flow = flowBefore;
        in.toServer = toServerBefore;
    }

    /** Asks about what is left of a direction of a flow that goes on with another protocol. */
    private void flush(InspectedFlow flow, boolean toServer) {
        if (!flow.dropped && !flow.passed) {
            beginEnd(flow, toServer);
            askAll(flow);
        }
    }

    /** Begins with no packet, but one that stands for the end of a direction. */
    private void beginEnd(InspectedFlow flow, boolean toServer) {
        endPacket.standFor(
                lastFrame,
                endNs,
                toServer ? flow.clientHigh : flow.serverHigh,
                toServer ? flow.clientLow : flow.serverLow,
                toServer ? flow.clientPort : flow.serverPort,
                toServer ? flow.serverHigh : flow.clientHigh,
                toServer ? flow.serverLow : flow.clientLow,
                toServer ? flow.serverPort : flow.clientPort);
        begin(endPacket, flow, toServer);
        in.endOfFlow = true;
    }

    /** Frame time passed: flows that were silent for too long end. */
    public void tick(long nowNs, long frame) {
        lastFrame = frame;
        endNs = nowNs;
        flows.expire(nowNs);
    }

    /** There will be no more frames: all flows end. */
    @ColdPath
    public void end(long frame) {
        lastFrame = frame;
        endNs = lastFrameNs;
        flows.endAll();
    }
}
