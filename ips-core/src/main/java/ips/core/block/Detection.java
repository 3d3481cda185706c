package ips.core.block;

import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;

/**
 * One campaign: everything of one kind from one offender (or against one destination) until it
 * pauses. Verdicts of the same campaign prolong it; it is alerted when it begins and reported once
 * more, with its final counts, when it has ended.
 *
 * @param number in the order of their beginnings, from 1
 * @param kind what is going on
 * @param action the most that its verdicts asked for
 * @param scope how wide a ban its evidence carries
 * @param source the offender, or null for a flood of many sources
 * @param destination who is attacked, or null where they are many
 * @param port the attacked port, or 0 where there is none or there are many
 * @param count packets, probes or connections so far
 * @param firstNs time of the first, nanoseconds since 1970
 * @param lastNs time of the last so far, nanoseconds since 1970
 * @param firstFrame number of the first one's frame, from 1
 * @param lastFrame number of the last one's frame so far
 * @param evidence thresholds and counts, as they were last
 */
public record Detection(
        long number,
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
        Evidence evidence) {}
