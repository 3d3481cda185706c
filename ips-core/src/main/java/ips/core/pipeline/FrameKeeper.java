package ips.core.pipeline;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.Packet;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.FrameRoom;
import ips.core.verdict.Report;
import ips.core.verdict.SignatureAlert;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;

/**
 * Sends the current frame ahead of the first report that is raised about it. Reports raised at a
 * tick, or about an earlier frame, go without. One per worker, of its thread.
 */
@HotPath
public final class FrameKeeper implements VerdictSink {
    private final VerdictSink next;
    private final FrameRoom room;
    private final Counters counters;
    private Packet packet;
    private long keptFrame;

    public FrameKeeper(VerdictSink next, FrameRoom room, Counters counters) {
        this.next = next;
        this.room = room;
        this.counters = counters;
    }

    /** The packet of the frame that is looked at now; null where there is none. */
    void inHand(Packet packet) {
        this.packet = packet;
    }

    @Override
    @ColdPath
    public void raise(Report report) {
        if (packet != null && packet.frameNumber() != keptFrame && isAboutFrame(report)) {
            keptFrame = packet.frameNumber();
            keep();
        }
        next.raise(report);
    }

    private boolean isAboutFrame(Report report) {
        if (report instanceof SignatureAlert alert) {
            return alert.frame() == packet.frameNumber() && !alert.fromStream();
        }
        return report instanceof Verdict verdict
                && verdict.frame() == packet.frameNumber()
                && verdict.lastFrame() == packet.frameNumber();
    }

    @ColdPath
    private void keep() {
        int length = packet.capturedLength();
        if (!room.take(length)) {
            counters.increment(Counter.ALERT_FRAMES_LOST);
            return;
        }
        byte[] bytes = new byte[length];
        packet.frame().getBytes(packet.frameOffset(), bytes);
        next.raise(
                new AlertFrame(
                        packet.frameNumber(),
                        packet.timestampNs(),
                        packet.linkType(),
                        packet.wireLength(),
                        bytes,
                        room));
    }
}
