package ips.core.verdict;

import java.util.Locale;

/**
 * Which packets of a banned source are blocked. A ban is as wide as its evidence: a source that
 * never proved its address loses only the class of packets it was accused for.
 */
public enum BanScope {
    /** Every packet. */
    ALL,
    /** TCP segments with SYN and without ACK. */
    SYN,
    /** ICMP and ICMPv6 echo requests and other non-error messages. */
    ICMP,
    /**
     * TCP segments with flags no connection needs: NULL, FIN alone, Xmas, SYN-FIN, SYN-RST and
     * their kin.
     */
    ODD_FLAGS,
    /** UDP datagrams. */
    UDP,
    /** SCTP packets. */
    SCTP;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word in logs, JSON and configuration: {@code odd-flags}. */
    public String word() {
        return word;
    }
}
