package ips.bench.http;

import ips.bench.flood.Flood;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Writes TCP segments as Linux sends them, timestamps and right checksums included, and hands them
 * on.
 */
final class TcpFrames {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int PSH = 0x08;
    static final int ACK = 0x10;

    /** Payload of a full segment: MSS 1460 less the timestamps. */
    static final int SEGMENT = 1448;

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NOTHING = {};
    private static final int IP = 14;
    private static final int TCP = IP + 20;
    private static final int OPTIONS = TCP + 20;
    private static final int SHORTEST = 60;

    private final Flood.FrameConsumer consumer;
    private final byte[] frame = new byte[Flood.MAX_FRAME_LENGTH];
    private int count;
    private long bytes;

    TcpFrames(Flood.FrameConsumer consumer) {
        this.consumer = consumer;
        putShort(12, 0x0800);
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    /** A segment without payload; its clock is the frame's number, in steps of 100. */
    void bare(Endpoint from, Endpoint to, int flags) {
        segment(from, to, flags, NOTHING, 0, 0);
    }

    void segment(Endpoint from, Endpoint to, int flags, byte[] payload, int offset, int length) {
        boolean syn = (flags & SYN) != 0;
        int data = syn ? OPTIONS + 20 : OPTIONS + 12;
        frame[5] = (byte) to.address;
        frame[11] = (byte) from.address;
        putInt(IP, 0x4500_0000 | data + length - IP);
        putInt(IP + 4, from.nextId++ << 16 | 0x4000);
        putInt(IP + 8, from.ttl << 24 | 6 << 16);
        putInt(IP + 12, from.address);
        putInt(IP + 16, to.address);
        putShort(IP + 10, ~sum(IP, TCP, 0));
        putInt(TCP, from.port << 16 | to.port);
        putInt(TCP + 4, from.next);
        putInt(TCP + 8, (flags & ACK) == 0 ? 0 : to.next);
        putInt(TCP + 12, (data - TCP) / 4 << 28 | flags << 16 | (syn ? 64_240 : 501));
        putInt(TCP + 16, 0);
        int clock = from.clock + count / 100;
        if (syn) { // MSS 1460, SACK permitted, timestamps, NOP, window scale 7
            putInt(OPTIONS, 0x0204_05b4);
            putInt(OPTIONS + 4, 0x0402_080a);
            putInt(OPTIONS + 8, clock);
            putInt(OPTIONS + 12, to.told);
            putInt(OPTIONS + 16, 0x0103_0307);
        } else {
            putInt(OPTIONS, 0x0101_080a);
            putInt(OPTIONS + 4, clock);
            putInt(OPTIONS + 8, to.told);
        }
        from.told = clock;
        System.arraycopy(payload, offset, frame, data, length);
        int end = data + length;
        int pseudo = sum(IP + 12, TCP, 6 + end - TCP);
        putShort(TCP + 16, ~sum(TCP, end, pseudo));
        from.next += length + (flags & SYN) / SYN + (flags & FIN);
        int padded = Math.max(end, SHORTEST);
        while (end < padded) {
            frame[end++] = 0;
        }
        consumer.frame(count++, frame, padded);
        bytes += padded;
    }

    private int sum(int from, int end, int before) {
        long sum = before;
        int at = from;
        for (; at + 4 <= end; at += 4) {
            sum += (int) INTS.get(frame, at) & 0xffff_ffffL;
        }
        for (; at < end; at++) {
            sum += (frame[at] & 0xffL) << ((end - at & 1) == (end - from & 1) ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    private void putShort(int at, int value) {
        SHORTS.set(frame, at, (short) value);
    }

    private void putInt(int at, int value) {
        INTS.set(frame, at, value);
    }

    /** One end of a connection. */
    static final class Endpoint {
        final int address;
        final int port;
        final int ttl;
        private final int clock;
        private int next;
        private int nextId;
        private int told;

        Endpoint(int address, int port, int ttl, int first) {
            this.address = address;
            this.port = port;
            this.ttl = ttl;
            next = first;
            clock = first >>> 4;
            nextId = first >>> 9;
        }
    }
}
