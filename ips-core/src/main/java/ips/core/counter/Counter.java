package ips.core.counter;

import java.util.Locale;

/**
 * Everything the sensor counts, one line each. The name in lower case with dashes is the name in
 * metrics, reports and docs.
 */
public enum Counter {
    // Frames, as the capture thread sees them: received = processed + lost.
    /** Frames handed to the engine by its frame source. */
    FRAMES_RECEIVED,
    /** Bytes of those frames as captured. */
    BYTES_RECEIVED,
    /** Frames whose bytes were cut to fit a slot of the ring. */
    FRAMES_TRUNCATED_BY_RING,
    /** Frames that the kernel or the driver had no room for, as the source reports them. */
    FRAMES_LOST_BY_KERNEL,
    /** Frames that a source skipped because their record was broken. */
    FRAMES_LOST_BY_SOURCE,
    /**
     * Times the time of a frame lay so far behind its predecessor's that the clock was set back.
     */
    TIME_SET_BACK,

    // Workers; a frame is processed by the owner of its source.
    /** Frames that went through the pipeline. */
    FRAMES_PROCESSED,
    /** IPv4 packets, fragments included; like those below, of the innermost tunnel only. */
    PACKETS_IPV4,
    /** IPv6 packets, fragments included. */
    PACKETS_IPV6,
    /** TCP segments with a whole header. */
    PACKETS_TCP,
    /** UDP datagrams with a whole header. */
    PACKETS_UDP,
    /** ICMP messages. */
    PACKETS_ICMP,
    /** ICMPv6 messages. */
    PACKETS_ICMPV6,
    /** Frames of banned sources, within the ban's scope. */
    FRAMES_BLOCKED,
    /** Frames given up because of an error of the sensor's own; always a bug. */
    WORKER_ERRORS,

    // Decoding: frames that carry no readable IP packet.
    /** Frames of a link type that is not decoded. */
    UNSUPPORTED_LINK_TYPE,
    /** Link-layer headers cut short: Ethernet, Linux cooked, BSD loopback, PPPoE. */
    LINK_HEADER_TRUNCATED,
    /** VLAN tags cut short. */
    VLAN_TRUNCATED,
    /** Frames with more VLAN tags or MPLS labels than are followed. */
    LINK_TAGS_TOO_MANY,
    /** MPLS labels cut short. */
    MPLS_TRUNCATED,
    /** ARP frames. */
    ARP,
    /** Frames of other protocols than IP and ARP, 802.3 frames with a length among them. */
    NOT_IP,

    // Decoding: IP headers.
    /** Frames of which the capture's snap length left out bytes that were needed. */
    CUT_BY_SNAP_LENGTH,
    /** IPv4 headers cut short. */
    IPV4_HEADER_TRUNCATED,
    /** Packets announced as IPv4 whose version field is not 4. */
    IPV4_BAD_VERSION,
    /** IPv4 headers with a header length under 20 bytes. */
    IPV4_BAD_HEADER_LENGTH,
    /** IPv4 headers with a total length shorter than the header. */
    IPV4_BAD_TOTAL_LENGTH,
    /** IPv4 headers with total length 0, as before segmentation by a network card. */
    IPV4_TOTAL_LENGTH_ZERO,
    /** IPv4 packets that end behind the frame on the wire. */
    IPV4_BEYOND_FRAME,
    /** IPv4 header checksums found wrong. */
    IPV4_CHECKSUM_WRONG,
    /** IPv6 headers cut short. */
    IPV6_HEADER_TRUNCATED,
    /** Packets announced as IPv6 whose version field is not 6. */
    IPV6_BAD_VERSION,
    /** IPv6 packets that end behind the frame on the wire. */
    IPV6_BEYOND_FRAME,
    /** IPv6 packets with an IPv4-mapped source or destination, which no host can have. */
    IPV6_MAPPED_ADDRESS,
    /** IPv6 extension headers cut short. */
    IPV6_EXTENSION_TRUNCATED,
    /** IPv6 packets with more extension headers than are followed. */
    IPV6_EXTENSIONS_TOO_MANY,
    /** Packets from a multicast or broadcast address, which no host can have. */
    SOURCE_IS_MULTICAST,
    /** Packets from a loopback address to another than a loopback address. */
    SOURCE_IS_LOOPBACK,
    /** Packets from an address to itself, other than on the loopback network (land attack). */
    SOURCE_IS_DESTINATION,
    /** Tunnels taken off a packet (IP in IP, GRE, VXLAN). */
    TUNNELS_TAKEN_OFF,
    /** Tunnels whose contents are no readable IP packet; the outer packet stands. */
    TUNNEL_UNREADABLE,
    /** Packets with more tunnels in each other than are taken off. */
    TUNNELS_TOO_DEEP,

    // Decoding: transport headers.
    /** TCP headers cut short. */
    TCP_HEADER_TRUNCATED,
    /** TCP headers with a data offset under 20 bytes or behind the end of the packet. */
    TCP_BAD_OFFSET,
    /** TCP checksums found wrong. */
    TCP_CHECKSUM_WRONG,
    /** UDP headers cut short. */
    UDP_HEADER_TRUNCATED,
    /** UDP headers with a length under 8 bytes or behind the end of the packet. */
    UDP_BAD_LENGTH,
    /** UDP checksums found wrong. */
    UDP_CHECKSUM_WRONG,
    /** ICMP and ICMPv6 headers cut short. */
    ICMP_HEADER_TRUNCATED,
    /** ICMP and ICMPv6 checksums found wrong. */
    ICMP_CHECKSUM_WRONG,
    /** ICMP errors whose quoted packet is not readable. */
    ICMP_QUOTE_UNREADABLE,

    // Fragments.
    /** Packets reassembled from fragments. */
    FRAGMENTED_PACKETS_COMPLETED,
    /** Incomplete packets given up because time ran out. */
    FRAGMENTED_PACKETS_EXPIRED,
    /** Incomplete packets given up to make room for others. */
    FRAGMENTED_PACKETS_EVICTED,
    /** Fragments that came again with the same bytes. */
    FRAGMENT_DUPLICATE,
    /** Fragments that overlap others or contradict where the packet ends (teardrop). */
    FRAGMENT_OVERLAP,
    /** Fragments that split a transport header, or are empty. */
    FRAGMENT_TINY,
    /** Fragments that end behind the longest packet there can be (ping of death). */
    FRAGMENT_OVERSIZED,
    /** Fragments other than the last whose length is no multiple of eight. */
    FRAGMENT_BAD_LENGTH,

    // Tables of sources, connections and destinations: what they had no room for.
    /** Sources forgotten before their time to make room for busier ones. */
    SOURCES_EVICTED,
    /** Packets of sources that the source table had no room for. */
    SOURCE_PACKETS_WITHOUT_RECORD,
    /** Connections forgotten before their time to make room for new ones. */
    CONNECTIONS_EVICTED,
    /** Those among them that were established. */
    CONNECTIONS_EVICTED_ESTABLISHED,
    /** Attempts judged before their grace was over, for too many were waiting. */
    ATTEMPTS_DECIDED_EARLY,
    /** Attempts never judged, for too many were waiting. */
    ATTEMPTS_UNDECIDED,
    /** Destinations whose counts of the current slice were lost to make room for others. */
    DESTINATIONS_EVICTED,

    // Detectors.
    /** Campaigns closed early because a detector had too many under way. */
    CAMPAIGNS_EVICTED,
    /** Packets that would have opened a campaign, but for too many closed early already. */
    CAMPAIGNS_WITHOUT_ROOM,
    /** Records of who probed whom that made way for others before their time. */
    PROBE_RECORDS_EVICTED,
    /** TCP segments without any flag. */
    FLAGS_NULL,
    /** TCP segments with FIN alone that end no connection known. */
    FLAGS_FIN_ONLY,
    /** TCP segments with PSH or URG and neither SYN, ACK nor RST, or with all six flags. */
    FLAGS_XMAS,
    /** TCP segments with SYN and FIN or RST, but not all six flags. */
    FLAGS_SYN_FIN,
    /** First segments with odd flags that raised no alert because too many sources sent one. */
    FLAG_ALERTS_WITHHELD,

    // Payloads.

    // Rules.
    /** Alerts of rules. */
    RULE_ALERTS,
    /** Buffers that rules could not have for messages, their memory being used up. */
    RULE_BUFFERS_REFUSED,
    /** HTTP bodies that rules looked at and that are not compressed as they say. */
    RULE_BODIES_BROKEN,
    /** Searches of rules' expressions given up because they took too many steps. */
    RULE_EXPRESSION_LIMITS,

    // TCP streams.
    /** TCP streams begun. */
    STREAMS_OPENED,
    /** TCP streams given up to make room for others. */
    STREAMS_EVICTED,
    /** TCP streams whose bytes held out of order were told early, with gaps, to make room. */
    STREAMS_FLUSHED,
    /** TCP segments held because bytes before them had not come. */
    STREAM_SEGMENTS_HELD,
    /** TCP segments for which there was no room. */
    STREAM_SEGMENTS_NOT_HELD,
    /** TCP segments that began with bytes seen before: repeated, overlapping or kept alive. */
    STREAM_SEGMENTS_REPEATED,
    /** TCP segments too far from those expected to belong to the stream. */
    STREAM_SEGMENTS_OUTSIDE,
    /** TCP segments that the receiver may have discarded: decoys, above all. */
    STREAM_SEGMENTS_DOUBTFUL,
    /** Bytes of such segments that the receiver acknowledged though no others came for them. */
    STREAM_DOUBTFUL_BYTES_USED,
    /** TCP segments whose bytes differ from others seen for the same sequence numbers. */
    STREAM_OVERLAP_CONFLICTS,
    /** Holes in TCP streams that were never filled. */
    STREAM_GAPS,
    /** Bytes of those holes. */
    STREAM_GAP_BYTES,
    /** TCP resets that do not fit their stream, or were followed by more of it. */
    STREAM_RESETS_IGNORED,

    // HTTP.
    /** HTTP requests read. */
    HTTP_REQUESTS,
    /** HTTP responses read. */
    HTTP_RESPONSES,
    /** HTTP messages whose length proxies and servers may understand differently. */
    HTTP_SMUGGLING,
    /** HTTP heads that were read in pieces, for lack of room or because they are too long. */
    HTTP_HEADS_CUT,
    /** Lines on HTTP connections where a message should begin and none does. */
    HTTP_LINES_BROKEN,
    /** HTTP headers without a colon. */
    HTTP_HEADERS_BROKEN,
    /** HTTP headers continued on the next line. */
    HTTP_HEADERS_FOLDED,
    /** HTTP headers not looked at because their message has too many. */
    HTTP_HEADERS_TOO_MANY,
    /** HTTP bodies whose chunks cannot be told apart. */
    HTTP_CHUNKS_BROKEN,
    /** HTTP/2 connections without TLS, which are not read. */
    HTTP_2_PREFACES,
    /** HTTP connections that became something else: CONNECT, Upgrade. */
    HTTP_TUNNELS,
    /** HTTP connections that were read no further because of broken lines. */
    HTTP_STREAMS_GIVEN_UP,
    /** HTTP bodies of which only the beginning was looked at. */
    HTTP_BODIES_CUT,
    /** HTTP bodies that are not compressed as they say. */
    HTTP_BODIES_BROKEN,

    // Block manager.
    /** Destinations whose counts over all workers were forgotten early, for lack of room. */
    DESTINATION_FLOODS_EVICTED,
    /** Reports that workers raised and the block manager will take. */
    VERDICTS_RAISED,
    /** Reports that found no room in the queue to the block manager. */
    VERDICTS_LOST,
    /** Campaigns begun. */
    DETECTIONS,
    /** Campaigns let go before their end because too many went on at once. */
    DETECTIONS_EVICTED,
    /** Bans begun, manual ones included. */
    BANS,
    /** Bans of an earlier run that were found in force. */
    BANS_RESTORED,
    /** Times a standing ban was prolonged. */
    BANS_PROLONGED,
    /** Bans that ran out. */
    BANS_EXPIRED,
    /** Bans ended by hand. */
    BANS_LIFTED,
    /** Bans ended because the table was full. */
    BANS_EVICTED,
    /** Bans ended because their address turned out to be protected, or forged. */
    BANS_REVOKED,
    /** Verdicts without a ban because the address must never be banned. */
    SPARED_NEVER_BAN,
    /** Verdicts without a ban because of the allowlist. */
    SPARED_ALLOWLIST,
    /** Verdicts without a ban because the ban budget was used up. */
    SPARED_BUDGET,
    /** Verdicts without a ban because their sources are taken for forged. */
    SPARED_SPOOFED,
    /** Exceptions that an enforcer threw. */
    ENFORCER_ERRORS,
    /** Exceptions that a block listener threw. */
    LISTENER_ERRORS,

    // Outputs.
    /** Frames of alerts that were not written: too many at once, or no room on the disk. */
    ALERT_FRAMES_LOST,
    /** Messages to syslog that could not be sent. */
    SYSLOG_LOST,
    /** Lines of {@code blocked_ips.log} and EVE that could not be written. */
    LOG_LINES_LOST;

    private final String label;

    Counter() {
        label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name in metrics, reports and docs: {@code frames-received}. */
    public String label() {
        return label;
    }
}
