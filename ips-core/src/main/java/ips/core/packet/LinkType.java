package ips.core.packet;

/** Link types of captured frames, numbered as in capture files (the LINKTYPE_ registry). */
public final class LinkType {
    /** BSD loopback, a 4-byte address family in host byte order. */
    public static final int NULL = 0;

    public static final int ETHERNET = 1;

    /** Raw IP as some BSDs number it. */
    public static final int RAW_BSD_12 = 12;

    public static final int RAW_BSD_14 = 14;

    /** PPP, with or without HDLC framing (RFC 1661, RFC 1662). */
    public static final int PPP = 9;

    /** Raw IP, version told by the first nibble. */
    public static final int RAW = 101;

    /** OpenBSD loopback, a 4-byte address family in network byte order. */
    public static final int LOOP = 108;

    /** Linux cooked capture, version 1. */
    public static final int LINUX_SLL = 113;

    public static final int IPV4 = 228;
    public static final int IPV6 = 229;

    /** Linux cooked capture, version 2. */
    public static final int LINUX_SLL2 = 276;

    private LinkType() {}

    /** Whether the decoder reads frames of this type. */
    public static boolean isSupported(int linkType) {
        return switch (linkType) {
            case NULL,
                    ETHERNET,
                    PPP,
                    RAW_BSD_12,
                    RAW_BSD_14,
                    RAW,
                    LOOP,
                    LINUX_SLL,
                    IPV4,
                    IPV6,
                    LINUX_SLL2 ->
                    true;
            default -> false;
        };
    }
}
