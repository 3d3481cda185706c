package ips.cli.eval;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How a request travels: in what segments, in what order, among what decoys.
 *
 * @param segment bytes of data in a segment
 * @param order of the segments that hold data
 * @param overlap bytes that each segment repeats of the one before
 * @param retransmitted whether each segment comes twice
 * @param conflicting whether each is followed by one with other bytes, which its receiver discards
 * @param decoy what precedes each segment and is discarded by the receiver
 * @param fragment bytes of an IP fragment's content, a multiple of 8; 0 for none
 * @param fragmentsReversed whether fragments come last first
 * @param vlan an 802.1Q tag, or 0
 * @param qinq the 802.1ad tag around it, or 0
 * @param chunk bytes of a chunk that bodies are sent in; 0 for a Content-Length
 * @param pipelined whether a harmless request precedes in the same connection
 * @param midstream whether the handshake is missing
 * @param interleave conversations at a time
 */
public record WireForm(
        int segment,
        Order order,
        int overlap,
        boolean retransmitted,
        boolean conflicting,
        Decoy decoy,
        int fragment,
        boolean fragmentsReversed,
        boolean ipv6,
        int vlan,
        int qinq,
        int chunk,
        boolean pipelined,
        boolean midstream,
        int interleave) {
    /** Order of segments. */
    public enum Order {
        SENT,
        SWAPPED,
        REVERSED,
        SHUFFLED
    }

    /** Segments that a receiver discards. */
    public enum Decoy {
        NONE,
        WRONG_CHECKSUM,
        LOW_TTL,
        OUTSIDE_WINDOW,
        NO_ACK
    }

    /** A handshake, segments as large as Ethernet takes, one conversation after another. */
    public static final WireForm PLAIN = form().build();

    /** The forms by name. */
    public static final Map<String, WireForm> NAMED = named();

    private static Map<String, WireForm> named() {
        Map<String, WireForm> forms = new LinkedHashMap<>();
        forms.put("plain", PLAIN);
        forms.put("segments-1", form().segment(1).build());
        forms.put("segments-8", form().segment(8).build());
        forms.put("swapped", form().segment(8).order(Order.SWAPPED).build());
        forms.put("reversed", form().segment(8).order(Order.REVERSED).build());
        forms.put("shuffled", form().segment(8).order(Order.SHUFFLED).build());
        forms.put("retransmitted", form().segment(100).retransmitted().build());
        forms.put("overlapping", form().segment(16).overlap(8).build());
        forms.put("conflicting", form().segment(16).conflicting().build());
        for (Decoy decoy : Decoy.values()) {
            if (decoy != Decoy.NONE) {
                String name = "decoy-" + decoy.name().toLowerCase(Locale.ROOT);
                forms.put(name.replace('_', '-'), form().segment(8).decoy(decoy).build());
            }
        }
        forms.put(
                "decoys-shuffled",
                form().segment(8).order(Order.SHUFFLED).decoy(Decoy.LOW_TTL).conflicting().build());
        forms.put("fragments", form().fragment(24).build());
        forms.put("fragments-reversed", form().fragment(24).fragmentsReversed().build());
        forms.put("ipv6", form().ipv6().build());
        forms.put("ipv6-fragments", form().ipv6().fragment(64).fragmentsReversed().build());
        forms.put("vlan", form().vlan(5).build());
        forms.put("qinq", form().vlan(5).qinq(7).build());
        forms.put("chunked", form().chunk(7).build());
        forms.put("pipelined", form().pipelined().build());
        forms.put("interleaved", form().segment(100).interleave(50).build());
        forms.put("midstream", form().midstream().build());
        forms.put(
                "midstream-reversed", form().midstream().segment(8).order(Order.REVERSED).build());
        forms.put(
                "midstream-shuffled", form().midstream().segment(8).order(Order.SHUFFLED).build());
        forms.put(
                "midstream-decoys",
                form().midstream().segment(8).decoy(Decoy.OUTSIDE_WINDOW).build());
        forms.put(
                "midstream-decoys-shuffled",
                form().midstream().segment(100).order(Order.SHUFFLED).decoy(Decoy.NO_ACK).build());
        forms.put(
                "everything",
                form().segment(200)
                        .order(Order.SHUFFLED)
                        .overlap(20)
                        .conflicting()
                        .decoy(Decoy.LOW_TTL)
                        .fragment(64)
                        .ipv6()
                        .chunk(5)
                        .pipelined()
                        .interleave(20)
                        .build());
        return forms;
    }

    private static Form form() {
        return new Form();
    }

    /** Sets one thing after another. */
    private static final class Form {
        private int segment = 1460;
        private Order order = Order.SENT;
        private int overlap;
        private boolean retransmitted;
        private boolean conflicting;
        private Decoy decoy = Decoy.NONE;
        private int fragment;
        private boolean fragmentsReversed;
        private boolean ipv6;
        private int vlan;
        private int qinq;
        private int chunk;
        private boolean pipelined;
        private boolean midstream;
        private int interleave = 1;

        Form segment(int bytes) {
            segment = bytes;
            return this;
        }

        Form order(Order value) {
            order = value;
            return this;
        }

        Form overlap(int bytes) {
            overlap = bytes;
            return this;
        }

        Form retransmitted() {
            retransmitted = true;
            return this;
        }

        Form conflicting() {
            conflicting = true;
            return this;
        }

        Form decoy(Decoy value) {
            decoy = value;
            return this;
        }

        Form fragment(int bytes) {
            fragment = bytes;
            return this;
        }

        Form fragmentsReversed() {
            fragmentsReversed = true;
            return this;
        }

        Form ipv6() {
            ipv6 = true;
            return this;
        }

        Form vlan(int tag) {
            vlan = tag;
            return this;
        }

        Form qinq(int tag) {
            qinq = tag;
            return this;
        }

        Form chunk(int bytes) {
            chunk = bytes;
            return this;
        }

        Form pipelined() {
            pipelined = true;
            return this;
        }

        Form midstream() {
            midstream = true;
            return this;
        }

        Form interleave(int conversations) {
            interleave = conversations;
            return this;
        }

        WireForm build() {
            return new WireForm(
                    segment,
                    order,
                    overlap,
                    retransmitted,
                    conflicting,
                    decoy,
                    fragment,
                    fragmentsReversed,
                    ipv6,
                    vlan,
                    qinq,
                    chunk,
                    pipelined,
                    midstream,
                    interleave);
        }
    }
}
