package ips.core.counter;

import java.util.Locale;

/**
 * Everything the sensor counts, with what it is in a sentence. The name in lower case with dashes
 * is the name in metrics, reports and docs.
 */
public enum Counter {
    // Frames, as the capture thread sees them: received = processed + lost.
    FRAMES_RECEIVED("Frames handed to the engine by its frame source."),
    BYTES_RECEIVED("Bytes of the frames received, as captured."),
    FRAMES_TRUNCATED_BY_RING("Frames whose bytes were cut to fit a slot of the ring."),
    FRAMES_LOST_BY_KERNEL(
            "Frames that the kernel or the driver had no room for, as the source reports them."),
    FRAMES_LOST_BY_SOURCE("Frames that a source skipped because their record was broken."),
    TIME_SET_BACK(
            "Times the time of a frame lay so far behind its predecessor's that the clock was set back."),

    // Workers; a frame is processed by the owner of its source.
    FRAMES_PROCESSED("Frames that went through the pipeline."),
    FRAMES_SEEN_BEFORE(
            "Frames that show a packet once more, as on both sides of a router; counted once."),
    PACKETS_IPV4("IPv4 packets of the innermost tunnel, fragments included."),
    PACKETS_IPV6("IPv6 packets of the innermost tunnel, fragments included."),
    PACKETS_TCP("TCP segments with a whole header."),
    PACKETS_UDP("UDP datagrams with a whole header."),
    PACKETS_ICMP("ICMP messages."),
    PACKETS_ICMPV6("ICMPv6 messages."),
    FRAMES_BLOCKED("Frames of banned sources, within the ban's scope."),
    WORKER_ERRORS("Frames given up because of an error of the sensor's own; always a bug."),

    // Decoding: frames that carry no readable IP packet.
    UNSUPPORTED_LINK_TYPE("Frames of a link type that is not decoded."),
    LINK_HEADER_TRUNCATED(
            "Link-layer headers cut short: Ethernet, Linux cooked, BSD loopback, PPPoE."),
    VLAN_TRUNCATED("VLAN tags cut short."),
    LINK_TAGS_TOO_MANY("Frames with more VLAN tags or MPLS labels than are followed."),
    MPLS_TRUNCATED("MPLS labels cut short."),
    ARP("ARP frames."),
    NOT_IP("Frames of other protocols than IP and ARP, 802.3 frames with a length among them."),

    // Decoding: IP headers.
    CUT_BY_SNAP_LENGTH(
            "Frames of which the capture's snap length left out bytes that were needed."),
    IPV4_HEADER_TRUNCATED("IPv4 headers cut short."),
    IPV4_BAD_VERSION("Packets announced as IPv4 whose version field is not 4."),
    IPV4_BAD_HEADER_LENGTH("IPv4 headers with a header length under 20 bytes."),
    IPV4_BAD_TOTAL_LENGTH("IPv4 headers with a total length shorter than the header."),
    IPV4_TOTAL_LENGTH_ZERO(
            "IPv4 headers with total length 0, as before segmentation by a network card."),
    IPV4_BEYOND_FRAME("IPv4 packets that end behind the frame on the wire."),
    IPV4_CHECKSUM_WRONG("IPv4 header checksums found wrong."),
    IPV6_HEADER_TRUNCATED("IPv6 headers cut short."),
    IPV6_BAD_VERSION("Packets announced as IPv6 whose version field is not 6."),
    IPV6_BEYOND_FRAME("IPv6 packets that end behind the frame on the wire."),
    IPV6_MAPPED_ADDRESS(
            "IPv6 packets with an IPv4-mapped source or destination, which no host can have."),
    IPV6_EXTENSION_TRUNCATED("IPv6 extension headers cut short."),
    IPV6_EXTENSIONS_TOO_MANY("IPv6 packets with more extension headers than are followed."),
    SOURCE_IS_MULTICAST("Packets from a multicast or broadcast address, which no host can have."),
    SOURCE_IS_LOOPBACK("Packets from a loopback address to another than a loopback address."),
    SOURCE_IS_DESTINATION(
            "Packets from an address to itself, other than on the loopback network (land attack)."),
    TUNNELS_TAKEN_OFF("Tunnels taken off a packet (IP in IP, GRE, VXLAN)."),
    TUNNEL_UNREADABLE("Tunnels whose contents are no readable IP packet; the outer packet stands."),
    TUNNELS_TOO_DEEP("Packets with more tunnels in each other than are taken off."),

    // Decoding: transport headers.
    TCP_HEADER_TRUNCATED("TCP headers cut short."),
    TCP_BAD_OFFSET(
            "TCP headers with a data offset under 20 bytes or behind the end of the packet."),
    TCP_CHECKSUM_WRONG("TCP checksums found wrong."),
    UDP_HEADER_TRUNCATED("UDP headers cut short."),
    UDP_BAD_LENGTH("UDP headers with a length under 8 bytes or behind the end of the packet."),
    UDP_CHECKSUM_WRONG("UDP checksums found wrong."),
    ICMP_HEADER_TRUNCATED("ICMP and ICMPv6 headers cut short."),
    ICMP_CHECKSUM_WRONG("ICMP and ICMPv6 checksums found wrong."),
    ICMP_QUOTE_UNREADABLE("ICMP errors whose quoted packet is not readable."),

    // Fragments.
    FRAGMENTED_PACKETS_COMPLETED("Packets reassembled from fragments."),
    FRAGMENTED_PACKETS_EXPIRED("Incomplete packets given up because time ran out."),
    FRAGMENTED_PACKETS_EVICTED("Incomplete packets given up to make room for others."),
    FRAGMENT_DUPLICATE("Fragments that came again with the same bytes."),
    FRAGMENT_OVERLAP(
            "Fragments that overlap others or contradict where the packet ends (teardrop)."),
    FRAGMENT_TINY("Fragments that split a transport header, or are empty."),
    FRAGMENT_OVERSIZED(
            "Fragments that end behind the longest packet there can be (ping of death)."),
    FRAGMENT_BAD_LENGTH("Fragments other than the last whose length is no multiple of eight."),

    // Tables of sources, connections and destinations: what they had no room for.
    SOURCES_EVICTED("Sources forgotten before their time to make room for busier ones."),
    SOURCE_PACKETS_WITHOUT_RECORD("Packets of sources that the source table had no room for."),
    CONNECTIONS_EVICTED("Connections forgotten before their time to make room for new ones."),
    CONNECTIONS_EVICTED_ESTABLISHED(
            "Established connections forgotten before their time to make room for new ones."),
    ATTEMPTS_DECIDED_EARLY(
            "Attempts judged before their grace was over, for too many were waiting."),
    ATTEMPTS_UNDECIDED("Attempts never judged, for too many were waiting."),
    DESTINATIONS_EVICTED(
            "Destinations whose counts of the current slice were lost to make room for others."),

    // Detectors.
    CAMPAIGNS_EVICTED("Campaigns closed early because a detector had too many under way."),
    CAMPAIGNS_WITHOUT_ROOM(
            "Packets that would have opened a campaign, but for too many closed early already."),
    PROBE_RECORDS_EVICTED("Records of who probed whom that made way for others before their time."),
    FLAGS_NULL("TCP segments without any flag."),
    FLAGS_FIN_ONLY("TCP segments with FIN alone that end no connection known."),
    FLAGS_XMAS("TCP segments with PSH or URG and neither SYN, ACK nor RST, or with all six flags."),
    FLAGS_SYN_FIN("TCP segments with SYN and FIN or RST, but not all six flags."),
    FLAG_ALERTS_WITHHELD(
            "First segments with odd flags that raised no alert because too many sources sent one."),

    // Rules.
    RULE_ALERTS("Alerts of rules."),
    RULE_BUFFERS_REFUSED(
            "Buffers that rules could not have for messages, their memory being used up."),
    RULE_BODIES_BROKEN("HTTP bodies that rules looked at and that are not compressed as they say."),
    RULE_EXPRESSION_LIMITS(
            "Searches of rules' expressions given up because they took too many steps."),

    // TCP streams.
    STREAMS_OPENED("TCP streams begun."),
    STREAMS_EVICTED("TCP streams given up to make room for others."),
    STREAMS_FLUSHED(
            "TCP streams whose bytes held out of order were told early, with gaps, to make room."),
    STREAM_SEGMENTS_HELD("TCP segments held because bytes before them had not come."),
    STREAM_SEGMENTS_NOT_HELD("TCP segments for which there was no room."),
    STREAM_SEGMENTS_REPEATED(
            "TCP segments that began with bytes seen before: repeated, overlapping or kept alive."),
    STREAM_SEGMENTS_OUTSIDE("TCP segments too far from those expected to belong to the stream."),
    STREAM_SEGMENTS_DOUBTFUL(
            "TCP segments that the receiver may have discarded: decoys, above all."),
    STREAM_DOUBTFUL_BYTES_USED(
            "Bytes of doubtful TCP segments that the receiver acknowledged, for no others came for them."),
    STREAM_OVERLAP_CONFLICTS(
            "TCP segments whose bytes differ from others seen for the same sequence numbers."),
    STREAM_GAPS("Holes in TCP streams that were never filled."),
    STREAM_GAP_BYTES("Bytes of holes in TCP streams that were never filled."),
    STREAM_RESETS_IGNORED(
            "TCP resets that do not fit their stream, or were followed by more of it."),

    // HTTP.
    HTTP_REQUESTS("HTTP requests read."),
    HTTP_RESPONSES("HTTP responses read."),
    HTTP_SMUGGLING("HTTP messages whose length proxies and servers may understand differently."),
    HTTP_HEADS_CUT(
            "HTTP heads that were read in pieces, for lack of room or because they are too long."),
    HTTP_LINES_BROKEN("Lines on HTTP connections where a message should begin and none does."),
    HTTP_HEADERS_BROKEN("HTTP headers without a colon."),
    HTTP_HEADERS_FOLDED("HTTP headers continued on the next line."),
    HTTP_HEADERS_TOO_MANY("HTTP headers not looked at because their message has too many."),
    HTTP_CHUNKS_BROKEN("HTTP bodies whose chunks cannot be told apart."),
    HTTP_2_PREFACES("HTTP/2 connections without TLS, which are not read."),
    HTTP_TUNNELS("HTTP connections that became something else: CONNECT, Upgrade."),
    HTTP_STREAMS_GIVEN_UP("HTTP connections that were read no further because of broken lines."),
    HTTP_BODIES_CUT("HTTP bodies of which only the beginning was looked at."),
    HTTP_BODIES_BROKEN("HTTP bodies that are not compressed as they say."),

    // Block manager.
    DESTINATION_FLOODS_EVICTED(
            "Destinations whose counts over all workers were forgotten early, for lack of room."),
    VERDICTS_RAISED("Reports that workers raised and the block manager will take."),
    VERDICTS_LOST("Reports that found no room in the queue to the block manager."),
    DETECTIONS("Campaigns begun."),
    DETECTIONS_EVICTED("Campaigns let go before their end because too many went on at once."),
    BANS("Bans begun, manual ones included."),
    BANS_RESTORED("Bans of an earlier run that were found in force."),
    BANS_PROLONGED("Times a standing ban was prolonged."),
    BANS_EXPIRED("Bans that ran out."),
    BANS_LIFTED("Bans ended by hand."),
    BANS_EVICTED("Bans ended because the table was full."),
    BANS_REVOKED("Bans ended because their address turned out to be protected, or forged."),
    SPARED_NEVER_BAN("Verdicts without a ban because the address must never be banned."),
    SPARED_ALLOWLIST("Verdicts without a ban because of the allowlist."),
    SPARED_BUDGET("Verdicts without a ban because the ban budget was used up."),
    SPARED_SPOOFED("Verdicts without a ban because their sources are taken for forged."),
    ENFORCER_ERRORS("Exceptions that an enforcer threw."),
    LISTENER_ERRORS("Exceptions that a block listener threw."),

    // Outputs.
    ALERT_FRAMES_LOST(
            "Frames of alerts that were not written: too many at once, or no room on the disk."),
    SYSLOG_LOST("Messages to syslog that could not be sent."),
    LOG_LINES_LOST("Lines of blocked_ips.log and EVE that could not be written.");

    private final String label;
    private final String help;

    /**
     * @param help a sentence on what is counted
     */
    Counter(String help) {
        this.help = help;
        label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name in metrics, reports and docs: {@code frames-received}. */
    public String label() {
        return label;
    }

    /** What is counted, as metrics say it. */
    public String help() {
        return help;
    }
}
