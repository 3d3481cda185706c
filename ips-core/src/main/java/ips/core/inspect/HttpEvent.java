package ips.core.inspect;

import java.util.Locale;

/** What can be odd about an HTTP transaction, by the names of {@code app-layer-event:http.*}. */
public enum HttpEvent {
    UNABLE_TO_MATCH_RESPONSE_TO_REQUEST,
    REQUEST_LINE_LEADING_WHITESPACE,
    METHOD_DELIM_NON_COMPLIANT,
    URI_DELIM_NON_COMPLIANT,
    DOUBLE_ENCODED_URI,
    REQUEST_FIELD_MISSING_COLON,
    RESPONSE_FIELD_MISSING_COLON,
    REQUEST_HEADER_INVALID,
    RESPONSE_HEADER_INVALID,
    INVALID_REQUEST_FIELD_FOLDING,
    INVALID_RESPONSE_FIELD_FOLDING,
    MISSING_HOST_HEADER,
    HOST_HEADER_AMBIGUOUS,
    REQUEST_HEADER_HOST_INVALID,
    REQUEST_URI_HOST_INVALID,
    REQUEST_AUTH_UNRECOGNIZED,
    INVALID_CONTENT_LENGTH_FIELD_IN_REQUEST,
    INVALID_CONTENT_LENGTH_FIELD_IN_RESPONSE,
    DUPLICATE_CONTENT_LENGTH_FIELD_IN_REQUEST,
    DUPLICATE_CONTENT_LENGTH_FIELD_IN_RESPONSE,
    INVALID_TRANSFER_ENCODING_VALUE_IN_REQUEST,
    INVALID_TRANSFER_ENCODING_VALUE_IN_RESPONSE,
    RESPONSE_ABNORMAL_TRANSFER_ENCODING,
    RESPONSE_CHUNKED_OLD_PROTO,
    INVALID_REQUEST_CHUNK_LEN,
    INVALID_RESPONSE_CHUNK_LEN,
    RESPONSE_INVALID_PROTOCOL,
    RESPONSE_INVALID_STATUS,
    RESPONSE_MULTIPART_BYTERANGES,
    REQUEST_CHUNK_EXTENSION,
    ABNORMAL_CE_HEADER,
    TOO_MANY_ENCODING_LAYERS,
    GZIP_DECOMPRESSION_FAILED,
    REQUEST_BODY_UNEXPECTED,
    RANGE_INVALID,
    MULTIPART_INVALID_HEADER,
    MULTIPART_NO_FILEDATA,
    _100_CONTINUE_ALREADY_SEEN;

    private static final String PREFIX = "http.";

    /** The event of a rule's word, such as {@code http.missing_host_header}, or null. */
    public static HttpEvent of(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        for (HttpEvent event : values()) {
            String name = event.name().toLowerCase(Locale.ROOT);
            if (wanted.equals(PREFIX + (name.startsWith("_") ? name.substring(1) : name))) {
                return event;
            }
        }
        return null;
    }

    public long bit() {
        return 1L << ordinal();
    }
}
