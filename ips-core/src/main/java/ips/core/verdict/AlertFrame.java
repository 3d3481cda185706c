package ips.core.verdict;

/**
 * The frame at hand when a rule or a detector alerted, told before what it is about. Its bytes
 * count against a {@link FrameRoom} until {@link #release}.
 *
 * @param linkType as in capture files
 * @param wireLength bytes it had on the wire
 * @param bytes as captured; not to be written to
 */
public record AlertFrame(
        long frame, long timestampNs, int linkType, int wireLength, byte[] bytes, FrameRoom room)
        implements Report {
    /** It was written, or nobody wants it. */
    public void release() {
        room.release(bytes.length);
    }

    @Override
    public void lost() {
        release();
    }
}
