package ips.core.inspect;

/**
 * What can be odd about SMTP and the mail it brings, by the names of {@code
 * app-layer-event:smtp.*}. Those that Suricata knows and never raises are never raised.
 */
public enum SmtpEvent {
    INVALID_REPLY,
    UNABLE_TO_MATCH_REPLY_WITH_REQUEST,
    MAX_COMMAND_LINE_LEN_EXCEEDED,
    MAX_REPLY_LINE_LEN_EXCEEDED,
    INVALID_PIPELINED_SEQUENCE,
    BDAT_CHUNK_LEN_EXCEEDED,
    NO_SERVER_WELCOME_MESSAGE,
    TLS_REJECTED,
    DATA_COMMAND_REJECTED,
    FAILED_PROTOCOL_CHANGE,
    MIME_PARSE_FAILED,
    MIME_MALFORMED_MSG,
    MIME_INVALID_BASE64,
    MIME_INVALID_QP,
    MIME_LONG_LINE,
    MIME_LONG_ENC_LINE,
    MIME_LONG_HEADER_NAME,
    MIME_LONG_HEADER_VALUE,
    MIME_LONG_BOUNDARY,
    MIME_LONG_FILENAME,
    DUPLICATE_FIELDS,
    UNPARSABLE_CONTENT,
    TRUNCATED_LINE;

    long bit() {
        return 1L << ordinal();
    }
}
