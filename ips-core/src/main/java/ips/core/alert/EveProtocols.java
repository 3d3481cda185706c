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
                    Map.entry(Kind.SLOW_HTTP, TCP),
                    Map.entry(Kind.SCAN_NULL, TCP),
                    Map.entry(Kind.SCAN_FIN, TCP),
                    Map.entry(Kind.SCAN_XMAS, TCP),
                    Map.entry(Kind.SCAN_MAIMON, TCP),
                    Map.entry(Kind.SCAN_SYN_FIN, TCP),
                    Map.entry(Kind.SCAN_ACK, TCP),
                    Map.entry(Kind.SCAN_SYN, TCP),
                    Map.entry(Kind.SCAN_SUBNET, TCP),
                    Map.entry(Kind.SCAN_UDP, UDP),
                    Map.entry(Kind.SCAN_SCTP, "SCTP"));

    /** By number (IANA's protocol numbers, spelled as Suricata does). */
    private static final String[] NAMES =
            ("HOPOPT ICMP IGMP GGP IP-in-IP ST TCP CBT EGP IGP BBN-RCC-MON NVP-II PUP ARGUS "
                            + "EMCON XNET CHAOS UDP MUX DCN-MEAS HMP PRM XNS-IDP TRUNK-1 TRUNK-2 LEAF-1 LEAF-2 "
                            + "RDP IRTP ISO-TP4 NETBLT MFE-NSP MERIT-INP DCCP 3PC IDPR XTP DDP IDPR-CMTP TP++ IL "
                            + "IPv6 SDRP IPv6-Route IPv6-Frag IDRP RSVP GRE DSR BNA ESP AH I-NLSP SwIPe NARP "
                            + "MOBILE TLSP SKIP IPv6-ICMP IPv6-NoNxt IPv6-Opts Any CFTP Any SAT-EXPAK KRYPTOLAN "
                            + "RVD IPPC Any SAT-MON VISA IPCU CPNX CPHB WSN PVP BR-SAT-MON SUN-ND WB-MON "
                            + "WB-EXPAK ISO-IP VMTP SECURE-VMTP VINES TTP NSFNET-IGP DGP TCF EIGRP OSPF "
                            + "Sprite-RPC LARP MTP AX.25 OS MICP SCC-SP ETHERIP ENCAP Any GMTP IFMP PNNI PIM "
                            + "ARIS SCPS QNX A/N IPComp SNP Compaq-Peer IPX-in-IP VRRP PGM Any L2TP DDX IATP STP "
                            + "SRP UTI SMP SM PTP IS-IS FIRE CRTP CRUDP SSCOPMCE IPLT SPS PIPE SCTP FC "
                            + "RSVP-E2E-IGNORE Mobility UDPLite MPLS-in-IP manet HIP Shim6 WESP ROHC")
                    .split(" ");

    private EveProtocols() {}

    /** The name, or null where the kind is of several protocols or unknown. */
    static String of(Kind kind, boolean ipv4) {
        if (Kind.PAYLOAD_KINDS.contains(kind)) {
            return TCP; // as all HTTP that is read
        }
        String protocol = BY_KIND.get(kind);
        return ICMP.equals(protocol) && !ipv4 ? "IPv6-ICMP" : protocol;
    }

    /** The name of an IP protocol by its number. */
    static String name(int number) {
        return number < NAMES.length ? NAMES[number] : String.format("%03d", number);
    }
}
