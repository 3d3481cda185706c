package ips.core.pipeline;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.packet.IpAddress;
import ips.core.packet.Packet;
import ips.core.packet.PacketsAround;
import ips.core.verdict.Evidence;
import ips.core.verdict.Report;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;

/**
 * Adds the ends of the outermost tunnel, as seen from the offender, to verdicts about packets that
 * came through tunnels: on a link, that is where somebody can be found and stopped. Verdicts raised
 * at a tick, or about an earlier frame, go without. One per worker, of its thread.
 */
@HotPath
public final class TunnelEnds implements VerdictSink {
    private final Packet packet;
    private final VerdictSink next;
    private final PacketsAround around = new PacketsAround();
    private boolean atTick;

    /**
     * @param packet the worker's, whose fields are those of the frame at hand
     */
    public TunnelEnds(Packet packet, VerdictSink next) {
        this.packet = packet;
        this.next = next;
    }

    /** Whether there is no frame at hand, whatever the packet says. */
    void atTick(boolean atTick) {
        this.atTick = atTick;
    }

    @Override
    @ColdPath
    public void raise(Report report) {
        boolean tunnelled =
                !atTick
                        && packet.tunnelDepth() > 0
                        && report instanceof Verdict verdict
                        && verdict.source() != null
                        && verdict.frame() == packet.frameNumber()
                        && verdict.lastFrame() == packet.frameNumber();
        next.raise(tunnelled ? withEnds((Verdict) report) : report);
    }

    @ColdPath
    private Verdict withEnds(Verdict verdict) {
        boolean sent =
                verdict.source().high() == packet.sourceHigh()
                        && verdict.source().low() == packet.sourceLow();
        Packet outermost = around.carrierOf(packet, 0);
        if (outermost == null) {
            return verdict;
        }
        String source = new IpAddress(outermost.sourceHigh(), outermost.sourceLow()).toString();
        String destination =
                new IpAddress(outermost.destinationHigh(), outermost.destinationLow()).toString();
        return verdict.with(
                verdict.evidence()
                        .with(Evidence.TUNNEL_FROM, sent ? source : destination)
                        .with(Evidence.TUNNEL_TO, sent ? destination : source));
    }
}
