package ips.core.rule.keyword;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why Suricata's other keywords are refused. */
public final class UnsupportedKeywords {
    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    static {
        notRead("DCERPC", "dcerpc.", "dce_");
        notRead("SMB", "smb.");
        notRead("Kerberos", "krb5");
        notRead("MQTT", "mqtt.");
        notRead("Modbus", "modbus");
        notRead("NFS", "nfs");
        notRead("RFB", "rfb.");
        notRead("RPC", "rpc");
        notRead("SIP", "sip.");
        notRead("SNMP", "snmp.");
        notRead("QUIC", "quic.");
        notRead("IKE", "ike.");
        notRead("DHCP", "dhcp.");
        notRead("DNP3", "dnp3");
        notRead("EtherNet/IP", "enip_", "cip_");
        notRead("HTTP/2", "http2.");
        REASONS.put("ja4.", "this fingerprint is not made; ja3.hash is");
        REASONS.put("template2", "a template for those who write keywords");
        REASONS.put("iprep", "no lists of reputation are read; datarep reads one");
        REASONS.put("geoip", "it is not known which country an address is in");
        REASONS.put("lua", "no scripts are run");
        REASONS.put("frame", "messages are looked at by their buffers, not as frames");
        REASONS.put("flowvar", "what an expression captured is not kept");
        REASONS.put("pktvar", "what an expression captured is not kept");
    }

    private UnsupportedKeywords() {}

    private static void notRead(String protocol, String... beginnings) {
        for (String beginning : beginnings) {
            REASONS.put(beginning, protocol + " is not read");
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
        for (Map.Entry<String, String> each : REASONS.entrySet()) {
            if (word.startsWith(each.getKey())) {
                return each.getValue();
            }
        }
        return null;
    }
}
