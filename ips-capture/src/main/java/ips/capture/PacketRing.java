package ips.capture;

import ips.core.packet.FrameBuffer;
import ips.core.packet.LinkType;
import ips.core.pipeline.FrameSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the ring of blocks that kernel and user share (TPACKET_V3, Documentation/networking/
 * packet_mmap.rst). The kernel fills a block with frames and marks it as ours when it is full or
 * its time is over; frames are handed over where they lie, and the block goes back after the last
 * of them. Used by the capture thread; allocates nothing per frame.
 *
 * <pre>
 *  block   0       4          8        12       16
 *          +-------+----------+--------+--------+----------------+----
 *          |version|to private| status | frames |to first frame  | ...
 *          +-------+----------+--------+--------+----------------+----
 *
 *  frame   0        4        8            12        16       20      24     26     28
 *          +--------+--------+------------+---------+--------+-------+------+------+----
 *          |to next |seconds | nanoseconds| captured| on wire|status |to mac|to net| ...
 *          +--------+--------+------------+---------+--------+-------+------+------+----
 *          32       36       38                48                       58
 *          +--------+--------+-----------------+------------------------+------------+
 *          |VLAN tag| its EtherType            | sockaddr_ll            | packet type| ...
 *          +--------+--------+-----------------+------------------------+------------+
 * </pre>
 *
 * The kernel takes a frame's outer VLAN tag off; it is put back into a copy of that frame.
 */
final class PacketRing {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int BLOCK_STATUS = 8;
    private static final int BLOCK_FRAMES = 12;
    private static final int BLOCK_FIRST = 16;
    private static final int STATUS_KERNEL = 0;
    private static final int STATUS_USER = 1;

    private static final int FRAME_NEXT = 0;
    private static final int FRAME_SECONDS = 4;
    private static final int FRAME_NANOS = 8;
    private static final int FRAME_CAPTURED = 12;
    private static final int FRAME_WIRE = 16;
    private static final int FRAME_STATUS = 20;
    private static final int FRAME_MAC = 24;
    private static final int FRAME_VLAN_TCI = 32;
    private static final int FRAME_VLAN_TPID = 36;
    private static final int FRAME_PACKET_TYPE = 58;

    private static final int FRAME_CHECKSUM_MISSING = 1 << 3;
    private static final int FRAME_CHECKSUM_VALID = 1 << 7;
    private static final int FRAME_VLAN = 1 << 4;
    private static final int FRAME_VLAN_TYPE = 1 << 6;
    private static final int PACKET_OUTGOING = 4;

    private static final int ADDRESSES_BYTES = 12;
    private static final int TAG_BYTES = 4;
    private static final short ETHERTYPE_VLAN = (short) 0x8100;

    private final ByteBuffer ring;
    private final FrameBuffer frames;
    private final ByteBuffer tagged;
    private final FrameBuffer taggedFrame;
    private final int blockBytes;
    private final int blocks;
    private final int linkType;
    private final int interfaceIndex;
    private final boolean skipsOutgoing;

    private int block;
    private int framesLeft;
    private int next;

    /**
     * @param ring the mapping, {@code blocks} times {@code blockBytes}
     * @param skipsOutgoing whether frames on the way out come in again: the loopback interface
     */
    PacketRing(
            ByteBuffer ring,
            int blockBytes,
            int blocks,
            int linkType,
            int interfaceIndex,
            boolean skipsOutgoing) {
        this.ring = ring.order(ByteOrder.nativeOrder());
        this.frames = new FrameBuffer(ring.duplicate());
        this.tagged = ByteBuffer.allocateDirect(blockBytes + TAG_BYTES);
        this.taggedFrame = new FrameBuffer(tagged.duplicate());
        this.blockBytes = blockBytes;
        this.blocks = blocks;
        this.linkType = linkType;
        this.interfaceIndex = interfaceIndex;
        this.skipsOutgoing = skipsOutgoing;
    }

    /** Hands over the frames that are there, {@code limit} at most; returns how many. */
    int take(FrameSink sink, int limit) {
        int taken = 0;
        while (taken < limit) {
            if (framesLeft == 0 && !openBlock()) {
                break;
            }
            int frame = next;
            next = frame + ring.getInt(frame + FRAME_NEXT);
            if (hand(sink, frame)) {
                taken++;
            }
            if (--framesLeft == 0) {
                giveBack();
            }
        }
        return taken;
    }

    private boolean openBlock() {
        int start = block * blockBytes;
        while (((int) INT.getAcquire(ring, start + BLOCK_STATUS) & STATUS_USER) != 0) {
            framesLeft = ring.getInt(start + BLOCK_FRAMES);
            if (framesLeft > 0) {
                next = start + ring.getInt(start + BLOCK_FIRST);
                return true;
            }
            giveBack();
            start = block * blockBytes;
        }
        return false;
    }

    private void giveBack() {
        INT.setRelease(ring, block * blockBytes + BLOCK_STATUS, STATUS_KERNEL);
        block = block + 1 == blocks ? 0 : block + 1;
    }

    private boolean hand(FrameSink sink, int frame) {
        boolean outgoing = ring.get(frame + FRAME_PACKET_TYPE) == PACKET_OUTGOING;
        if (outgoing && skipsOutgoing) {
            return false;
        }
        int status = ring.getInt(frame + FRAME_STATUS);
        int flags = outgoing ? FrameSink.OUTGOING : 0;
        if ((status & (FRAME_CHECKSUM_MISSING | FRAME_CHECKSUM_VALID)) != 0) {
            flags |= FrameSink.CHECKSUM_NOT_TO_BE_CHECKED;
        }
        long timestampNs =
                (ring.getInt(frame + FRAME_SECONDS) & 0xffff_ffffL) * 1_000_000_000L
                        + ring.getInt(frame + FRAME_NANOS);
        int captured = ring.getInt(frame + FRAME_CAPTURED);
        int wire = ring.getInt(frame + FRAME_WIRE);
        int start = frame + (ring.getShort(frame + FRAME_MAC) & 0xffff);
        FrameBuffer buffer = frames;
        if ((status & FRAME_VLAN) != 0
                && linkType == LinkType.ETHERNET
                && captured >= ADDRESSES_BYTES) {
            putTagBack(frame, start, captured, status);
            buffer = taggedFrame;
            start = 0;
            captured += TAG_BYTES;
            wire += TAG_BYTES;
        }
        sink.frame(timestampNs, buffer, start, captured, wire, linkType, interfaceIndex, flags);
        return true;
    }

    private void putTagBack(int frame, int start, int captured, int status) {
        short type =
                (status & FRAME_VLAN_TYPE) != 0
                        ? ring.getShort(frame + FRAME_VLAN_TPID)
                        : ETHERTYPE_VLAN;
        tagged.put(0, ring, start, ADDRESSES_BYTES);
        tagged.putShort(ADDRESSES_BYTES, type); // in network byte order, as this buffer is
        tagged.putShort(ADDRESSES_BYTES + 2, (short) ring.getInt(frame + FRAME_VLAN_TCI));
        tagged.put(
                ADDRESSES_BYTES + TAG_BYTES,
                ring,
                start + ADDRESSES_BYTES,
                captured - ADDRESSES_BYTES);
    }
}
