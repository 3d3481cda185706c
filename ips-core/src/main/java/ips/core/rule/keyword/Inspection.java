package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import ips.core.inspect.HostMemory;
import ips.core.inspect.InspectedFlow;
import ips.core.packet.FrameBuffer;
import ips.core.packet.Packet;
import ips.core.regex.Regex;
import ips.core.regex.RegexMatcher;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/**
 * The packet in hand, its flow, and what conditions note while one signature is looked at. One per
 * worker; plain fields, for they are read many times a packet.
 */
public final class Inspection {
    /** Variables that byte keywords set, at most, in one rule. */
    public static final int VARIABLES = 32;

    public Packet packet;

    /** The packet's flow, or null. */
    public InspectedFlow flow;

    /** Whether the packet goes to the flow's server. */
    public boolean toServer;

    /** Whether this is no packet but a flow's end, at which what is left of it is looked at. */
    public boolean endOfFlow;

    /** Whether the frame's addresses are not to be trusted: its IP header is broken. */
    public boolean unaddressed;

    /** Whether the packet carries another one through a tunnel: its payload is not asked about. */
    public boolean carrier;

    /** Whether the packet's data entered the stream, so that it is looked at there. */
    public boolean inStream;

    /** Whether the stream is looked at along with the packet. */
    public boolean streamData;

    /** Whether the payload is encrypted: both ends said so before. */
    public boolean encrypted;

    /** What was odd about the TCP segment: bits of {@code StreamEvent}. */
    public long streamEvents;

    /** What was odd at the application layer, as this packet showed: bits of {@code AppEvent}. */
    public long appEvents;

    /** What was odd about the frame's headers: bits of {@code DecodeEvent}, in two words. */
    public final long[] decodeEvents = new long[2];

    /** Whether the application protocol of the packet's direction was found just now. */
    public boolean protocolFound;

    /** What hosts and pairs of hosts are remembered for. */
    public HostMemory hosts;

    /** What {@code byte_extract} and {@code byte_math} found, for the signature in hand. */
    public final long[] variables = new long[VARIABLES];

    /** Where the last match in the buffer in hand ended. */
    public int position;

    /** Steps left until matching is given up as too expensive. */
    public int budget;

    /** What regular expressions are searched with. */
    final PcreMatchers pcre = new PcreMatchers();

    /** What rules added to data sets. */
    final DataSetMemory dataSets = new DataSetMemory();

    private static final int TRANSFORMS = 8;

    private final Memory[] memories = new Memory[TRANSFORMS];
    private final Memory decoded = new Memory(pcre);

    public Inspection() {
        for (int i = 0; i < TRANSFORMS; i++) {
            memories[i] = new Memory(pcre);
        }
    }

    /** Where a transform may put its result. */
    Memory transformed(int step) {
        return memories[step & TRANSFORMS - 1];
    }

    /** Where decoded base64 lies. */
    Memory decoded() {
        return decoded;
    }

    /** Room that grows with the largest buffer ever transformed. */
    static final class Memory {
        private static final int LONGEST_HASH = 32;
        private static final int LONGEST_TEXT = 256;

        final ByteRange range = new ByteRange();
        private byte[] bytes = new byte[1024];
        private FrameBuffer view = new FrameBuffer(bytes);
        private final PcreMatchers pcre;
        private Map<String, MessageDigest> digests;
        private int written;

        Memory(PcreMatchers pcre) {
            this.pcre = pcre;
        }

        RegexMatcher matcher(Regex regex) {
            return pcre.of(regex);
        }

        /** The hash of a range. */
        ByteRange hash(String algorithm, ByteRange in) {
            if (digests == null) {
                digests = new HashMap<>();
            }
            MessageDigest digest = digests.computeIfAbsent(algorithm, Memory::digest);
            byte[] room = room(Math.max(in.length, LONGEST_HASH));
            in.buffer.getBytes(in.offset, room, 0, in.length);
            digest.update(room, 0, in.length);
            try {
                return filled(digest.digest(room, 0, LONGEST_HASH));
            } catch (DigestException e) {
                throw new IllegalStateException(e);
            }
        }

        private static MessageDigest digest(String algorithm) {
            try {
                return MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        byte[] room(int length) {
            if (bytes.length < length) {
                bytes = new byte[Integer.highestOneBit(length) * 2];
                view = new FrameBuffer(bytes);
            }
            return bytes;
        }

        /** Begins a text that is put together. */
        void clear() {
            written = 0;
            room(LONGEST_TEXT);
        }

        Memory add(String text) {
            for (int i = 0; i < text.length(); i++) {
                add((byte) text.charAt(i));
            }
            return this;
        }

        /** What has no room is left out. */
        void add(byte b) {
            if (written < LONGEST_TEXT) {
                bytes[written++] = b;
            }
        }

        Memory number(long value) {
            long unit = 1;
            while (value / unit >= 10) {
                unit *= 10;
            }
            for (; unit > 0; unit /= 10) {
                add((byte) ('0' + value / unit % 10));
            }
            return this;
        }

        ByteRange added() {
            return filled(written);
        }

        ByteRange filled(int length) {
            return range.set(view, 0, length);
        }
    }

    /** Searches of expressions that were given up because they took too many steps. */
    public long expressionLimits() {
        return pcre.limitHits();
    }

    /** Nanoseconds since 1970. */
    public long nowNs() {
        return packet.timestampNs();
    }
}
