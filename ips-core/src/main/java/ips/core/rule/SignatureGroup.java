package ips.core.rule;

import ips.core.inspect.AppProtocol;
import ips.core.packet.Packet;
import ips.core.rule.keyword.Inspection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The signatures for packets of one protocol in one direction: by fast pattern, and those without
 * by ports, flags and what they ask for: an established flow, its protocol, payload, events.
 * Immutable.
 */
final class SignatureGroup {
    /** For what is looked for in the packet itself; null without any. */
    final Prefilter packet;

    /** For what is looked for in the stream, or in packets outside it; null without any. */
    final Prefilter stream;

    /** Whether some look into the stream. */
    final boolean asksStream;

    private final PortIndex open;
    private final PortIndex application;
    private final PortIndex events;
    private final PortIndex established;
    private final PortIndex payload;
    private final PortIndex[] byFlags;
    private final PortReach headerReach;

    SignatureGroup(List<Signature> signatures) {
        Prefilter.Builder packets = new Prefilter.Builder();
        Prefilter.Builder streams = new Prefilter.Builder();
        List<Signature> openOnes = new ArrayList<>();
        List<Signature> applicationOnes = new ArrayList<>();
        List<Signature> eventOnes = new ArrayList<>();
        List<Signature> establishedOnes = new ArrayList<>();
        List<Signature> payloadOnes = new ArrayList<>();
        List<Signature> flagOnes = new ArrayList<>();
        for (Signature each : signatures) {
            if (each.payload != null && each.payload.fastPattern() != null) {
                if (each.asksPacketPayload) {
                    packets.add(each.payload.fastPattern(), each.order);
                }
                if (each.asksStream) {
                    streams.add(each.payload.fastPattern(), each.order);
                }
            } else if (each.payload != null) {
                payloadOnes.add(each);
            } else if (each.app != null || each.type == Signature.Type.PROTOCOL) {
                applicationOnes.add(each);
            } else if (each.streamEvents != 0) {
                eventOnes.add(each);
            } else if (each.tcpFlags != null) {
                flagOnes.add(each);
            } else if (each.established) {
                establishedOnes.add(each);
            } else {
                openOnes.add(each);
            }
        }
        asksStream = signatures.stream().anyMatch(each -> each.payload != null && each.asksStream);
        packet = packets.build();
        stream = streams.build();
        open = new PortIndex(openOnes);
        application = new PortIndex(applicationOnes);
        events = new PortIndex(eventOnes);
        established = new PortIndex(establishedOnes);
        payload = new PortIndex(payloadOnes);
        byFlags = flagOnes.isEmpty() ? null : byFlags(flagOnes);
        List<Signature> byHeaders = new ArrayList<>(openOnes);
        byHeaders.addAll(flagOnes);
        headerReach = new PortReach(byHeaders);
    }

    private static PortIndex[] byFlags(List<Signature> signatures) {
        PortIndex[] indexes = new PortIndex[256];
        List<BitSet> seen = new ArrayList<>();
        List<PortIndex> made = new ArrayList<>();
        for (int flags = 0; flags < 256; flags++) {
            BitSet fitting = new BitSet();
            List<Signature> those = new ArrayList<>();
            for (int i = 0; i < signatures.size(); i++) {
                if (signatures.get(i).tcpFlags.get(flags)) {
                    fitting.set(i);
                    those.add(signatures.get(i));
                }
            }
            int same = seen.indexOf(fitting);
            if (same < 0) {
                same = seen.size();
                seen.add(fitting);
                made.add(new PortIndex(those));
            }
            indexes[flags] = made.get(same);
        }
        return indexes;
    }

    /** Adds the signatures without fast pattern that may match what is in hand. */
    void collect(Inspection in, boolean hasPayload, Candidates to) {
        Packet packet = in.packet;
        int sourcePort = packet.sourcePort();
        int destinationPort = packet.destinationPort();
        open.collect(sourcePort, destinationPort, to);
        if (in.flow != null) {
            if (in.flow.app != AppProtocol.UNKNOWN || in.protocolFound) {
                application.collect(sourcePort, destinationPort, to);
            }
            if (in.flow.established()) {
                established.collect(sourcePort, destinationPort, to);
            }
        }
        if (in.streamEvents != 0) {
            events.collect(sourcePort, destinationPort, to);
        }
        if (hasPayload) {
            payload.collect(sourcePort, destinationPort, to);
        }
        if (byFlags != null && packet.isTcp() && !in.endOfFlow) {
            byFlags[packet.tcpFlags() & 0xff].collect(sourcePort, destinationPort, to);
        }
    }

    /** Whether source ports tell which may match a segment without payload. */
    boolean asksSourcePorts() {
        return headerReach.namesSources();
    }

    /** Whether any may match a segment that belongs to no flow and brings no payload. */
    boolean mayMatch(Packet segment, SignatureSet set) {
        return headerReach.holdsFrom(segment.sourcePort(), segment.destinationPort())
                && (open.anyFits(segment, set)
                        || byFlags != null
                                && byFlags[segment.tcpFlags() & 0xff].anyFits(segment, set));
    }

    long memoryBytes() {
        return (packet == null ? 0 : packet.memoryBytes())
                + (stream == null ? 0 : stream.memoryBytes());
    }
}
