package ips.core.verdict;

import ips.core.packet.IpAddress;

/**
 * A detector's judgement of one offender, raised when a threshold is crossed and again, once a
 * second at most, while the attack goes on.
 *
 * @param frame the frame that raised it, from 1
 * @param timestampNs that frame's time, nanoseconds since 1970
 * @param kind what is going on
 * @param action what the detector asks for
 * @param scope how wide a ban its evidence carries
 * @param source the offender, or null for a flood of many sources against a destination; for {@link
 *     Kind#SCAN_SUBNET} the first address of the /64
 * @param destination who is attacked, or null where they are many
 * @param port the attacked port, or 0 where there is none or there are many
 * @param count packets, probes or connections counted in this campaign so far
 * @param firstNs time of the first of them, nanoseconds since 1970
 * @param lastNs time of the last of them, nanoseconds since 1970
 * @param firstFrame number of the first one's frame, from 1
 * @param lastFrame number of the last one's frame
 * @param evidence thresholds and counts
 */
public record Verdict(
        long frame,
        long timestampNs,
        Kind kind,
        Action action,
        BanScope scope,
        IpAddress source,
        IpAddress destination,
        int port,
        long count,
        long firstNs,
        long lastNs,
        long firstFrame,
        long lastFrame,
        Evidence evidence)
        implements Report {
    /** The same with other evidence. */
    public Verdict with(Evidence evidence) {
        return new Verdict(
                frame,
                timestampNs,
                kind,
                action,
                scope,
                source,
                destination,
                port,
                count,
                firstNs,
                lastNs,
                firstFrame,
                lastFrame,
                evidence);
    }
}
