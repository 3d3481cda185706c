package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import ips.core.inspect.HostMemory;
import ips.core.inspect.InspectedFlow;
import ips.core.packet.FrameBuffer;
import ips.core.packet.Packet;

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

    /** Whether the packet's data entered the stream, so that it is looked at there. */
    public boolean inStream;

    /** Whether the stream is looked at along with the packet. */
    public boolean streamData;

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

    private static final int TRANSFORMS = 8;

    private final Memory[] memories = new Memory[TRANSFORMS];

    public Inspection() {
        for (int i = 0; i < TRANSFORMS; i++) {
            memories[i] = new Memory();
        }
    }

    /** Where a transform may put its result. */
    Memory transformed(int step) {
        return memories[step & TRANSFORMS - 1];
    }

    /** Room that grows with the largest buffer ever transformed. */
    static final class Memory {
        final ByteRange range = new ByteRange();
        private byte[] bytes = new byte[1024];
        private FrameBuffer view = new FrameBuffer(bytes);

        byte[] room(int length) {
            if (bytes.length < length) {
                bytes = new byte[Integer.highestOneBit(length) * 2];
                view = new FrameBuffer(bytes);
            }
            return bytes;
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
