package ips.core.inspect;

import ips.core.packet.FrameBuffer;
import ips.core.packet.Packet;
import org.agrona.DirectBuffer;

/**
 * The opening SYNs that no rule asks about, so that a flood of them makes no flows: what has to be
 * known of each should more of its connection come. One per worker.
 *
 * <pre>
 *   place    hash of the connection | time | sequence number, window, bits | options as they came
 * </pre>
 *
 * <p>A SYN's place follows from its connection's hash; a newer one takes the place of an older.
 * 4,096 places of 72 bytes, written in a few stores: {@code RulesPipelineBenchmark}, where a flow a
 * SYN costs ten times as much.
 */
final class OpeningSyns {
    private static final int PLACES = 1 << 12;
    private static final int WORDS = 4;
    private static final int MOST_OPTIONS = 40;
    private static final long PATIENCE_NS = 60_000_000_000L;

    private static final int HASH = 0;
    private static final int TIME = 1;
    private static final int NUMBERS = 2; // sequence number << 32 | window << 16
    private static final int COUNTS = 3; // bytes << 32 | packets << 8 | options << 1 | from lower

    private final long[] places = new long[PLACES * WORDS];
    private final byte[] options = new byte[PLACES * MOST_OPTIONS];
    private final FrameBuffer optionsView = new FrameBuffer(options);

    private long skippedNs;
    private boolean anySkipped;

    private static int at(long hash) {
        return (int) (hash ^ hash >>> 32) & PLACES - 1;
    }

    /**
     * Notes a SYN.
     *
     * @param fromLower which of the connection's ends it came from
     */
    void note(long hash, boolean fromLower, Packet packet) {
        int place = at(hash);
        int word = place * WORDS;
        int length = packet.payloadOffset() - packet.transportOffset() - 20;
        long bytes = packet.wireLength();
        long packets = 1;
        long firstNs = packet.timestampNs();
        if (places[word + HASH] == hash && isRecent(word, firstNs)) {
            bytes += places[word + COUNTS] >>> 32;
            packets = Math.min((places[word + COUNTS] >>> 8 & 0xff_ffff) + 1, 0xff_ffff);
            firstNs = places[word + TIME];
        }
        places[word + HASH] = hash;
        places[word + TIME] = firstNs;
        places[word + NUMBERS] =
                (long) packet.tcpSequence() << 32 | (long) packet.tcpWindow() << 16;
        places[word + COUNTS] = bytes << 32 | packets << 8 | length << 1 | (fromLower ? 1 : 0);
        if (length > 0) {
            packet.buffer()
                    .getBytes(packet.transportOffset() + 20, options, place * MOST_OPTIONS, length);
        }
    }

    private boolean isRecent(int word, long nowNs) {
        return places[word + COUNTS] != 0 && nowNs - places[word + TIME] <= PATIENCE_NS;
    }

    /** The place of a connection's SYN, or -1. */
    int find(long hash, long nowNs) {
        int place = at(hash);
        int word = place * WORDS;
        return places[word + HASH] == hash && isRecent(word, nowNs) ? place : -1;
    }

    /** Leaves a SYN out; its connection is as one whose place was taken. */
    void skip(long nowNs) {
        skippedNs = nowNs;
        anySkipped = true;
    }

    /**
     * Whether it is not known if a connection had a SYN: another's took its place, or it may have
     * been left out.
     */
    boolean isUncertain(long hash, long nowNs) {
        int word = at(hash) * WORDS;
        return anySkipped && nowNs - skippedNs <= PATIENCE_NS
                || places[word + HASH] != hash && isRecent(word, nowNs);
    }

    void forget(int place) {
        places[place * WORDS + COUNTS] = 0;
    }

    boolean fromLower(int place) {
        return (places[place * WORDS + COUNTS] & 1) != 0;
    }

    long firstNs(int place) {
        return places[place * WORDS + TIME];
    }

    long packets(int place) {
        return places[place * WORDS + COUNTS] >>> 8 & 0xff_ffff;
    }

    long bytes(int place) {
        return places[place * WORDS + COUNTS] >>> 32;
    }

    int sequence(int place) {
        return (int) (places[place * WORDS + NUMBERS] >>> 32);
    }

    int window(int place) {
        return (int) (places[place * WORDS + NUMBERS] >>> 16) & 0xffff;
    }

    /** Whether a SYN has the same options. */
    boolean hasOptionsOf(int place, Packet syn) {
        int length = syn.payloadOffset() - syn.transportOffset() - 20;
        if (length != optionsLength(place)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (options[place * MOST_OPTIONS + i]
                    != syn.buffer().getByte(syn.transportOffset() + 20 + i)) {
                return false;
            }
        }
        return true;
    }

    /** What options of all places lie in. */
    DirectBuffer options() {
        return optionsView;
    }

    int optionsOffset(int place) {
        return place * MOST_OPTIONS;
    }

    int optionsLength(int place) {
        return (int) (places[place * WORDS + COUNTS] >>> 1) & 0x7f;
    }
}
