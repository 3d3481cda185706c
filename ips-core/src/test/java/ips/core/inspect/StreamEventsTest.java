package ips.core.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What sessions tell of odd segments: the same as Suricata 7.0.10 told of the same segments. */
class StreamEventsTest {
    private static final String HANDSHAKE = ">S 1000 0, <SA 5000 1001, >A 1001 5001";

    private final StreamReader reader =
            new StreamReader(false, new AppLayer(new HttpAsked(false, false), false));
    private final PacketDecoder decoder = new PacketDecoder(true, new Counters());
    private final InspectedFlows flows = new InspectedFlows(64, flow -> {});
    private final Packet packet = new Packet();
    private long frame;

    /**
     * Segments are written as side, flags, sequence number, acknowledgment, and where they are not
     * 0 and 8,192, the payload's length and the window; HS is a handshake.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the answer tells which of two SYNs counts
                ">S 1000 0, >S 7000 0, <SA 5000 1001, >A 1001 5001, >A 1001 5001 9 | -",
                ">S 1000 0, >S 7000 0, <SA 5000 7001, >A 7001 5001, >A 7001 5001 9 | -",
                ">S 1000 0, >S 7000 0, <SA 5000 9001 | 3whs_synack_with_wrong_ack",
                ">S 1000 0, <S 5000 0, >SA 1000 5009, >SA 1009 5001, >SA 1000 5001, <A 5009 1001 | 4whs_synack_with_wrong_ack 4whs_synack_with_wrong_syn 4whs_wrong_seq",
                ">S 1000 0, >SA 1000 5001, <SA 5000 1002, <SA 5000 1001 | 3whs_synack_in_wrong_direction 3whs_synack_with_wrong_ack",
                ">S 1000 0, <SA 5000 1001, <SA 5000 1009, >SA 1000 5001, <S 5000 0, >S 1009 0 | 3whs_synack_resend_with_different_ack 3whs_synack_toserver_on_syn_recv 3whs_syn_toclient_on_syn_recv 3whs_syn_resend_diff_seq_on_syn_recv",
                ">S 1000 0, <SA 5000 1001, >A 1001 5009, >A 1009 5009 | 3whs_right_seq_wrong_ack_evasion 3whs_wrong_seq_wrong_ack",
                "HS, >S 1000 0, >S 1009 0, <S 5000 0, <A 5001 1001 4, <SA 5000 1001, <SA 5000 1009, >SA 1001 5001 | est_syn_resend est_syn_resend_diff_seq est_syn_toclient est_synack_resend est_synack_resend_with_different_ack est_synack_toserver",
                "HS, >A 9500 5001 9, >A 1001 99999 0, >A 900 5001 9 | est_packet_out_of_window est_invalid_ack pkt_invalid_ack pkt_spurious_retransmission",
                "HS, >A 1001 5001 9, <A 5001 1010, >A 1009 5001 1, <A 5001 1010, >A 1001 5001 9 | pkt_spurious_retransmission",
                "HS, >A 1011 5001 9, <A 5001 1020, >A 1020 5001 9, <A 5001 1029 | reassembly_seq_gap reassembly_seq_gap",
                "HS, >FA 1001 99999, >FA 900 5001, <FA 5001 1001, >FA 1009 5002, >S 1001 0, >A 1001 99999, >FA 1001 5002, <A 5002 1002, <A 5002 1002 | fin_invalid_ack pkt_invalid_ack fin_out_of_window shutdown_syn_resend pkt_invalid_ack timewait_invalid_ack",
                "HS, <FA 5001 1001, >F 1001 0, <A 5009 1002, <A 5002 1001, >A 1001 5002 | closing_ack_wrong_seq",
                "HS, <FA 5001 1001, >A 1001 5002, >A 1001 5002 4, >FA 1001 5002, >FA 1005 5002, <A 5001 1006 | fin2_fin_wrong_seq",
                "HS, >A 1001 5001 4, <A 5001 1005, >FA 1005 5001, >A 1001 5001 3, >A 9500 5001 3, <A 5001 99999, <FA 5009 1006, <FA 5001 1006, >A 9999 5002, >A 1005 5002 | closewait_pkt_before_last_ack pkt_retransmission pkt_spurious_retransmission closewait_ack_out_of_window closewait_invalid_ack pkt_invalid_ack lastack_ack_wrong_seq",
                "HS, <FA 5001 1001, >FA 1001 5002, <A 9000 1002, <A 5002 99999, <A 5002 1002 | timewait_ack_wrong_seq pkt_invalid_ack timewait_invalid_ack",
                "HS, >R 1009 0, >RA 1001 99999, >R 1001 0 3, >A 1001 5001 3 | pkt_invalid_ack rst_invalid_ack rst_with_data",
                ">R 1000 0, >FA 1000 1, >A 1000 1 | rst_but_no_session fin_but_no_session",
                "HS, >A 1001 5001 9, <A 5009 1050 0 10 | pkt_bad_window_update",
                ">S 1000 77, <SA 5000 1001 | pkt_broken_ack",
                ">S 1000 0, <RA 0 1001, <SA 5000 1001 | suspected_rst_inject",
                ">S 1000 0, <S 5000 0, >SA 1000 5001, <A 5001 1001, >A 1001 5001 5 | -",
                ">S 1000 0, <SA 5000 1001, <A 5001 1001 9 | -",
                "HS, >A 1001 5001 9, <A 5001 1010, <A 5001 1005, <A 5001 1010 3 | -",
                "HS, <A 5001 1001 0 0, >A 1001 5001 1, <A 5001 1001 0 0, <A 5001 1002 0 0, >A 1001 5001 3 | -"
            })
    void tellsOfOddSegments(String segments, String events) {
        List<String> told = new ArrayList<>();
        for (String segment : segments.replace("HS", HANDSHAKE).split(", *")) {
            send(segment.strip().split(" "));
            told.addAll(names(reader.events()));
        }

        assertEquals(events, told.isEmpty() ? "-" : String.join(" ", told));
    }

    private void send(String[] words) {
        boolean toServer = words[0].startsWith(">");
        FrameBuilder segment =
                toServer
                        ? FrameBuilder.tcp("10.0.0.1", 30_000, "10.0.0.2", 9_999)
                        : FrameBuilder.tcp("10.0.0.2", 9_999, "10.0.0.1", 30_000);
        int flags = 0;
        for (char flag : words[0].substring(1).toCharArray()) {
            flags |= 1 << "FSRPAU".indexOf(flag);
        }
        segment.flags(flags).seq(Integer.parseInt(words[1])).ack(Integer.parseInt(words[2]));
        segment.payload("a".repeat(words.length > 3 ? Integer.parseInt(words[3]) : 0));
        segment.window(words.length > 4 ? Integer.parseInt(words[4]) : 8_192);
        byte[] bytes = segment.build();
        long time = 1_700_000_000_000_000_000L + frame * 1_000_000;
        FrameBuffer buffer = new FrameBuffer(bytes);
        decoder.decode(buffer, 0, bytes.length, bytes.length, 1, 0, 0, time, ++frame, packet);
        InspectedFlow flow = flows.of(packet);
        reader.segment(packet, flow, flows.toServer(), false);
        reader.inspected(flow, flows.toServer(), false);
    }

    private static TreeSet<String> names(long events) {
        TreeSet<String> names = new TreeSet<>();
        for (StreamEvent event : StreamEvent.values()) {
            if ((events & event.bit()) != 0) {
                names.add(event.name().toLowerCase(Locale.ROOT).replaceFirst("^_", ""));
            }
        }
        return names;
    }
}
