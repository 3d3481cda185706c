package ips.core.alert;

import com.fasterxml.jackson.core.JsonGenerator;
import ips.core.counter.Counter;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The counters in a {@code stats} object: by Suricata's names where it has one, and all by ours.
 */
final class EveStats {
    /** Frames that Suricata would count as invalid. */
    private static final List<Counter> INVALID =
            List.of(
                    Counter.LINK_HEADER_TRUNCATED,
                    Counter.VLAN_TRUNCATED,
                    Counter.MPLS_TRUNCATED,
                    Counter.IPV4_HEADER_TRUNCATED,
                    Counter.IPV4_BAD_VERSION,
                    Counter.IPV4_BAD_HEADER_LENGTH,
                    Counter.IPV4_BAD_TOTAL_LENGTH,
                    Counter.IPV6_HEADER_TRUNCATED,
                    Counter.IPV6_BAD_VERSION,
                    Counter.IPV6_EXTENSION_TRUNCATED,
                    Counter.TCP_HEADER_TRUNCATED,
                    Counter.TCP_BAD_OFFSET,
                    Counter.UDP_HEADER_TRUNCATED,
                    Counter.UDP_BAD_LENGTH,
                    Counter.ICMP_HEADER_TRUNCATED);

    private EveStats() {}

    /**
     * Writes the fields of {@code stats}.
     *
     * @param alerts events of type alert so far
     */
    static void write(JsonGenerator json, Map<Counter, Long> values, long alerts)
            throws IOException {
        json.writeObjectFieldStart("capture");
        number(json, "kernel_packets", values, Counter.FRAMES_RECEIVED);
        number(json, "kernel_drops", values, Counter.FRAMES_LOST_BY_KERNEL);
        json.writeEndObject();

        json.writeObjectFieldStart("decoder");
        number(json, "pkts", values, Counter.FRAMES_PROCESSED);
        number(json, "bytes", values, Counter.BYTES_RECEIVED);
        long invalid = 0;
        for (Counter counter : INVALID) {
            invalid += values.getOrDefault(counter, 0L);
        }
        json.writeNumberField("invalid", invalid);
        number(json, "ipv4", values, Counter.PACKETS_IPV4);
        number(json, "ipv6", values, Counter.PACKETS_IPV6);
        number(json, "tcp", values, Counter.PACKETS_TCP);
        number(json, "udp", values, Counter.PACKETS_UDP);
        number(json, "icmpv4", values, Counter.PACKETS_ICMP);
        number(json, "icmpv6", values, Counter.PACKETS_ICMPV6);
        number(json, "arp", values, Counter.ARP);
        json.writeEndObject();

        json.writeObjectFieldStart("detect");
        json.writeNumberField("alert", alerts);
        json.writeEndObject();

        json.writeObjectFieldStart("ips");
        for (Counter counter : Counter.values()) {
            number(json, counter.label(), values, counter);
        }
        json.writeEndObject();
    }

    private static void number(
            JsonGenerator json, String name, Map<Counter, Long> values, Counter counter)
            throws IOException {
        json.writeNumberField(name, values.getOrDefault(counter, 0L));
    }
}
