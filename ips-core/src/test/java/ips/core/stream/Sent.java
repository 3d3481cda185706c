package ips.core.stream;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;

/**
 * A segment of the client's, and what becomes of it on the way.
 *
 * @param at its first byte's place in the stream, from 0
 * @param data one char a byte
 * @param time its timestamp, if the connection bears any
 */
record Sent(int at, String data, int flags, Fate fate, int time) {
    /** How far the server is; less does not arrive. */
    static final int HOPS = 20;

    static final int USUAL_TTL = 64;

    /** What a server's TCP makes of a segment. */
    enum Fate {
        ARRIVES,
        ARRIVES_BY_A_LONGER_WAY,
        EXPIRES,
        BROKEN,
        CUT_OFF,
        WITHOUT_ACK,
        TOO_OLD,
        ACKNOWLEDGES_THE_UNSENT,
        SIGNED,
        FAR_AHEAD,
        FAR_BEHIND;

        boolean arrives() {
            return this == ARRIVES || this == ARRIVES_BY_A_LONGER_WAY;
        }
    }

    int end() {
        return at + data.length();
    }

    /** Shows the segment to the sensor. */
    void to(Conversation talk, boolean timed) {
        int seq = talk.clientStart + at;
        int ack = talk.serverStart;
        int sent = flags;
        switch (fate) {
            case WITHOUT_ACK -> {
                ack = 0;
                sent &= ~TcpFlags.ACK;
            }
            case ACKNOWLEDGES_THE_UNSENT -> ack += 1 + Math.abs(time * 7919 % 100_000);
            case FAR_AHEAD -> seq += 0x1000_0000;
            case FAR_BEHIND -> seq -= 0x1000_0000;
            default -> {}
        }
        talk.client(seq, ack, sent, data, frame -> shape(frame, timed));
    }

    private void shape(FrameBuilder frame, boolean timed) {
        if (timed) {
            frame.tcpOptions(timestamps(fate == Fate.TOO_OLD ? time - 0x1000_0000 : time, 0));
        }
        switch (fate) {
            case ARRIVES_BY_A_LONGER_WAY -> frame.ttl(USUAL_TTL - 3);
            case EXPIRES -> frame.ttl(Math.abs(time % HOPS));
            case BROKEN -> frame.wrongChecksum();
            case CUT_OFF -> frame.totalLength(1400);
            case SIGNED -> frame.tcpOptions(signature());
            default -> {}
        }
    }

    /** The timestamps option (RFC 7323 §3.2). */
    static int[] timestamps(int value, int echoed) {
        int[] option = {1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0};
        for (int i = 0; i < 4; i++) {
            option[4 + i] = value >>> 24 - 8 * i & 0xff;
            option[8 + i] = echoed >>> 24 - 8 * i & 0xff;
        }
        return option;
    }

    /** The MD5 signature option (RFC 2385). */
    static int[] signature() {
        int[] option = new int[20];
        option[0] = 1;
        option[1] = 1;
        option[2] = 19;
        option[3] = 18;
        return option;
    }
}
