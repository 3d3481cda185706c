package ips.core.packet;

import ips.core.ColdPath;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The link layer of a frame that {@link FrameBuilder} makes: Ethernet with any tags, or another
 * link type. Of use by itself for frames that carry no IP.
 */
@ColdPath
public final class FrameLink {
    private static final byte[] DESTINATION_MAC = {2, 0, 0, 0, 0, 2};
    private static final byte[] SOURCE_MAC = {2, 0, 0, 0, 0, 1};

    private record Tag(int type, int id) {}

    private final List<Tag> tags = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    private int linkType = LinkType.ETHERNET;
    private boolean pppoe;
    private int paddedLength;

    /** A tag of 802.1Q inside those there are. */
    public FrameLink vlan(int id) {
        tags.add(new Tag(EthernetHeader.TYPE_VLAN, id));
        return this;
    }

    /** A tag of 802.1ad and one of 802.1Q. */
    public FrameLink qinq(int outer, int inner) {
        tags.add(new Tag(EthernetHeader.TYPE_QINQ, outer));
        return vlan(inner);
    }

    /** An MPLS label inside those there are. */
    public FrameLink mpls(int label) {
        labels.add(label);
        return this;
    }

    /** A PPPoE session. */
    public FrameLink pppoe() {
        pppoe = true;
        return this;
    }

    /** Another link type than Ethernet, see {@link LinkType}; tags work on cooked captures too. */
    public FrameLink type(int type) {
        linkType = type;
        return this;
    }

    /** Zeros up to this length, as Ethernet pads to 60 bytes. */
    public FrameLink padTo(int length) {
        paddedLength = length;
        return this;
    }

    int linkType() {
        return linkType;
    }

    /** The frame around a payload of the given EtherType. */
    public byte[] frame(int etherType, byte[] payload) {
        Layers layers = new Layers();
        int type = etherType;
        if (pppoe) {
            type = EthernetHeader.TYPE_PPPOE_SESSION;
        } else if (!labels.isEmpty()) {
            type = EthernetHeader.TYPE_MPLS;
        }
        int first = tags.isEmpty() ? type : tags.get(0).type;
        boolean six = etherType == EthernetHeader.TYPE_IPV6;
        switch (linkType) {
            case LinkType.ETHERNET -> layers.bytes(DESTINATION_MAC).bytes(SOURCE_MAC).uint16(first);
            case LinkType.LINUX_SLL ->
                    layers.uint16(0).uint16(1).uint16(6).bytes(SOURCE_MAC).uint16(0).uint16(first);
            case LinkType.LINUX_SLL2 ->
                    layers.uint16(first)
                            .uint16(0)
                            .int32(3)
                            .uint16(1)
                            .uint16(6)
                            .bytes(SOURCE_MAC)
                            .uint16(0);
            case LinkType.NULL -> layers.int32(Integer.reverseBytes(six ? 30 : 2));
            case LinkType.LOOP -> layers.int32(six ? 30 : 2);
            default -> {}
        }
        for (int i = 0; i < tags.size(); i++) {
            layers.uint16(tags.get(i).id).uint16(i + 1 < tags.size() ? tags.get(i + 1).type : type);
        }
        if (pppoe) {
            layers.uint16(0x1100).uint16(1).uint16(payload.length + 2).uint16(six ? 0x57 : 0x21);
        }
        for (int i = 0; i < labels.size(); i++) {
            boolean last = i + 1 == labels.size();
            layers.int32(labels.get(i) << 12 | (last ? 0x100 : 0) | 64);
        }
        byte[] frame = layers.bytes(payload).toByteArray();
        return frame.length < paddedLength ? Arrays.copyOf(frame, paddedLength) : frame;
    }

    /** Headers written one behind another. */
    private static final class Layers {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Layers bytes(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Layers uint16(int value) {
            return bytes(ByteBuffer.allocate(2).putShort((short) value).array());
        }

        Layers int32(int value) {
            return bytes(ByteBuffer.allocate(4).putInt(value).array());
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }
}
