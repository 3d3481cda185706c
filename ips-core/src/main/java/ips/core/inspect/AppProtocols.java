package ips.core.inspect;

/** Tells an application protocol by the first bytes of a direction, and by well-known ports. */
final class AppProtocols {
    // Bytes that tell, or tell that none of the protocols known is spoken.
    static final int ENOUGH_TO_SERVER = 17;
    static final int ENOUGH_TO_CLIENT = 8;

    // Record types of TLS, its major version, and the header of SSL 2's first message.
    private static final int TLS_CHANGE_CIPHER = 0x14;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_DATA = 0x17;
    private static final int TLS_MAJOR = 3;
    private static final int SSL2_HEADER = 0x80;
    private static final int SSL2_CLIENT_HELLO = 1;

    // Ports of servers.
    private static final int FTP = 21;
    private static final int DNS = 53;
    private static final int POP3 = 110;
    private static final int MODBUS = 502;
    private static final int DNP3 = 20_000;

    private AppProtocols() {}

    /**
     * The protocol, {@code UNKNOWN} while more bytes may tell, or {@code FAILED}.
     *
     * @param enough bytes that tell, or tell that it is none of those known
     */
    static AppProtocol ofStream(ByteRange b, int length, boolean toServer, int port, int enough) {
        if (length == 0) {
            return AppProtocol.UNKNOWN;
        }
        AppProtocol told = encrypted(b, length);
        if (told == null) {
            told = toServer ? ofClient(b, length, port) : ofServer(b, length);
        }
        if (told == null) {
            told = ofEither(b, length, port);
        }
        if (told != null) {
            return told;
        }
        return length < enough ? AppProtocol.UNKNOWN : AppProtocol.FAILED;
    }

    /** TLS and SSH, which both sides begin alike; null where it is neither. */
    private static AppProtocol encrypted(ByteRange b, int length) {
        int first = b.at(0) & 0xff;
        boolean old = first == SSL2_HEADER && length > 2 && b.at(2) == SSL2_CLIENT_HELLO;
        if (first == TLS_HANDSHAKE || old) {
            if (length < 3) {
                return AppProtocol.UNKNOWN;
            }
            if (old || b.at(1) == TLS_MAJOR) {
                return AppProtocol.TLS;
            }
        }
        if ((first == TLS_ALERT || first == TLS_CHANGE_CIPHER || first == TLS_DATA)
                && length > 2
                && b.at(1) == TLS_MAJOR
                && b.at(2) <= 4) {
            return AppProtocol.TLS;
        }
        return starts(b, length, "SSH-") ? AppProtocol.SSH : null;
    }

    /** By what a client says first; null where that does not tell. */
    private static AppProtocol ofClient(ByteRange b, int length, int port) {
        for (String method : HttpStarts.METHODS) {
            if (starts(b, length, method)
                    && (length == method.length()
                            || b.at(method.length()) == ' '
                            || b.at(method.length()) == '\t')) {
                return length > method.length() ? AppProtocol.HTTP : AppProtocol.UNKNOWN;
            }
        }
        if (starts(b, length, "PRI * HTTP/2")) {
            return AppProtocol.HTTP2;
        }
        if (startsIgnoringCase(b, length, "EHLO")
                || startsIgnoringCase(b, length, "HELO")
                || startsIgnoringCase(b, length, "QUIT")) {
            return AppProtocol.SMTP;
        }
        if (startsIgnoringCase(b, length, "USER ")
                || startsIgnoringCase(b, length, "FEAT")
                || startsIgnoringCase(b, length, "PASS ")
                || port == FTP && startsIgnoringCase(b, length, "PORT ")) {
            return port == POP3 ? AppProtocol.POP3 : AppProtocol.FTP;
        }
        return null;
    }

    /** By what a server says first; null where that does not tell. */
    private static AppProtocol ofServer(ByteRange b, int length) {
        if (starts(b, length, "HTTP/")) {
            return AppProtocol.HTTP;
        }
        if (starts(b, length, "* OK ")) {
            return AppProtocol.IMAP;
        }
        return starts(b, length, "+OK ") ? AppProtocol.POP3 : null;
    }

    /** By headers that both sides write; null where there is none of them. */
    private static AppProtocol ofEither(ByteRange b, int length, int port) {
        if (length > 8 && b.at(0) == 0 && (b.at(4) & 0xff) >= 0xfe && b.at(5) == 'S') {
            return AppProtocol.SMB;
        }
        if (port == DNS && length >= 14) {
            int size = (b.at(0) & 0xff) << 8 | b.at(1) & 0xff;
            if (size >= 12 && isDns(b, 2, length - 2)) {
                return AppProtocol.DNS;
            }
        }
        if (port == MODBUS && length >= 8 && b.at(2) == 0 && b.at(3) == 0) {
            return AppProtocol.MODBUS;
        }
        boolean dnp3 = port == DNP3 && length >= 2 && b.at(0) == 5 && b.at(1) == 0x64;
        return dnp3 ? AppProtocol.DNP3 : null;
    }

    static AppProtocol ofDatagram(ByteRange b, int length, int server) {
        if (server == DNS && isDns(b, 0, length)) {
            return AppProtocol.DNS;
        }
        if ((server == 67 || server == 68) && length > 240) {
            return AppProtocol.DHCP;
        }
        if (server == 123 && length >= 48) {
            return AppProtocol.NTP;
        }
        if ((server == 161 || server == 162) && length > 2 && b.at(0) == 0x30) {
            return AppProtocol.SNMP;
        }
        if (server == 69 && length > 3 && b.at(0) == 0) {
            return AppProtocol.TFTP;
        }
        if ((server == 500 || server == 4500) && length >= 28) {
            return AppProtocol.IKE;
        }
        if (contains(b, Math.min(length, 256), "SIP/2.0")) {
            return AppProtocol.SIP;
        }
        return AppProtocol.FAILED;
    }

    private static boolean isDns(ByteRange b, int at, int length) {
        if (length < 12) {
            return false;
        }
        int questions = (b.at(at + 4) & 0xff) << 8 | b.at(at + 5) & 0xff;
        int answers = (b.at(at + 6) & 0xff) << 8 | b.at(at + 7) & 0xff;
        return questions + answers < 512;
    }

    private static boolean starts(ByteRange b, int length, String text) {
        if (length < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (b.at(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsIgnoringCase(ByteRange b, int length, String upper) {
        if (length < upper.length()) {
            return false;
        }
        for (int i = 0; i < upper.length(); i++) {
            int value = b.at(i);
            if (value >= 'a' && value <= 'z') {
                value -= 32;
            }
            if (value != upper.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(ByteRange b, int length, String text) {
        for (int from = 0; from + text.length() <= length; from++) {
            int i = 0;
            while (i < text.length() && b.at(from + i) == text.charAt(i)) {
                i++;
            }
            if (i == text.length()) {
                return true;
            }
        }
        return false;
    }
}
