package ips.bench.flood;

import ips.core.packet.EthernetHeader;
import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;

/**
 * Frames of a flood in which no source comes twice, IPv4 and IPv6 by turns: SYNs, echo requests and
 * UDP datagrams against one host of either family. A frame depends on its number only; all
 * checksums are right.
 */
final class SpoofedFrames {
    /** Sources differ up to this many frames. */
    static final int MOST = 1 << 25;

    static final String VICTIM = "198.51.100.80";
    static final String VICTIM_V6 = "2001:db8:ffff::80";

    private static final int IP = EthernetHeader.LENGTH;
    private static final int V4_CHECKSUM = IP + 10;
    private static final int V4_SOURCE = IP + 12;
    private static final int V6_SOURCE = IP + 8;
    private static final int V4_TRANSPORT = IP + 20;
    private static final int V6_TRANSPORT = IP + 40;

    /** A frame from the unspecified address, to be completed by a source. */
    private record Template(byte[] frame, boolean four, int checksum, boolean pseudoHeader) {}

    private static final Template[] TEMPLATES = {
        syn("0.0.0.0", VICTIM),
        syn("::", VICTIM_V6),
        ping("0.0.0.0", VICTIM),
        ping("::", VICTIM_V6),
        datagram("0.0.0.0", VICTIM),
        datagram("::", VICTIM_V6)
    };

    private SpoofedFrames() {}

    private static Template syn(String source, String victim) {
        FrameBuilder frame = FrameBuilder.tcp(source, 40_000, victim, 80).flags(TcpFlags.SYN);
        return template(frame, source, 16, true);
    }

    private static Template ping(String source, String victim) {
        boolean four = isFour(source);
        FrameBuilder frame = FrameBuilder.icmp(source, victim).payload(new byte[32]);
        return template(frame, source, 2, !four);
    }

    private static Template datagram(String source, String victim) {
        FrameBuilder frame = FrameBuilder.udp(source, 40_000, victim, 9000).payload(new byte[32]);
        return template(frame, source, 6, true);
    }

    private static Template template(
            FrameBuilder frame, String source, int checksum, boolean pseudoHeader) {
        boolean four = isFour(source);
        int transport = four ? V4_TRANSPORT : V6_TRANSPORT;
        return new Template(frame.build(), four, transport + checksum, pseudoHeader);
    }

    private static boolean isFour(String address) {
        return address.indexOf(':') < 0;
    }

    /** Writes frame {@code number} (from 0) and returns its length. */
    static int frame(byte[] frame, int number) {
        Template template = TEMPLATES[number % TEMPLATES.length];
        System.arraycopy(template.frame, 0, frame, 0, template.frame.length);
        int scattered = number / 2 * 0x9e37_79b1;
        int sum;
        if (template.four) {
            // 11.0.0.0/8: the numbers below 2^24, one to one.
            int source = 0x0b00_0000 | scattered & 0xff_ffff;
            sum = put(frame, V4_SOURCE, source);
            add(frame, V4_CHECKSUM, sum);
        } else {
            // 2001:db8::/32, each from a /64 of its own.
            sum = put(frame, V6_SOURCE, 0x2001_0db8);
            sum += put(frame, V6_SOURCE + 4, scattered);
            sum += put(frame, V6_SOURCE + 12, 1);
        }
        if (template.pseudoHeader) {
            add(frame, template.checksum, sum);
        }
        return template.frame.length;
    }

    /** Returns the sum of the two halves, for checksums. */
    private static int put(byte[] frame, int at, int value) {
        putShort(frame, at, value >>> 16);
        putShort(frame, at + 2, value);
        return (value >>> 16) + (value & 0xffff);
    }

    /** Corrects a checksum for words that were 0 (RFC 1624 §3, with m = 0). */
    private static void add(byte[] frame, int at, int sum) {
        int old = (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
        int total = (~old & 0xffff) + sum;
        total = (total & 0xffff) + (total >>> 16);
        total = (total & 0xffff) + (total >>> 16);
        putShort(frame, at, ~total);
    }

    private static void putShort(byte[] frame, int at, int value) {
        frame[at] = (byte) (value >> 8);
        frame[at + 1] = (byte) value;
    }
}
