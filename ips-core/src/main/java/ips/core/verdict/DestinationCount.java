package ips.core.verdict;

import ips.core.packet.IpAddress;

/**
 * What one worker counted against one destination within one slice of time. The block manager adds
 * up the workers' counts, so that a flood of many sources is seen whole however it is sharded.
 *
 * @param frame number of the frame at which the slice ended
 * @param sliceEndNs the end of the slice, nanoseconds since 1970
 * @param kind what was counted
 * @param destination against whom
 * @param port the only port counted, or 0 where there is none or there are several
 * @param count packets or half-open handshakes
 * @param sources which sources took part, to be united with those of other workers
 * @param onlySource the source, or null where there are several
 * @param firstNs time of the first counted
 * @param lastNs time of the last counted
 * @param firstFrame number of the first counted
 * @param lastFrame number of the last counted
 */
public record DestinationCount(
        long frame,
        long sliceEndNs,
        Kind kind,
        IpAddress destination,
        int port,
        long count,
        SourceBits sources,
        IpAddress onlySource,
        long firstNs,
        long lastNs,
        long firstFrame,
        long lastFrame)
        implements Report {}
