package ips.cli.report;

import ips.core.counter.Counter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which counters say what traffic there was, which are worth a person's look when they are not
 * zero, and how they read.
 */
final class Oddities {
    /** What there was of each protocol, from the link upwards. */
    private static final Set<Counter> PROTOCOLS =
            EnumSet.of(
                    Counter.ARP,
                    Counter.NOT_IP,
                    Counter.PACKETS_IPV4,
                    Counter.PACKETS_IPV6,
                    Counter.PACKETS_TCP,
                    Counter.PACKETS_UDP,
                    Counter.PACKETS_ICMP,
                    Counter.PACKETS_ICMPV6,
                    Counter.HTTP_REQUESTS);

    /** They count traffic and work as they should be, or stand elsewhere in the report. */
    private static final Set<Counter> ORDINARY =
            EnumSet.of(
                    Counter.FRAMES_RECEIVED,
                    Counter.BYTES_RECEIVED,
                    Counter.FRAMES_LOST_BY_KERNEL,
                    Counter.FRAMES_LOST_BY_SOURCE,
                    Counter.FRAMES_PROCESSED,
                    Counter.FRAMES_BLOCKED,
                    Counter.FRAGMENTED_PACKETS_COMPLETED,
                    Counter.TUNNELS_TAKEN_OFF,
                    Counter.STREAMS_OPENED,
                    Counter.STREAM_SEGMENTS_HELD,
                    Counter.STREAM_SEGMENTS_REPEATED,
                    Counter.HTTP_RESPONSES,
                    Counter.HTTP_TUNNELS,
                    Counter.VERDICTS_RAISED,
                    Counter.DETECTIONS,
                    Counter.BANS,
                    Counter.BANS_PROLONGED,
                    Counter.BANS_EXPIRED,
                    Counter.BANS_LIFTED);

    private Oddities() {}

    static boolean isOdd(Counter counter) {
        return !ORDINARY.contains(counter) && !PROTOCOLS.contains(counter);
    }

    /** {@code IPv4 10,023, TCP 10,023}: those of which there was something. */
    static String protocols(Map<Counter, Long> counters) {
        return PROTOCOLS.stream()
                .filter(counter -> counters.getOrDefault(counter, 0L) > 0)
                .map(
                        counter ->
                                sentence(counter).replace("packets ", "")
                                        + " "
                                        + Units.count(counters.get(counter)))
                .collect(Collectors.joining(", "));
    }

    /** {@code frames-lost-by-kernel} to "frames lost by kernel", with the field's own capitals. */
    static String sentence(Counter counter) {
        StringBuilder sentence = new StringBuilder();
        for (String word : counter.label().split("-")) {
            String shown =
                    switch (word) {
                        case "ipv4", "ipv6", "icmpv6" ->
                                word.toUpperCase(Locale.ROOT).replace('V', 'v');
                        case "ip",
                                "tcp",
                                "udp",
                                "icmp",
                                "syn",
                                "ack",
                                "rst",
                                "fin",
                                "gre",
                                "vxlan",
                                "vlan",
                                "mpls",
                                "arp",
                                "http",
                                "null" ->
                                word.toUpperCase(Locale.ROOT);
                        default -> word;
                    };
            sentence.append(sentence.isEmpty() ? "" : " ").append(shown);
        }
        return sentence.toString();
    }
}
