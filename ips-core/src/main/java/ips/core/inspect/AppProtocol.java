package ips.core.inspect;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Application protocols that rules may name. */
public enum AppProtocol {
    UNKNOWN,
    FAILED,
    HTTP,
    TLS,
    SSH,
    SMTP,
    FTP,
    FTP_DATA,
    DNS,
    SMB,
    DHCP,
    NTP,
    SNMP,
    TFTP,
    SIP,
    IMAP,
    POP3,
    RDP,
    RFB,
    KRB5,
    MQTT,
    IKE,
    NFS,
    MODBUS,
    DNP3,
    ENIP,
    DCERPC,
    QUIC,
    TELNET,
    HTTP2,
    BITTORRENT_DHT,
    PGSQL,
    LDAP,
    WEBSOCKET;

    /** Names that rules may use, of protocols that no traffic is recognised as. */
    private static final Set<AppProtocol> NAMES_ALONE =
            EnumSet.of(
                    RDP,
                    RFB,
                    KRB5,
                    MQTT,
                    NFS,
                    ENIP,
                    DCERPC,
                    QUIC,
                    TELNET,
                    BITTORRENT_DHT,
                    PGSQL,
                    LDAP,
                    WEBSOCKET);

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As rules and EVE write it. */
    public String word() {
        return word;
    }

    /** Whether traffic is recognised as this protocol. */
    public boolean isRecognised() {
        return !NAMES_ALONE.contains(this);
    }

    /** The protocol of a rule's word, or null. */
    public static AppProtocol of(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        for (AppProtocol protocol : values()) {
            if (protocol.word.equals(wanted)) {
                return protocol;
            }
        }
        return switch (wanted) {
            case "http1" -> HTTP;
            case "ssl" -> TLS;
            case "ikev1", "ikev2" -> IKE;
            case "krb" -> KRB5;
            default -> null;
        };
    }
}
