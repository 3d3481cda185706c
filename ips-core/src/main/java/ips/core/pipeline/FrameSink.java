package ips.core.pipeline;

import ips.core.HotPath;
import ips.core.packet.PacketDecoder;
import org.agrona.DirectBuffer;

/**
 * Where a frame source puts its frames. One thread calls it: the capture thread. No frame makes it
 * throw, whatever it holds, as long as the buffer has the bytes that the call names.
 *
 * <p>Nothing handed over is kept; bytes are copied before the call returns.
 */
@HotPath
public interface FrameSink {
    /** The link or the kernel vouches for the checksums, or has not computed them yet. */
    int CHECKSUM_NOT_TO_BE_CHECKED = PacketDecoder.CHECKSUM_NOT_TO_BE_CHECKED;

    /** The sensor's own host sent this frame. */
    int OUTGOING = 2;

    /**
     * Takes one frame. Waits while the ring is full, so a file loses nothing; a live source's
     * kernel counts what it had to drop meanwhile.
     *
     * @param timestampNs when it was captured, nanoseconds since 1970. Times may go back by up to
     *     10 s, and are then taken for the latest so far; beyond that the clock was set
     * @param buffer holds the frame
     * @param offset where its link-layer header begins
     * @param capturedLength bytes there, 0 or more; of more than a batch of the ring holds (128 KiB
     *     by default) the rest is cut off
     * @param wireLength bytes the frame had on the wire, {@code capturedLength} or more
     * @param linkType see {@link ips.core.packet.LinkType}; frames of others are counted only
     * @param interfaceIndex which of the source's interfaces, from 0
     * @param flags the constants of this interface, or 0
     */
    void frame(
            long timestampNs,
            DirectBuffer buffer,
            int offset,
            int capturedLength,
            int wireLength,
            int linkType,
            int interfaceIndex,
            int flags);

    /**
     * Reports frames that were lost before they got here; they count as received and as lost.
     *
     * @param frames how many, 0 or more
     * @param byKernel dropped by kernel or driver; otherwise skipped by the source as unreadable
     */
    void lost(long frames, boolean byKernel);

    /**
     * Tells that nothing more is there for the moment: what was taken is handed on at once, and
     * time goes on without frames.
     *
     * @param nowNs the time now on the clock the frames' times come from; a file has none: 0
     */
    void idle(long nowNs);
}
