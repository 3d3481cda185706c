package ips.core.rule;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The signatures for packets of one protocol in one direction: by fast pattern, and those without
 * by ports, flags and whether they ask for an established flow or for payload. Immutable.
 */
final class SignatureGroup {
    /** For what is looked for in the packet itself; null without any. */
    final Prefilter packet;

    /** For what is looked for in the stream, or in packets outside it; null without any. */
    final Prefilter stream;

    private final PortIndex open;
    private final PortIndex established;
    private final PortIndex payload;
    private final PortIndex[] byFlags;

    SignatureGroup(List<Signature> signatures) {
        Prefilter.Builder packets = new Prefilter.Builder();
        Prefilter.Builder streams = new Prefilter.Builder();
        List<Signature> openOnes = new ArrayList<>();
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
            } else if (each.tcpFlags != null) {
                flagOnes.add(each);
            } else if (each.established) {
                establishedOnes.add(each);
            } else {
                openOnes.add(each);
            }
        }
        packet = packets.build();
        stream = streams.build();
        open = new PortIndex(openOnes);
        established = new PortIndex(establishedOnes);
        payload = new PortIndex(payloadOnes);
        byFlags = flagOnes.isEmpty() ? null : byFlags(flagOnes);
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

    /** Adds the signatures without fast pattern that may match a packet. */
    void collect(
            int sourcePort,
            int destinationPort,
            int tcpFlags,
            boolean isEstablished,
            boolean hasPayload,
            Candidates to) {
        open.collect(sourcePort, destinationPort, to);
        if (isEstablished) {
            established.collect(sourcePort, destinationPort, to);
        }
        if (hasPayload) {
            payload.collect(sourcePort, destinationPort, to);
        }
        if (byFlags != null && tcpFlags >= 0) {
            byFlags[tcpFlags & 0xff].collect(sourcePort, destinationPort, to);
        }
    }

    long memoryBytes() {
        return (packet == null ? 0 : packet.memoryBytes())
                + (stream == null ? 0 : stream.memoryBytes());
    }
}
