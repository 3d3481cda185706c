package ips.core.inspect;

import ips.core.inspect.anomaly.HeaderOptions;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * The options of a TCP segment that a session has to know: timestamps and window scale (RFC 7323),
 * fast open (RFC 7413, and its experimental form by RFC 6994), signatures. Read anew for each
 * segment.
 */
final class SegmentOptions {
    private static final int WINDOW_SCALE = 3;
    private static final int SELECTIVE = 5;
    private static final int TIMESTAMP = 8;
    private static final int MD5 = 19;
    private static final int AUTHENTICATION = 29;
    private static final int FAST_OPEN = 34;
    private static final int EXPERIMENT = 254;
    private static final int FAST_OPEN_ID = 0xf989;

    private final HeaderOptions walk = new HeaderOptions();
    private boolean hasTimestamp;
    private int timestamp;
    private int timestampEcho;
    private int scale;
    private boolean fastOpen;
    private boolean selective;
    private boolean signed;

    boolean hasTimestamp() {
        return hasTimestamp;
    }

    int timestamp() {
        return timestamp;
    }

    int timestampEcho() {
        return timestampEcho;
    }

    /** The window's scale, at most 14; -1 where none is named. */
    int scale() {
        return scale;
    }

    boolean fastOpen() {
        return fastOpen;
    }

    /** Whether it acknowledges ranges (RFC 2018). */
    boolean selective() {
        return selective;
    }

    /** Whether it is signed (RFC 2385, RFC 5925). */
    boolean signed() {
        return signed;
    }

    /** Stands for a segment that was not seen. */
    void assumeScale(int assumed) {
        clear();
        scale = assumed;
    }

    private void clear() {
        hasTimestamp = false;
        fastOpen = false;
        selective = false;
        signed = false;
        scale = -1;
    }

    void read(DirectBuffer buffer, int from, int end) {
        clear();
        walk.begin(buffer, from, end);
        while (walk.next()) {
            option(buffer, walk.at(), walk.kind(), walk.length());
        }
    }

    private void option(DirectBuffer buffer, int at, int kind, int length) {
        switch (kind) {
            case TIMESTAMP -> {
                if (length == 10) {
                    hasTimestamp = true;
                    timestamp = buffer.getInt(at + 2, ByteOrder.BIG_ENDIAN);
                    timestampEcho = buffer.getInt(at + 6, ByteOrder.BIG_ENDIAN);
                }
            }
            case WINDOW_SCALE -> {
                if (length == 3) {
                    scale = Math.min(14, buffer.getByte(at + 2) & 0xff);
                }
            }
            case FAST_OPEN -> fastOpen = true;
            case SELECTIVE -> selective = length > 2;
            case MD5, AUTHENTICATION -> signed = true;
            case EXPERIMENT -> {
                if (length >= 4) {
                    int id = buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xffff;
                    fastOpen |= id == FAST_OPEN_ID;
                }
            }
            default -> {}
        }
    }
}
