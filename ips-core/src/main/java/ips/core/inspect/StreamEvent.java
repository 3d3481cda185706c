package ips.core.inspect;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What can be odd about a TCP segment within its session, by the names of {@code stream-event};
 * only what is raised.
 */
public enum StreamEvent {
    _3WHS_ACK_DATA_INJECT,
    _3WHS_ACK_IN_WRONG_DIR,
    _3WHS_RIGHT_SEQ_WRONG_ACK_EVASION,
    _3WHS_SYN_FLOOD,
    _3WHS_SYN_RESEND_DIFF_SEQ_ON_SYN_RECV,
    _3WHS_SYN_TOCLIENT_ON_SYN_RECV,
    _3WHS_SYNACK_FLOOD,
    _3WHS_SYNACK_IN_WRONG_DIRECTION,
    _3WHS_SYNACK_RESEND_WITH_DIFFERENT_ACK,
    _3WHS_SYNACK_TFO_DATA_IGNORED,
    _3WHS_SYNACK_TOSERVER_ON_SYN_RECV,
    _3WHS_SYNACK_WITH_WRONG_ACK,
    _3WHS_WRONG_SEQ_WRONG_ACK,
    _4WHS_INVALID_ACK,
    _4WHS_SYNACK_WITH_WRONG_ACK,
    _4WHS_SYNACK_WITH_WRONG_SYN,
    _4WHS_WRONG_SEQ,
    CLOSEWAIT_ACK_OUT_OF_WINDOW,
    CLOSEWAIT_FIN_OUT_OF_WINDOW,
    CLOSEWAIT_INVALID_ACK,
    CLOSEWAIT_PKT_BEFORE_LAST_ACK,
    CLOSING_ACK_WRONG_SEQ,
    CLOSING_INVALID_ACK,
    EST_ACK_ZWP_DATA,
    EST_INVALID_ACK,
    EST_PACKET_OUT_OF_WINDOW,
    EST_PKT_BEFORE_LAST_ACK,
    EST_SYN_RESEND,
    EST_SYN_RESEND_DIFF_SEQ,
    EST_SYN_TOCLIENT,
    EST_SYNACK_RESEND,
    EST_SYNACK_RESEND_WITH_DIFF_SEQ,
    EST_SYNACK_RESEND_WITH_DIFFERENT_ACK,
    EST_SYNACK_TOSERVER,
    FIN1_ACK_WRONG_SEQ,
    FIN1_FIN_WRONG_SEQ,
    FIN1_INVALID_ACK,
    FIN2_ACK_WRONG_SEQ,
    FIN2_FIN_WRONG_SEQ,
    FIN2_INVALID_ACK,
    FIN_BUT_NO_SESSION,
    FIN_INVALID_ACK,
    FIN_OUT_OF_WINDOW,
    FIN_SYN,
    LASTACK_ACK_WRONG_SEQ,
    LASTACK_INVALID_ACK,
    PKT_BAD_WINDOW_UPDATE,
    PKT_BROKEN_ACK,
    PKT_INVALID_ACK,
    PKT_INVALID_TIMESTAMP,
    PKT_RETRANSMISSION,
    PKT_SPURIOUS_RETRANSMISSION,
    REASSEMBLY_DEPTH_REACHED,
    REASSEMBLY_OVERLAP_DIFFERENT_DATA,
    REASSEMBLY_SEQ_GAP,
    RST_BUT_NO_SESSION,
    RST_INVALID_ACK,
    RST_WITH_DATA,
    SHUTDOWN_SYN_RESEND,
    SUSPECTED_RST_INJECT,
    TIMEWAIT_ACK_WRONG_SEQ,
    TIMEWAIT_INVALID_ACK;

    /** Bits of those that a SYN may raise, or a segment without payload that is of no session. */
    public static final long OUTSIDE_SESSIONS;

    private static final Map<String, StreamEvent> BY_WORD = new HashMap<>();

    static {
        long outside = PKT_BROKEN_ACK.bit() | FIN_BUT_NO_SESSION.bit() | RST_BUT_NO_SESSION.bit();
        for (StreamEvent event : values()) {
            if (event.name().contains("SYN")) {
                outside |= event.bit();
            }
            String word = event.name().toLowerCase(Locale.ROOT);
            BY_WORD.put(word.startsWith("_") ? word.substring(1) : word, event);
        }
        OUTSIDE_SESSIONS = outside;
    }

    /** The event of a rule's word, or null. */
    public static StreamEvent of(String word) {
        return BY_WORD.get(word.toLowerCase(Locale.ROOT));
    }

    /** Its bit in {@code TcpSession.events}. */
    public long bit() {
        return 1L << ordinal();
    }
}
