package ips.core.rule;

import ips.core.inspect.AppProtocol;
import ips.core.inspect.ByteRange;
import ips.core.inspect.InspectedFlow;
import ips.core.inspect.StreamReader;
import ips.core.packet.Packet;
import ips.core.rule.keyword.BufferTest;
import ips.core.rule.keyword.Inspection;
import ips.core.rule.keyword.Payload;
import org.agrona.DirectBuffer;

/**
 * Asks the signatures of packets and streams: collects those that may match the packet in hand or
 * what is new of its stream, and tries them in their order.
 */
final class PacketRules {
    private final SignatureSet set;
    private final Inspection in;
    private final StreamReader streams;
    private final AlertQueue alerts;
    private final PacketBuffers packetBuffers = new PacketBuffers();
    private final Candidates candidates;
    private final ByteRange chunk = new ByteRange();
    private boolean anyStream;

    PacketRules(SignatureSet set, Inspection in, StreamReader streams, AlertQueue alerts) {
        this.set = set;
        this.in = in;
        this.streams = streams;
        this.alerts = alerts;
        candidates = new Candidates(set.size());
    }

    /** Adds those of addresses alone, which are asked once for each direction of a flow. */
    void addAddressRules() {
        InspectedFlow flow = in.flow;
        if (flow != null) {
            if (in.toServer ? flow.addressesAskedToServer : flow.addressesAskedToClient) {
                return;
            }
            if (in.toServer) {
                flow.addressesAskedToServer = true;
            } else {
                flow.addressesAskedToClient = true;
            }
        }
        set.addresses().collect(in.packet, candidates);
    }

    /** Adds those of what is odd about headers. */
    void addDecoderRules() {
        candidates.addAll(set.decoder());
    }

    /** Asks those of what is odd about headers, and no others. */
    void askDecoderRules() {
        anyStream = false;
        addDecoderRules();
        askCandidates();
    }

    /** Asks all that were added and all that may match; whether there was anything of a stream. */
    boolean ask() {
        Packet packet = in.packet;
        InspectedFlow flow = in.flow;
        boolean hasPayload = !in.encrypted && Payload.lengthOf(packet) > 0;
        anyStream = flow != null && packet.isTcp() && hasStreamData(flow);
        SignatureGroup group = set.group(packet, in.toServer);
        in.streamData = anyStream && group.asksStream;
        group.collect(in, hasPayload || anyStream, candidates);
        if (hasPayload) {
            scanPacket(group, packet);
        }
        if (anyStream) {
            scanStream(group.stream, flow);
        }
        askCandidates();
        return anyStream;
    }

    private boolean hasStreamData(InspectedFlow flow) {
        return streams.hasData(in.packet, flow, in.toServer, in.inStream, in.endOfFlow);
    }

    private void scanPacket(SignatureGroup group, Packet packet) {
        payload(packet);
        scan(group.packet, chunk.buffer, chunk.offset, chunk.length);
        if (!in.inStream) {
            scan(group.stream, chunk.buffer, chunk.offset, chunk.length);
        }
    }

    private void scanStream(Prefilter prefilter, InspectedFlow flow) {
        // The last look at what came before all was encrypted: in TLS only rules without a pattern
        // have it, as in Suricata, so that none is found in the first bytes that are encrypted.
        boolean nothingClear = in.encrypted && !in.endOfFlow && flow.app == AppProtocol.TLS;
        if (prefilter == null || nothingClear) {
            return;
        }
        streams.rewind(in.packet, flow, in.toServer, in.endOfFlow);
        while (streams.next(chunk)) {
            scan(prefilter, chunk.buffer, chunk.offset, chunk.length);
        }
    }

    private void scan(Prefilter prefilter, DirectBuffer buffer, int offset, int length) {
        if (prefilter != null) {
            candidates.scan(prefilter, buffer, offset, length);
        }
    }

    private void askCandidates() {
        for (int order = candidates.takeFirst(); order >= 0; order = candidates.takeFirst()) {
            ask(set.get(order));
        }
    }

    private void ask(Signature signature) {
        if (in.endOfFlow && signature.payload == null && !signature.askedAtEnd()) {
            return;
        }
        if (!signature.fitsHeader(in.packet)
                || !signature.appFits(in.flow)
                || signature.type == Signature.Type.PROTOCOL && !in.protocolFound
                || signature.type == Signature.Type.APPLICATION && in.flow.justPickedUp()
                || !signature.conditionsHold(in)
                || !signature.packetBuffersHold(in, packetBuffers)) {
            return;
        }
        boolean stateful = false;
        if (signature.payload != null) {
            if (signature.asksStream && anyStream && streamHolds(signature.payload)) {
                stateful = true;
            } else if (signature.streamOnly
                    || in.inStream && !signature.asksPacketPayload
                    || in.endOfFlow
                    || !packetHolds(signature)) {
                return;
            }
        }
        signature.applyEffects(in);
        alerts.add(signature, stateful, stateful ? streamTransaction() : -1);
    }

    /** The transaction that a match in the stream is taken for: the oldest rules have not left. */
    private long streamTransaction() {
        if (in.flow.http != null) {
            return in.flow.http.oldestUnasked(in.toServer);
        }
        return in.flow.other == null ? -1 : in.flow.other.number();
    }

    private boolean packetHolds(Signature signature) {
        if (in.encrypted) {
            return false;
        }
        Packet packet = in.packet;
        boolean askedOfNothing =
                in.streamData && (signature.payload.ofNothing() || !signature.asksStream);
        if (Payload.lengthOf(packet) == 0 && !askedOfNothing) {
            return false;
        }
        payload(packet);
        return signature.payload.holds(chunk, in);
    }

    private void payload(Packet packet) {
        chunk.set(packet.buffer(), Payload.offsetOf(packet), Payload.lengthOf(packet));
        if (in.inStream) {
            streams.asReceived(packet, in.flow, in.toServer, chunk);
        }
    }

    /** Whether the payload's test of a signature of transactions holds in stream or datagram. */
    boolean payloadHolds(Signature signature) {
        if (!in.packet.isTcp()) {
            return packetHolds(signature);
        }
        streams.rewindToKept(in.flow, in.toServer);
        while (streams.next(chunk)) {
            if (signature.payload.holds(chunk, in)) {
                return true;
            }
        }
        return false;
    }

    private boolean streamHolds(BufferTest test) {
        streams.rewind(in.packet, in.flow, in.toServer, in.endOfFlow);
        while (streams.next(chunk)) {
            if (test.holds(chunk, in)) {
                return true;
            }
        }
        return false;
    }
}
