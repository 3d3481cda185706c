package ips.bench.flood;

import java.util.Arrays;

/** Writes the frames of {@link Flood} byte by byte, with right IP header checksums, fast. */
final class FloodFrames {
    private static final int VICTIM = 0xc633_6450;
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;

    private FloodFrames() {}

    /** Spreads consecutive numbers over the addresses above a base, one to one within 2^21. */
    static int scatter(int number) {
        return number * 0x9e37_79b1 & 0x1f_ffff;
    }

    static int syn(byte[] frame, int source, int sourcePort, int sequence, boolean options) {
        int optionBytes = options ? 20 : 0;
        int length = tcpHeader(frame, source, sourcePort, 80, sequence, 0x02, optionBytes, 0);
        if (options) {
            // MSS 1460, SACK permitted, timestamps, NOP, window scale 7.
            int at = ETHERNET + IPV4 + 20;
            byte[] bytes = {2, 4, 5, (byte) 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};
            System.arraycopy(bytes, 0, frame, at, bytes.length);
        }
        tcpChecksum(frame, 20 + optionBytes);
        return pad(frame, length);
    }

    static int tcp(
            byte[] frame,
            int source,
            int sourcePort,
            int port,
            int sequence,
            int flags,
            int payload) {
        int length = tcpHeader(frame, source, sourcePort, port, sequence, flags, 0, payload);
        Arrays.fill(frame, length - payload, length, (byte) 'x');
        tcpChecksum(frame, 20 + payload);
        return pad(frame, length);
    }

    private static int tcpHeader(
            byte[] frame,
            int source,
            int sourcePort,
            int port,
            int sequence,
            int flags,
            int optionBytes,
            int payload) {
        int length = headers(frame, source, 6, 20 + optionBytes + payload, sequence);
        int at = ETHERNET + IPV4;
        putShort(frame, at, sourcePort);
        putShort(frame, at + 2, port);
        putInt(frame, at + 4, sequence);
        putInt(frame, at + 8, (flags & 0x10) != 0 ? 1 : 0);
        frame[at + 12] = (byte) (5 + optionBytes / 4 << 4);
        frame[at + 13] = (byte) flags;
        putShort(frame, at + 14, 64_240);
        putInt(frame, at + 16, 0);
        return length;
    }

    private static void tcpChecksum(byte[] frame, int length) {
        int at = ETHERNET + IPV4;
        int sum = sum(frame, ETHERNET + 12, 8) + 6 + length + sum(frame, at, length);
        putShort(frame, at + 16, fold(sum));
    }

    static int udp(byte[] frame, int source, int sourcePort, int payload) {
        int length = headers(frame, source, 17, 8 + payload, sourcePort);
        int at = ETHERNET + IPV4;
        putShort(frame, at, sourcePort);
        putShort(frame, at + 2, 9000);
        putShort(frame, at + 4, 8 + payload);
        putShort(frame, at + 6, 0);
        Arrays.fill(frame, at + 8, length, (byte) 'u');
        return pad(frame, length);
    }

    static int ping(byte[] frame, int source, int number, int data) {
        int length = headers(frame, source, 1, 8 + data, number);
        int at = ETHERNET + IPV4;
        frame[at] = 8;
        frame[at + 1] = 0;
        putShort(frame, at + 2, 0);
        putShort(frame, at + 4, 77);
        putShort(frame, at + 6, number);
        Arrays.fill(frame, at + 8, length, (byte) 'p');
        putShort(frame, at + 2, fold(sum(frame, at, 8 + data)));
        return pad(frame, length);
    }

    private static int headers(byte[] frame, int source, int protocol, int payload, int id) {
        Arrays.fill(frame, 0, 12, (byte) 2);
        putShort(frame, 12, 0x0800);
        int at = ETHERNET;
        putShort(frame, at, 0x4500);
        putShort(frame, at + 2, IPV4 + payload);
        putShort(frame, at + 4, id);
        putShort(frame, at + 6, 0x4000);
        frame[at + 8] = 64;
        frame[at + 9] = (byte) protocol;
        putShort(frame, at + 10, 0);
        putInt(frame, at + 12, source);
        putInt(frame, at + 16, VICTIM);
        putShort(frame, at + 10, fold(sum(frame, at, IPV4)));
        return ETHERNET + IPV4 + payload;
    }

    /** Ethernet's shortest frame, without its check sequence. */
    private static int pad(byte[] frame, int length) {
        if (length < 60) {
            Arrays.fill(frame, length, 60, (byte) 0);
            return 60;
        }
        return length;
    }

    private static int sum(byte[] bytes, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int value = bytes[from + i] & 0xff;
            sum += (i & 1) == 0 ? value << 8 : value;
        }
        return sum;
    }

    private static int fold(int sum) {
        int folded = (sum & 0xffff) + (sum >>> 16);
        return ~((folded & 0xffff) + (folded >>> 16)) & 0xffff;
    }

    private static void putShort(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    private static void putInt(byte[] bytes, int at, int value) {
        putShort(bytes, at, value >>> 16);
        putShort(bytes, at + 2, value);
    }
}
