package ips.core.rule.keyword;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why Suricata's other keywords are refused. */
public final class UnsupportedKeywords {
    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    static {
        notRead(
                "DCERPC",
                "dce_iface",
                "dce_opnum",
                "dce_stub_data",
                "dcerpc.iface",
                "dcerpc.opnum",
                "dcerpc.stub_data");
        notRead("SMB", "smb.named_pipe", "smb.ntlmssp_domain", "smb.ntlmssp_user", "smb.share");
        notRead(
                "Kerberos",
                "krb5.cname",
                "krb5.sname",
                "krb5.ticket_encryption",
                "krb5_err_code",
                "krb5_msg_type");
        notRead(
                "MQTT",
                "mqtt.connack.session_present",
                "mqtt.connect.clientid",
                "mqtt.connect.flags",
                "mqtt.connect.password",
                "mqtt.connect.username",
                "mqtt.connect.willmessage",
                "mqtt.connect.willtopic",
                "mqtt.flags",
                "mqtt.protocol_version",
                "mqtt.publish.message",
                "mqtt.publish.topic",
                "mqtt.qos",
                "mqtt.reason_code",
                "mqtt.subscribe.topic",
                "mqtt.type",
                "mqtt.unsubscribe.topic");
        notRead("Modbus", "modbus");
        notRead("NFS", "nfs.version", "nfs_procedure");
        notRead("RFB", "rfb.name", "rfb.secresult", "rfb.sectype");
        notRead("RPC", "rpc");
        notRead(
                "SIP",
                "sip.method",
                "sip.protocol",
                "sip.request_line",
                "sip.response_line",
                "sip.stat_code",
                "sip.stat_msg",
                "sip.uri");
        notRead("SNMP", "snmp.community", "snmp.pdu_type", "snmp.usm", "snmp.version");
        notRead("QUIC", "quic.cyu.hash", "quic.cyu.string", "quic.sni", "quic.ua", "quic.version");
        notRead(
                "IKE",
                "ike.chosen_sa_attribute",
                "ike.exchtype",
                "ike.init_spi",
                "ike.key_exchange_payload",
                "ike.key_exchange_payload_length",
                "ike.nonce_payload",
                "ike.nonce_payload_length",
                "ike.resp_spi",
                "ike.vendor");
        notRead("DHCP", "dhcp.leasetime", "dhcp.rebinding_time", "dhcp.renewal_time");
        notRead("DNP3", "dnp3.data", "dnp3_func", "dnp3_ind", "dnp3_obj");
        notRead("EtherNet/IP", "cip_service", "enip_command");
        notRead(
                "HTTP/2",
                "http2.errorcode",
                "http2.frametype",
                "http2.header_name",
                "http2.priority",
                "http2.settings",
                "http2.size_update",
                "http2.window");
        REASONS.put("ja4.hash", "this fingerprint is not made; ja3.hash is");
        REASONS.put("template2", "a template for those who write keywords");
        REASONS.put("iprep", "no lists of reputation are read; datarep reads one");
        REASONS.put("geoip", "it is not known which country an address is in");
        REASONS.put("lua", "no scripts are run");
        REASONS.put("frame", "messages are looked at by their buffers, not as frames");
        REASONS.put("flowvar", "what an expression captured is not kept");
        REASONS.put("pktvar", "what an expression captured is not kept");
    }

    private UnsupportedKeywords() {}

    private static void notRead(String protocol, String... words) {
        for (String word : words) {
            REASONS.put(word, protocol + " is not read");
        }
    }

    /** What to say of a word that is no keyword here. */
    public static String reason(String word) {
        String why = why(word);
        return why == null ? "unknown keyword" : "not supported: " + why;
    }

    /** Whether a word is a keyword of Suricata's. */
    public static boolean isKnown(String word) {
        return why(word) != null;
    }

    private static String why(String word) {
        return REASONS.get(word);
    }
}
