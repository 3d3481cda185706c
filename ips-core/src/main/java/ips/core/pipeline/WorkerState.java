package ips.core.pipeline;

import ips.core.counter.Counters;
import ips.core.detect.Detector;
import ips.core.flow.ConnectionTable;
import ips.core.flow.ConnectionTracker;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.verdict.VerdictSink;
import java.util.List;

/**
 * Everything one worker owns, made before its thread starts.
 *
 * @param peerDecoder decodes frames of which only the destination is owned: it counts for itself,
 *     as the source's owner counts the same frame
 * @param frames sends the frames of alerts along with them; null where nobody wants them
 * @param packet that of the frame at hand
 * @param tunnels says in verdicts through which tunnel it came
 */
public record WorkerState(
        Counters counters,
        PacketDecoder decoder,
        PacketDecoder peerDecoder,
        SourceTable sources,
        ConnectionTable connectionTable,
        ConnectionTracker connections,
        DestinationTable destinations,
        List<Detector> detectors,
        VerdictSink verdicts,
        FrameKeeper frames,
        Packet packet,
        TunnelEnds tunnels) {}
