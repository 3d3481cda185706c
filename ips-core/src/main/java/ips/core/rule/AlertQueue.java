package ips.core.rule;

import ips.core.ColdPath;
import ips.core.inspect.AppProtocol;
import ips.core.inspect.HttpTransaction;
import ips.core.inspect.InspectedFlow;
import ips.core.packet.IpAddress;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.rule.keyword.Inspection;
import ips.core.rule.keyword.Payload;
import ips.core.verdict.AlertDetails;
import ips.core.verdict.PacketDetails;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.VerdictSink;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * Collects what matched for the packet in hand until all rules have been asked; then settles, in
 * the order of the signatures, which alerts are raised and what becomes of packet and flow.
 */
final class AlertQueue {
    /** Alerts told of one packet at most, as Suricata has it. */
    private static final int MOST_ALERTS = 15;

    private static final int TCP_OFFSET = 12;
    private static final int TCP_URGENT = 18;
    private static final int UDP_LENGTH = 4;

    private final SignatureSet set;
    private final boolean inline;
    private final boolean payload;
    private final VerdictSink sink;
    private final Carriers carriers = new Carriers();
    private final Supplier<String> streamText;
    private final AlertLimits limits;
    private final SignatureAlert[] waiting = new SignatureAlert[MOST_ALERTS];
    private long[] matches = new long[64]; // order << 33 | stateful << 32 | transaction + 1
    private int count;
    private boolean dropped;
    private boolean passed;
    private int told;

    /**
     * @param streamText what is kept of the stream of the packet in hand, or null
     */
    AlertQueue(
            SignatureSet set,
            boolean inline,
            boolean payload,
            VerdictSink sink,
            Supplier<String> streamText) {
        this.streamText = streamText;
        this.payload = payload;
        this.set = set;
        this.inline = inline;
        this.sink = sink;
        limits = new AlertLimits(set);
    }

    /**
     * Notes that a signature matched.
     *
     * @param transaction its number in the flow, or -1
     */
    void add(Signature signature, boolean stateful, long transaction) {
        if (count == matches.length) {
            grow();
        }
        matches[count++] =
                (long) signature.order << 33
                        | (stateful ? 1L << 32 : 0)
                        | transaction + 1 & 0xffff_ffffL;
    }

    @ColdPath
    private void grow() {
        matches = Arrays.copyOf(matches, count * 2);
    }

    /** The packet is not looked at: its flow was passed or dropped before. */
    void skip(Inspection in) {
        count = 0;
    }

    /** Settles what matched. */
    void settle(Inspection in) {
        if (count == 0) {
            return;
        }
        settleMatches(in);
        count = 0;
    }

    @ColdPath
    private void settleMatches(Inspection in) {
        Arrays.sort(matches, 0, count);
        dropped = false;
        passed = false;
        told = 0;
        for (int i = 0; i < count && !passed; i++) {
            Signature signature = set.get((int) (matches[i] >>> 33));
            boolean stateful = (matches[i] & 1L << 32) != 0;
            long transaction = (matches[i] & 0xffff_ffffL) - 1;
            AlertLimits.Outcome outcome = limits.ask(signature, in.packet, in.flow);
            if (outcome == AlertLimits.Outcome.NOTHING) {
                continue;
            }
            Signature.Action action = limits.action();
            if (action == Signature.Action.PASS && outcome != AlertLimits.Outcome.ALERT) {
                passFlow(signature, stateful, in.flow);
                continue; // beyond its limit a drop drops all the same, but this hides no alert
            }
            apply(signature, action, stateful, in.flow);
            if (outcome == AlertLimits.Outcome.ALERT && !signature.noAlert && told < MOST_ALERTS) {
                if (action != Signature.Action.PASS) {
                    waiting[told++] = alert(signature, action, transaction, stateful, in);
                }
            }
        }
        for (int i = 0; i < told; i++) {
            sink.raise(waiting[i]);
            waiting[i] = null;
        }
    }

    private void passFlow(Signature signature, boolean stateful, InspectedFlow flow) {
        if (flow != null && !dropped && signature.actsOnFlow(stateful)) {
            flow.passed = true;
        }
    }

    private void apply(
            Signature signature, Signature.Action action, boolean stateful, InspectedFlow flow) {
        if (action == Signature.Action.PASS && !dropped) {
            passed = true;
        } else if (action.drops()) {
            dropped = true;
        } else {
            return;
        }
        if (flow != null && signature.actsOnFlow(stateful)) {
            flow.passed |= passed;
            flow.dropped |= action.drops();
        }
    }

    private SignatureAlert alert(
            Signature signature,
            Signature.Action action,
            long transaction,
            boolean stateful,
            Inspection in) {
        Packet packet = in.packet;
        InspectedFlow flow = in.flow;
        boolean addressed = packet.ipVersion() != 0 && !in.unaddressed;
        String app = null;
        if (flow != null && flow.app != AppProtocol.UNKNOWN) {
            app = flow.app.word();
        } else if (flow != null && flow.protocol == Protocol.UDP) {
            app = AppProtocol.FAILED.word(); // a datagram tells at once, an empty one nothing
        }
        return new SignatureAlert(
                packet.frameNumber(),
                packet.timestampNs(),
                told,
                signature.info,
                action == Signature.Action.REJECT
                        // Suricata tells of a rate filter's drop as one though it drops nothing
                        || action.drops() && (inline || action != signature.action),
                dropped && inline ? "drop" : "alert",
                action.drops(),
                addressed ? packet.source() : null,
                packet.sourcePort(),
                addressed ? packet.destination() : null,
                packet.destinationPort(),
                packet.protocol(),
                packet.isIcmp() ? packet.icmpType() : -1,
                packet.icmpCode(),
                flow == null ? 0 : flow.id,
                in.toServer,
                in.endOfFlow,
                app,
                transaction,
                flow != null && flow.established(),
                flow == null ? null : details(flow, transaction),
                packetDetails(packet, stateful));
    }

    private PacketDetails packetDetails(Packet packet, boolean stateful) {
        String text = payload && stateful ? streamText.get() : null;
        boolean ofStream = text != null;
        if (payload && !ofStream && Payload.lengthOf(packet) > 0) {
            byte[] bytes = new byte[Payload.lengthOf(packet)];
            packet.buffer().getBytes(Payload.offsetOf(packet), bytes);
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        int tags = packet.vlanCount();
        return new PacketDetails(
                tags > 0 ? packet.outerVlan() : -1,
                tags > 1 ? packet.innerVlan() : -1,
                packet.ipTotalLength(),
                packet.trafficClass(),
                packet.ttl(),
                packet.identification(),
                text,
                ofStream,
                packet.fragment() && packet.ipVersion() == 6,
                carriers.of(packet),
                isIcmp4(packet) ? (long) packet.icmpId() << 16 | packet.icmpSequence() : -1,
                packet.isUdp() ? headerShort(packet, UDP_LENGTH) : -1,
                packet.isTcp() ? tcp(packet) : null);
    }

    private static boolean isIcmp4(Packet packet) {
        return packet.isIcmp() && packet.protocol() == Protocol.ICMP;
    }

    /** The transaction that was matched; none where none was, as Suricata has it. */
    private static AlertDetails.Http http(InspectedFlow flow, long transaction) {
        if (flow.http == null || transaction < 0) {
            return null;
        }
        for (HttpTransaction each : flow.http.live()) {
            if (each.number() == transaction) {
                return each.details();
            }
        }
        return null;
    }

    private static PacketDetails.Tcp tcp(Packet packet) {
        return new PacketDetails.Tcp(
                packet.tcpSequence(),
                packet.tcpAcknowledgment(),
                packet.tcpWindow(),
                packet.tcpFlags(),
                headerShort(packet, TCP_OFFSET) >> 8 & 0xf,
                headerShort(packet, TCP_URGENT));
    }

    /** Two bytes of the transport header; 0 for the end of a flow, which has none. */
    private static int headerShort(Packet packet, int at) {
        DirectBuffer buffer = packet.buffer();
        int offset = packet.transportOffset() + at;
        return buffer == null ? 0 : buffer.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    private static AlertDetails details(InspectedFlow flow, long transaction) {
        return new AlertDetails(
                flow.packetsToServer,
                flow.packetsToClient,
                flow.bytesToServer,
                flow.bytesToClient,
                flow.firstNs,
                new IpAddress(flow.clientHigh, flow.clientLow),
                flow.clientPort,
                new IpAddress(flow.serverHigh, flow.serverLow),
                flow.serverPort,
                http(flow, transaction));
    }
}
