package ips.core.alert;

import ips.core.verdict.Kind;
import java.util.Map;

/** The transport protocol of a kind of attack, by Suricata's names. */
final class EveProtocols {
    private static final String TCP = "TCP";
    private static final String UDP = "UDP";
    private static final String ICMP = "ICMP";

    private static final Map<Kind, String> BY_KIND =
            Map.ofEntries(
                    Map.entry(Kind.SYN_FLOOD, TCP),
                    Map.entry(Kind.SYNACK_FLOOD, TCP),
                    Map.entry(Kind.ICMP_FLOOD, ICMP),
                    Map.entry(Kind.UDP_FLOOD, UDP),
                    Map.entry(Kind.SMURF, ICMP),
                    Map.entry(Kind.PING_OF_DEATH, ICMP),
                    Map.entry(Kind.ACK_FLOOD, TCP),
                    Map.entry(Kind.RST_FLOOD, TCP),
                    Map.entry(Kind.ODD_FLAG_FLOOD, TCP),
                    Map.entry(Kind.SCAN_NULL, TCP),
                    Map.entry(Kind.SCAN_FIN, TCP),
                    Map.entry(Kind.SCAN_XMAS, TCP),
                    Map.entry(Kind.SCAN_MAIMON, TCP),
                    Map.entry(Kind.SCAN_SYN_FIN, TCP),
                    Map.entry(Kind.SCAN_ACK, TCP),
                    Map.entry(Kind.SCAN_SYN, TCP),
                    Map.entry(Kind.SCAN_UDP, UDP),
                    Map.entry(Kind.SCAN_SCTP, "SCTP"));

    private EveProtocols() {}

    /** The name, or null where the kind is of several protocols or unknown. */
    static String of(Kind kind, boolean ipv4) {
        String protocol = BY_KIND.get(kind);
        return ICMP.equals(protocol) && !ipv4 ? "IPv6-ICMP" : protocol;
    }

    /** The name of an IP protocol by its number. */
    static String name(int number) {
        return switch (number) {
            case 0 -> "HOPOPT";
            case 1 -> ICMP;
            case 2 -> "IGMP";
            case 4 -> "IPv4";
            case 6 -> TCP;
            case 17 -> UDP;
            case 41 -> "IPv6";
            case 47 -> "GRE";
            case 50 -> "ESP";
            case 51 -> "AH";
            case 58 -> "IPv6-ICMP";
            case 132 -> "SCTP";
            default -> String.format("%03d", number);
        };
    }
}
