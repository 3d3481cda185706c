package ips.cli.report;

import ips.core.counter.Counter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Which counters are worth a person's look when they are not zero, and how they read. */
final class Oddities {
    /** They tell of traffic and work as they should be, or are told elsewhere in the report. */
    private static final Set<Counter> ORDINARY =
            EnumSet.of(
                    Counter.FRAMES_RECEIVED,
                    Counter.BYTES_RECEIVED,
                    Counter.FRAMES_PROCESSED,
                    Counter.PACKETS_IPV4,
                    Counter.PACKETS_IPV6,
                    Counter.PACKETS_TCP,
                    Counter.PACKETS_UDP,
                    Counter.PACKETS_ICMP,
                    Counter.PACKETS_ICMPV6,
                    Counter.FRAGMENTED_PACKETS_COMPLETED,
                    Counter.TUNNELS_TAKEN_OFF,
                    Counter.ARP,
                    Counter.NOT_IP,
                    Counter.VERDICTS_RAISED,
                    Counter.DETECTIONS,
                    Counter.BANS,
                    Counter.BANS_PROLONGED,
                    Counter.BANS_EXPIRED);

    private Oddities() {}

    static boolean isOdd(Counter counter) {
        return !ORDINARY.contains(counter);
    }

    /** {@code frames-lost-by-kernel} to "frames lost by kernel", with the field's own capitals. */
    static String sentence(Counter counter) {
        StringBuilder sentence = new StringBuilder();
        for (String word : counter.label().split("-")) {
            String shown =
                    switch (word) {
                        case "ip",
                                "ipv4",
                                "ipv6",
                                "tcp",
                                "udp",
                                "icmp",
                                "icmpv6",
                                "syn",
                                "ack",
                                "rst",
                                "fin",
                                "gre",
                                "vxlan",
                                "vlan",
                                "arp" ->
                                word.toUpperCase(Locale.ROOT).replace("V", "v");
                        default -> word;
                    };
            sentence.append(sentence.isEmpty() ? "" : " ").append(shown);
        }
        return sentence.toString();
    }
}
