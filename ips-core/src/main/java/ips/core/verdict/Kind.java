package ips.core.verdict;

import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kind of attack: the one word that names it in JSON, EVE, metrics, logs and docs.
 *
 * <p>An embedder's own detector makes a kind of its own; its sid should lie outside 9,000,000 to
 * 9,000,999, which are the sensor's (see {@link SignatureId}), and its word should be no other
 * kind's.
 *
 * @param word lower case with underscores: {@code syn_flood}
 * @param title what a person reads: "SYN flood"
 * @param id its signature
 * @param category EVE's classification text
 * @param severity EVE's severity, 1 (worst) to 3
 */
public record Kind(String word, String title, SignatureId id, String category, int severity)
        implements Comparable<Kind> {
    private static final String DOS = "Attempted Denial of Service";
    private static final String SCAN = "Detection of a Network Scan";
    private static final String WEB = "Web Application Attack";

    public static final Kind SYN_FLOOD = own(1, "syn_flood", "SYN flood", DOS, 2);
    public static final Kind SYNACK_FLOOD = own(2, "synack_flood", "SYN-ACK flood", DOS, 2);
    public static final Kind ICMP_FLOOD = own(3, "icmp_flood", "ICMP flood", DOS, 2);
    public static final Kind UDP_FLOOD = own(4, "udp_flood", "UDP flood", DOS, 2);
    public static final Kind SMURF = own(5, "smurf", "Broadcast echo (smurf)", DOS, 2);
    public static final Kind PING_OF_DEATH = own(6, "ping_of_death", "Oversized ping", DOS, 2);
    public static final Kind ACK_FLOOD = own(7, "ack_flood", "ACK flood", DOS, 2);
    public static final Kind RST_FLOOD = own(8, "rst_flood", "RST flood", DOS, 2);
    public static final Kind ODD_FLAG_FLOOD =
            own(9, "odd_flag_flood", "Flood of odd TCP flags", DOS, 2);
    public static final Kind SLOW_HTTP = own(10, "slow_http", "Slow HTTP", DOS, 2);
    public static final Kind SCAN_NULL = own(11, "scan_null", "NULL scan", SCAN, 3);
    public static final Kind SCAN_FIN = own(12, "scan_fin", "FIN scan", SCAN, 3);
    public static final Kind SCAN_XMAS = own(13, "scan_xmas", "Xmas scan", SCAN, 3);
    public static final Kind SCAN_MAIMON = own(14, "scan_maimon", "Maimon scan", SCAN, 3);
    public static final Kind SCAN_SYN_FIN = own(15, "scan_syn_fin", "SYN-FIN scan", SCAN, 3);
    public static final Kind SCAN_ACK = own(16, "scan_ack", "ACK scan", SCAN, 3);
    public static final Kind SCAN_SYN = own(17, "scan_syn", "SYN or connect scan", SCAN, 3);
    public static final Kind SCAN_UDP = own(18, "scan_udp", "UDP scan", SCAN, 3);
    public static final Kind SCAN_IPPROTO = own(19, "scan_ipproto", "IP protocol scan", SCAN, 3);
    public static final Kind SWEEP = own(20, "sweep", "Host sweep", SCAN, 3);
    public static final Kind SCAN_SCTP = own(21, "scan_sctp", "SCTP scan", SCAN, 3);

    /** A scan that the addresses of an IPv6 /64 make between them; its source is the first. */
    public static final Kind SCAN_SUBNET = own(22, "scan_subnet", "SYN scan by a /64", SCAN, 3);

    public static final Kind SQLI = own(101, "sqli", "SQL injection", WEB, 1);
    public static final Kind XSS = own(102, "xss", "Cross-site scripting", WEB, 1);
    public static final Kind TRAVERSAL =
            own(103, "traversal", "Path traversal or file inclusion", WEB, 1);
    public static final Kind RCE = own(104, "rce", "Command or code injection", WEB, 1);
    public static final Kind LOG4SHELL = own(105, "log4shell", "Log4Shell (JNDI lookup)", WEB, 1);
    public static final Kind SHELLSHOCK = own(106, "shellshock", "Shellshock", WEB, 1);
    public static final Kind SSRF = own(107, "ssrf", "Server-side request forgery", WEB, 1);
    public static final Kind XXE = own(108, "xxe", "XML external entity", WEB, 1);
    public static final Kind SSTI = own(109, "ssti", "Server-side template injection", WEB, 1);
    public static final Kind NOSQLI = own(110, "nosqli", "NoSQL injection", WEB, 1);
    public static final Kind LDAPI = own(111, "ldapi", "LDAP or XPath injection", WEB, 1);
    public static final Kind CRLF = own(112, "crlf", "Header injection", WEB, 1);
    public static final Kind SCANNER = own(113, "scanner", "Attack tool", WEB, 2);

    /** The kinds that packets and connections show, whatever they say. */
    public static final List<Kind> PACKET_KINDS =
            List.of(
                    SYN_FLOOD,
                    SYNACK_FLOOD,
                    ICMP_FLOOD,
                    UDP_FLOOD,
                    SMURF,
                    PING_OF_DEATH,
                    ACK_FLOOD,
                    RST_FLOOD,
                    ODD_FLAG_FLOOD,
                    SLOW_HTTP,
                    SCAN_NULL,
                    SCAN_FIN,
                    SCAN_XMAS,
                    SCAN_MAIMON,
                    SCAN_SYN_FIN,
                    SCAN_ACK,
                    SCAN_SYN,
                    SCAN_UDP,
                    SCAN_IPPROTO,
                    SWEEP,
                    SCAN_SCTP,
                    SCAN_SUBNET);

    /** The kinds of the payload judges. */
    public static final List<Kind> PAYLOAD_KINDS =
            List.of(
                    SQLI,
                    XSS,
                    TRAVERSAL,
                    RCE,
                    LOG4SHELL,
                    SHELLSHOCK,
                    SSRF,
                    XXE,
                    SSTI,
                    NOSQLI,
                    LDAPI,
                    CRLF,
                    SCANNER);

    /** All of these: whatever is not a rule's or an embedder's own. */
    public static final List<Kind> ALL =
            Stream.concat(PACKET_KINDS.stream(), PAYLOAD_KINDS.stream()).toList();

    private static Kind own(int number, String word, String title, String category, int severity) {
        SignatureId id = new SignatureId(1, 9_000_000 + number, 1);
        return new Kind(word, title, id, category, severity);
    }

    /**
     * A kind for packets that are counted per destination apart from this kind's own, and lead to
     * verdicts of this kind: never a verdict's own kind.
     */
    public Kind counted(String word, String title, int sid) {
        return new Kind(word, title, new SignatureId(1, sid, 1), category, severity);
    }

    /** Whom a detection of this kind accuses by its source: the address, or the /64 around it. */
    public Cidr accused(IpAddress source) {
        return equals(SCAN_SUBNET) ? Cidr.ipv6Subnet(source) : Cidr.of(source);
    }

    // What a record gets by itself is made at its first call, for a fiftieth of the time to start.
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Kind kind
                        && severity == kind.severity
                        && word.equals(kind.word)
                        && title.equals(kind.title)
                        && id.equals(kind.id)
                        && category.equals(kind.category);
    }

    @Override
    public int hashCode() {
        return word.hashCode();
    }

    @Override
    public int compareTo(Kind other) {
        return word.compareTo(other.word);
    }

    @Override
    public String toString() {
        return word;
    }
}
