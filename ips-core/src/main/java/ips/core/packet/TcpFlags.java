package ips.core.packet;

/** The control bits of a TCP header's 14th byte (RFC 9293 §3.1), and what combinations mean. */
public final class TcpFlags {
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private TcpFlags() {}

    /**
     * A connection's first segment: SYN without ACK, FIN or RST; ECN bits may be set (RFC 3168).
     */
    public static boolean isOpeningSyn(int flags) {
        return (flags & (SYN | ACK | FIN | RST)) == SYN;
    }

    /** The server's answer to an opening SYN. */
    public static boolean isSynAck(int flags) {
        return (flags & (SYN | ACK | FIN | RST)) == (SYN | ACK);
    }
}
