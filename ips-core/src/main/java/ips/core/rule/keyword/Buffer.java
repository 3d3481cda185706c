package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;
import java.nio.charset.StandardCharsets;

/**
 * What a content may be looked for in. A buffer of a packet is there for each packet, one of a
 * transaction once per transaction, when its part has come.
 */
public enum Buffer {
    PAYLOAD(Side.PACKET),
    TCP_HEADER(Side.PACKET),
    UDP_HEADER(Side.PACKET),
    IPV4_HEADER(Side.PACKET),
    IPV6_HEADER(Side.PACKET),
    ICMPV4_HEADER(Side.PACKET),
    ICMPV6_HEADER(Side.PACKET),
    IP_SOURCE(Side.PACKET),
    IP_DESTINATION(Side.PACKET),

    HTTP_URI(Side.REQUEST),
    HTTP_URI_RAW(Side.REQUEST),
    HTTP_METHOD(Side.REQUEST),
    HTTP_USER_AGENT(Side.REQUEST),
    HTTP_HOST(Side.REQUEST),
    HTTP_HOST_RAW(Side.REQUEST),
    HTTP_REFERER(Side.REQUEST),
    HTTP_REQUEST_LINE(Side.REQUEST),
    HTTP_REQUEST_BODY(Side.REQUEST),
    HTTP_ACCEPT(Side.REQUEST),
    HTTP_ACCEPT_LANGUAGE(Side.REQUEST),
    HTTP_ACCEPT_ENCODING(Side.REQUEST),
    HTTP_REQUEST_HEADER(Side.REQUEST),
    HTTP_HEADER(Side.EITHER),
    HTTP_HEADER_RAW(Side.EITHER),
    HTTP_COOKIE(Side.EITHER),
    HTTP_CONTENT_TYPE(Side.EITHER),
    HTTP_CONTENT_LENGTH(Side.EITHER),
    HTTP_CONNECTION(Side.EITHER),
    HTTP_PROTOCOL(Side.EITHER),
    HTTP_HEADER_NAMES(Side.EITHER),
    HTTP_START(Side.EITHER),
    FILE_DATA(Side.EITHER),
    FILE_NAME(Side.EITHER),
    FILE_SIZE(Side.EITHER),

    /** A file once all of it has come and is kept. */
    FILE_WHOLE(Side.EITHER),

    HTTP_STAT_CODE(Side.RESPONSE),
    HTTP_STAT_MSG(Side.RESPONSE),
    HTTP_RESPONSE_LINE(Side.RESPONSE),
    HTTP_SERVER(Side.RESPONSE),
    HTTP_LOCATION(Side.RESPONSE),
    HTTP_RESPONSE_HEADER(Side.RESPONSE),

    DNS_QUERY(Side.REQUEST),
    TLS_SNI(Side.REQUEST),
    TLS_CERTS(Side.EITHER),
    TLS_CERT_SUBJECT(Side.EITHER),
    TLS_CERT_ISSUER(Side.EITHER),
    TLS_CERT_SERIAL(Side.EITHER),
    TLS_CERT_FINGERPRINT(Side.EITHER),
    TLS_RANDOM(Side.EITHER),
    TLS_RANDOM_TIME(Side.EITHER),
    TLS_RANDOM_BYTES(Side.EITHER),
    TLS_JA3_HASH(Side.REQUEST),
    TLS_JA3_STRING(Side.REQUEST),
    TLS_JA3S_HASH(Side.RESPONSE),
    TLS_JA3S_STRING(Side.RESPONSE),
    SSH_PROTO(Side.EITHER),
    SSH_SOFTWARE(Side.EITHER),
    SSH_HASSH(Side.REQUEST),
    SSH_HASSH_STRING(Side.REQUEST),
    SSH_HASSH_SERVER(Side.RESPONSE),
    SSH_HASSH_SERVER_STRING(Side.RESPONSE);

    /** Where a buffer comes from. */
    public enum Side {
        PACKET,
        REQUEST,
        RESPONSE,
        /** The request's in its direction, the response's in the other. */
        EITHER
    }

    private final Side side;

    Buffer(Side side) {
        this.side = side;
    }

    public Side side() {
        return side;
    }

    public boolean ofTransaction() {
        return side != Side.PACKET;
    }

    /** The protocol whose transactions have it; null where it is of packets or of several. */
    public AppProtocol app() {
        return switch (name().split("_")[0]) {
            case "HTTP" -> AppProtocol.HTTP;
            case "DNS" -> AppProtocol.DNS;
            case "TLS" -> AppProtocol.TLS;
            case "SSH" -> AppProtocol.SSH;
            default -> null;
        };
    }

    /** Whether it is what comes behind a message's head, in parts as a rule. */
    public boolean isBody() {
        return switch (this) {
            case HTTP_REQUEST_BODY, FILE_DATA -> true;
            default -> false;
        };
    }

    /** Whether it is of a file, whatever carries it. */
    boolean ofFile() {
        return switch (this) {
            case FILE_DATA, FILE_NAME, FILE_SIZE, FILE_WHOLE -> true;
            default -> false;
        };
    }

    /** Whether a content has what the buffer has nowhere, as the sensor reads it. */
    boolean neverHas(ContentStep content) {
        byte[] bytes = content.bytes;
        if (this == HTTP_METHOD) {
            return bytes[0] == ' ' || bytes[bytes.length - 1] == ' ';
        }
        if (this == HTTP_HOST && !content.noCase) {
            for (byte each : bytes) {
                if (each >= 'A' && each <= 'Z') {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isHash() {
        return switch (this) {
            case TLS_JA3_HASH, TLS_JA3S_HASH, SSH_HASSH, SSH_HASSH_SERVER -> true;
            default -> false;
        };
    }

    /**
     * What a content for it has to be, in words, so that it can be found at all; null where it is.
     *
     * @param first whether it is the first for this buffer; only that one may have to be
     */
    String complaint(ContentStep content, boolean first) {
        String text = new String(content.bytes, StandardCharsets.ISO_8859_1);
        boolean colon = text.indexOf(':') >= 0;
        return switch (this) {
            case TLS_JA3_HASH, TLS_JA3S_HASH ->
                    first && text.length() != 32 ? "32 characters long, as a whole hash is" : null;
            case SSH_HASSH, SSH_HASSH_SERVER ->
                    text.matches("[0-9a-fA-F]{32}")
                            ? null
                            : "a whole hash, of 32 hexadecimal digits";
            case TLS_CERT_FINGERPRINT ->
                    text.length() == 59 && colon
                            ? null
                            : "a whole fingerprint, of 20 pairs of hexadecimal digits with : between";
            case TLS_CERT_SERIAL ->
                    !first || text.length() <= 2 || colon
                            ? null
                            : "pairs of hexadecimal digits with : between";
            default -> null;
        };
    }

    /** Writes a content for it in the case that it has always. */
    void writeAs(byte[] content) {
        for (int i = 0; i < content.length; i++) {
            if (this == TLS_CERT_SERIAL) {
                content[i] = (byte) Character.toUpperCase(content[i] & 0xff);
            } else if (this == TLS_CERT_FINGERPRINT || isHash()) {
                content[i] = (byte) Character.toLowerCase(content[i] & 0xff);
            }
        }
    }

    /** Whether there may be several of it in one transaction, each looked at on its own. */
    public boolean repeated() {
        return switch (this) {
            case HTTP_REQUEST_HEADER,
                    HTTP_RESPONSE_HEADER,
                    FILE_DATA,
                    FILE_NAME,
                    FILE_SIZE,
                    FILE_WHOLE,
                    DNS_QUERY,
                    TLS_CERTS ->
                    true;
            default -> false;
        };
    }
}
