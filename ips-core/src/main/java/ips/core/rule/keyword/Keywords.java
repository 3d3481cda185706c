package ips.core.rule.keyword;

import ips.core.inspect.AppValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The keywords of the rule language: one line each. */
public final class Keywords {
    private static final Map<String, Keyword> ALL = new TreeMap<>();
    private static final Map<Buffer, String> BUFFERS = new EnumMap<>(Buffer.class);

    static {
        ALL.put("msg", InfoKeywords::msg);
        ALL.put("sid", InfoKeywords::sid);
        ALL.put("gid", InfoKeywords::gid);
        ALL.put("rev", InfoKeywords::rev);
        ALL.put("classtype", InfoKeywords::classtype);
        ALL.put("priority", InfoKeywords::priority);
        ALL.put("reference", InfoKeywords::reference);
        ALL.put("metadata", InfoKeywords::metadata);
        ALL.put("noalert", InfoKeywords::noalert);
        ALL.put("alert", (value, draft) -> RuleDraft.none(value));
        ALL.put("target", InfoKeywords::target);
        ALL.put("tag", InfoKeywords::tag);
        ALL.put("requires", InfoKeywords::requires);
        ALL.put("config", IdleKeywords::config);
        ALL.put("replace", IdleKeywords::replace);
        ALL.put("nfq_set_mark", IdleKeywords::mark);
        ALL.put("rawbytes", ContentKeyword::rawbytes);

        ALL.put("content", ContentKeyword::content);
        ALL.put("uricontent", ContentKeyword::uricontent);
        ALL.put("nocase", ContentKeyword::nocase);
        ALL.put("offset", ContentKeyword::offset);
        ALL.put("depth", ContentKeyword::depth);
        ALL.put("distance", ContentKeyword::distance);
        ALL.put("within", ContentKeyword::within);
        ALL.put("startswith", ContentKeyword::startswith);
        ALL.put("endswith", ContentKeyword::endswith);
        ALL.put("fast_pattern", ContentKeyword::fastPattern);
        ALL.put("isdataat", ContentKeyword::dataAt);
        ALL.put("bsize", ContentKeyword::bsize);
        ALL.put("urilen", ContentKeyword::urilen);
        ALL.put("pcre", PcreKeyword::pcre);
        ALL.put("asn1", Asn1Keyword::asn1);
        ALL.put("byte_test", ByteKeywords::test);
        ALL.put("byte_jump", ByteKeywords::jump);
        ALL.put("byte_extract", ByteKeywords::extract);
        ALL.put("byte_math", ByteKeywords::math);

        ALL.put("ttl", IpKeywords::ttl);
        ALL.put("ip_proto", IpKeywords::ipProto);
        ALL.put("l3_proto", IpKeywords::networkProtocol);
        ALL.put("id", IpKeywords::id);
        ALL.put("tos", IpKeywords::tos);
        ALL.put("fragbits", IpKeywords::fragbits);
        ALL.put("fragoffset", IpKeywords::fragoffset);
        ALL.put("ipopts", IpKeywords::ipopts);
        ALL.put("sameip", IpKeywords::sameip);
        ALL.put("vlan.id", IpKeywords::vlanId);
        ALL.put("vlan.layers", IpKeywords::vlanLayers);
        ALL.put("ipv4-csum", IpKeywords.checksum(IpKeywords.Summed.IPV4));
        ALL.put("tcpv4-csum", IpKeywords.checksum(IpKeywords.Summed.TCP4));
        ALL.put("tcpv6-csum", IpKeywords.checksum(IpKeywords.Summed.TCP6));
        ALL.put("udpv4-csum", IpKeywords.checksum(IpKeywords.Summed.UDP4));
        ALL.put("udpv6-csum", IpKeywords.checksum(IpKeywords.Summed.UDP6));
        ALL.put("icmpv4-csum", IpKeywords.checksum(IpKeywords.Summed.ICMP4));
        ALL.put("icmpv6-csum", IpKeywords.checksum(IpKeywords.Summed.ICMP6));

        ALL.put("flags", TransportKeywords::flags);
        ALL.put("tcp.flags", TransportKeywords::flags);
        ALL.put("seq", TransportKeywords::seq);
        ALL.put("tcp.seq", TransportKeywords::seq);
        ALL.put("ack", TransportKeywords::ack);
        ALL.put("tcp.ack", TransportKeywords::ack);
        ALL.put("window", TransportKeywords::window);
        ALL.put("tcp.window", TransportKeywords::window);
        ALL.put("tcp.mss", TransportKeywords::mss);
        ALL.put("tcp.wscale", TransportKeywords::windowScale);
        ALL.put("dsize", TransportKeywords::dsize);
        ALL.put("itype", TransportKeywords::itype);
        ALL.put("icode", TransportKeywords::icode);
        ALL.put("icmp_id", TransportKeywords::icmpId);
        ALL.put("icmp_seq", TransportKeywords::icmpSeq);
        ALL.put("icmpv6.mtu", TransportKeywords::icmpv6Mtu);

        ALL.put("flow", FlowKeyword::flow);
        ALL.put("flowbits", FlowKeywords::flowbits);
        ALL.put("flowint", FlowKeywords::flowint);
        ALL.put("stream_size", FlowKeywords::streamSize);
        ALL.put("flow.age", FlowKeywords::age);
        ALL.put("flow.pkts_toserver", FlowKeywords.counter(flow -> flow.packetsToServer));
        ALL.put("flow.pkts_toclient", FlowKeywords.counter(flow -> flow.packetsToClient));
        ALL.put("flow.bytes_toserver", FlowKeywords.counter(flow -> flow.bytesToServer));
        ALL.put("flow.bytes_toclient", FlowKeywords.counter(flow -> flow.bytesToClient));
        ALL.put(
                "flow.pkts",
                FlowKeywords.counters(flow -> flow.packetsToServer, flow -> flow.packetsToClient));
        ALL.put(
                "flow.bytes",
                FlowKeywords.counters(flow -> flow.bytesToServer, flow -> flow.bytesToClient));
        ALL.put("bypass", FlowKeywords::bypass);
        ALL.put("xbits", HostKeywords::xbits);
        ALL.put("hostbits", HostKeywords::hostbits);

        ALL.put("threshold", AlertKeywords::threshold);
        ALL.put("detection_filter", AlertKeywords::detectionFilter);

        ALL.put("engine-event", EventKeywords::engineEvent);
        ALL.put("decode-event", EventKeywords::decodeEvent);
        ALL.put("stream-event", EventKeywords::streamEvent);
        ALL.put("app-layer-event", EventKeywords::appLayerEvent);
        ALL.put("app-layer-protocol", EventKeywords::appLayerProtocol);
        ALL.put("prefilter", (value, draft) -> RuleDraft.none(value));
        ALL.put("absent", BufferKeywords::absent);

        sticky(Buffer.PAYLOAD, "pkt_data");
        sticky(Buffer.TCP_HEADER, "tcp.hdr");
        sticky(Buffer.UDP_HEADER, "udp.hdr");
        sticky(Buffer.IPV4_HEADER, "ipv4.hdr");
        sticky(Buffer.IPV6_HEADER, "ipv6.hdr");
        sticky(Buffer.ICMPV4_HEADER, "icmpv4.hdr");
        sticky(Buffer.ICMPV6_HEADER, "icmpv6.hdr");
        sticky(Buffer.IP_SOURCE, "ip.src");
        sticky(Buffer.IP_DESTINATION, "ip.dst");
        sticky(Buffer.FILE_DATA, "file.data", "file_data");
        sticky(Buffer.HTTP_URI, "http.uri");
        sticky(Buffer.HTTP_URI_RAW, "http.uri.raw");
        sticky(Buffer.HTTP_METHOD, "http.method");
        sticky(Buffer.HTTP_USER_AGENT, "http.user_agent");
        sticky(Buffer.HTTP_HOST, "http.host");
        sticky(Buffer.HTTP_HOST_RAW, "http.host.raw");
        sticky(Buffer.HTTP_REFERER, "http.referer", "http_referer");
        sticky(Buffer.HTTP_REQUEST_LINE, "http.request_line", "http_request_line");
        sticky(Buffer.HTTP_REQUEST_BODY, "http.request_body");
        sticky(Buffer.HTTP_ACCEPT, "http.accept", "http_accept");
        sticky(Buffer.HTTP_ACCEPT_LANGUAGE, "http.accept_lang", "http_accept_lang");
        sticky(Buffer.HTTP_ACCEPT_ENCODING, "http.accept_enc", "http_accept_enc");
        sticky(Buffer.HTTP_REQUEST_HEADER, "http.request_header", "http_request_header");
        sticky(Buffer.HTTP_RESPONSE_HEADER, "http.response_header", "http_response_header");
        sticky(Buffer.HTTP_HEADER, "http.header");
        sticky(Buffer.HTTP_HEADER_RAW, "http.header.raw");
        sticky(Buffer.HTTP_COOKIE, "http.cookie");
        sticky(Buffer.HTTP_CONTENT_TYPE, "http.content_type", "http_content_type");
        sticky(Buffer.HTTP_CONTENT_LENGTH, "http.content_len", "http_content_len");
        sticky(Buffer.HTTP_CONNECTION, "http.connection", "http_connection");
        sticky(Buffer.HTTP_PROTOCOL, "http.protocol", "http_protocol");
        sticky(Buffer.HTTP_HEADER_NAMES, "http.header_names", "http_header_names");
        sticky(Buffer.HTTP_START, "http.start", "http_start");
        sticky(Buffer.HTTP_STAT_CODE, "http.stat_code");
        sticky(Buffer.HTTP_STAT_MSG, "http.stat_msg");
        sticky(Buffer.HTTP_RESPONSE_LINE, "http.response_line", "http_response_line");
        ALL.put("http.response_body", BufferKeywords.responseBody());
        sticky(Buffer.HTTP_SERVER, "http.server", "http_server");
        sticky(Buffer.HTTP_LOCATION, "http.location", "http_location");

        sticky(Buffer.DNS_QUERY, "dns.query", "dns_query");
        sticky(Buffer.TLS_SNI, "tls.sni", "tls_sni");
        sticky(Buffer.TLS_CERTS, "tls.certs");
        sticky(Buffer.TLS_CERT_SUBJECT, "tls.cert_subject", "tls_cert_subject");
        sticky(Buffer.TLS_CERT_ISSUER, "tls.cert_issuer", "tls_cert_issuer");
        sticky(Buffer.TLS_CERT_SERIAL, "tls.cert_serial", "tls_cert_serial");
        sticky(Buffer.TLS_CERT_FINGERPRINT, "tls.cert_fingerprint", "tls_cert_fingerprint");
        ALL.put("tls.subject", ContentKeyword.within(Buffer.TLS_CERT_SUBJECT));
        ALL.put("tls.issuerdn", ContentKeyword.within(Buffer.TLS_CERT_ISSUER));
        ALL.put("tls.fingerprint", ContentKeyword.within(Buffer.TLS_CERT_FINGERPRINT));

        sticky(Buffer.TLS_RANDOM, "tls.random");
        sticky(Buffer.TLS_RANDOM_TIME, "tls.random_time");
        sticky(Buffer.TLS_RANDOM_BYTES, "tls.random_bytes");
        sticky(Buffer.TLS_JA3_HASH, "ja3.hash", "ja3_hash");
        sticky(Buffer.TLS_JA3_STRING, "ja3.string", "ja3_string");
        sticky(Buffer.TLS_JA3S_HASH, "ja3s.hash");
        sticky(Buffer.TLS_JA3S_STRING, "ja3s.string");
        ALL.put("tls.version", TlsKeywords::version);
        ALL.put("ssl_version", TlsKeywords::versions);
        ALL.put("ssl_state", TlsKeywords::state);
        ALL.put("tls.cert_chain_len", TlsKeywords::chainLength);
        ALL.put("tls_cert_notbefore", TlsKeywords.validity(AppValue.TLS_NOT_BEFORE));
        ALL.put("tls_cert_notafter", TlsKeywords.validity(AppValue.TLS_NOT_AFTER));
        ALL.put("tls_cert_expired", TlsKeywords::expired);
        ALL.put("tls_cert_valid", TlsKeywords::valid);
        ALL.put("tls_store", TlsKeywords::store);

        modifier(Buffer.HTTP_URI, "http_uri");
        modifier(Buffer.HTTP_URI_RAW, "http_raw_uri");
        modifier(Buffer.HTTP_METHOD, "http_method");
        modifier(Buffer.HTTP_USER_AGENT, "http_user_agent");
        modifier(Buffer.HTTP_HOST, "http_host");
        modifier(Buffer.HTTP_HOST_RAW, "http_raw_host");
        modifier(Buffer.HTTP_HEADER, "http_header");
        modifier(Buffer.HTTP_HEADER_RAW, "http_raw_header");
        modifier(Buffer.HTTP_COOKIE, "http_cookie");
        modifier(Buffer.HTTP_REQUEST_BODY, "http_client_body");
        modifier(Buffer.FILE_DATA, "http_server_body");
        modifier(Buffer.HTTP_STAT_CODE, "http_stat_code");
        modifier(Buffer.HTTP_STAT_MSG, "http_stat_msg");

        ALL.put(
                "to_lowercase",
                Transforms.of(Transforms::toLower, "a capital letter", Transforms::upper));
        ALL.put(
                "to_uppercase",
                Transforms.of(Transforms::toUpper, "a small letter", Transforms::lower));
        ALL.put(
                "strip_whitespace",
                Transforms.of(Transforms::stripWhitespace, "white space", Transforms::space));
        ALL.put(
                "compress_whitespace",
                Transforms.of(
                        Transforms::compressWhitespace, "white space twice", Transforms::spaces));
        ALL.put("url_decode", Transforms.of(Transforms::urlDecode));
        ALL.put("dotprefix", Transforms.of(Transforms::dotPrefix));
        ALL.put("header_lowercase", Transforms.of(Transforms::headerLowercase));
        ALL.put("strip_pseudo_headers", Transforms.of(Transforms::stripPseudoHeaders));
        ALL.put("xor", Transforms::xor);
        ALL.put("to_md5", Transforms.hash("MD5"));
        ALL.put("to_sha1", Transforms.hash("SHA-1"));
        ALL.put("to_sha256", Transforms.hash("SHA-256"));
        ALL.put("pcrexform", Transforms::pcrexform);

        ALL.put("base64_decode", Base64Step::decode);
        ALL.put("base64_data", Base64Step::data);
        ALL.put("dataset", DataSetKeywords::dataset);
        ALL.put("datarep", DataSetKeywords::datarep);
        ALL.put("filename", FileKeywords::filename);
        ALL.put("fileext", FileKeywords::fileext);
        ALL.put("filemagic", FileKeywords::fileMagic);
        ALL.put("file.magic", FileKeywords::magic);
        ALL.put("filemd5", FileHashKeywords.of(DataSet.Type.MD5, "MD5"));
        ALL.put("filesha1", FileHashKeywords.of(DataSet.Type.SHA1, "SHA-1"));
        ALL.put("filesha256", FileHashKeywords.of(DataSet.Type.SHA256, "SHA-256"));
        ALL.put("filesize", FileKeywords::filesize);
        ALL.put("filestore", FileKeywords::filestore);
        BUFFERS.put(Buffer.FILE_SIZE, "the file's size");
        BUFFERS.put(Buffer.FILE_WHOLE, "the whole file");
        sticky(Buffer.FILE_NAME, "file.name", "file_name");
        sticky(Buffer.SSH_PROTO, "ssh.proto", "ssh_proto");
        sticky(Buffer.SSH_SOFTWARE, "ssh.software", "ssh_software");
        sticky(Buffer.SSH_HASSH, "ssh.hassh");
        sticky(Buffer.SSH_HASSH_STRING, "ssh.hassh.string");
        sticky(Buffer.SSH_HASSH_SERVER, "ssh.hassh.server");
        sticky(Buffer.SSH_HASSH_SERVER_STRING, "ssh.hassh.server.string");
        ALL.put("ssh.protoversion", TransactionKeywords::sshProtocol);
        ALL.put("ssh.softwareversion", TransactionKeywords::sshSoftware);
        ALL.put("dns.opcode", TransactionKeywords::dnsOpcode);
        ALL.put("ftpbounce", TransactionKeywords::ftpBounce);
        ALL.put("ftpdata_command", TransactionKeywords::ftpDataCommand);
    }

    private Keywords() {}

    private static void sticky(Buffer buffer, String... words) {
        BUFFERS.put(buffer, words[0]);
        for (String word : words) {
            ALL.put(word, BufferKeywords.sticky(buffer));
        }
    }

    private static void modifier(Buffer buffer, String word) {
        ALL.put(word, BufferKeywords.modifier(buffer));
    }

    /** The keyword of a word, or null. */
    public static Keyword of(String word) {
        return ALL.get(word);
    }

    /** The keyword that makes options look at a buffer. */
    public static String word(Buffer buffer) {
        return BUFFERS.get(buffer);
    }

    /** All of them by their words, in alphabetical order. */
    public static Map<String, Keyword> all() {
        return Collections.unmodifiableMap(ALL);
    }
}
