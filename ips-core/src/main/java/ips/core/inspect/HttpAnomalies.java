package ips.core.inspect;

/**
 * Tells what is odd about the head of a message, as Suricata's parser does. Looked at once per
 * message, when its head is complete.
 */
final class HttpAnomalies {
    private static final String[] CODINGS = {
        "gzip", "x-gzip", "deflate", "x-deflate", "lzma", "br", "inflate", "none"
    };
    private static final String CODING = "content-encoding";
    private static final String LENGTH = "content-length";
    private static final int HIGHEST_PORT = 65_535;

    private HttpAnomalies() {}

    static void ofHead(HttpMessage message, HttpTransaction transaction) {
        if (message.request) {
            ofRequest(message, transaction);
        } else {
            ofResponse(message);
        }
        contentLength(message);
        int codings = codings(message);
        if (codings > BodyDecoder.MOST_LAYERS) {
            message.note(HttpEvent.TOO_MANY_ENCODING_LAYERS);
        }
    }

    private static void ofRequest(HttpMessage request, HttpTransaction transaction) {
        line(request);
        boolean isModern =
                request.line.holds(
                        request.thirdStart, request.thirdEnd - request.thirdStart, "http/1.1");
        int host = request.fields.find("host");
        if (host < 0 && isModern) {
            request.note(HttpEvent.MISSING_HOST_HEADER);
        }
        if (host >= 0) {
            host(request, host, transaction);
        }
        GrowingBytes ofUri = transaction.hostOfUri();
        if (ofUri != null && !isHost(ofUri, 0, ofUri.length())) {
            request.note(HttpEvent.REQUEST_URI_HOST_INVALID);
        }
        int authorization = request.fields.find("authorization");
        if (authorization >= 0 && !authorizes(request.fields, authorization)) {
            request.note(HttpEvent.REQUEST_AUTH_UNRECOGNIZED);
        }
        int transfer = request.fields.find("transfer-encoding");
        if (transfer >= 0 && !request.fields.isValue(transfer, "chunked")) {
            request.note(HttpEvent.INVALID_TRANSFER_ENCODING_VALUE_IN_REQUEST);
        }
    }

    private static void line(HttpMessage request) {
        if (request.firstStart > 0) {
            request.note(HttpEvent.REQUEST_LINE_LEADING_WHITESPACE);
        }
        if (!isBlank(request.line, request.firstEnd, request.secondStart)) {
            request.note(HttpEvent.METHOD_DELIM_NON_COMPLIANT);
        }
        if (!isBlank(request.line, request.secondEnd, request.thirdStart)) {
            request.note(HttpEvent.URI_DELIM_NON_COMPLIANT);
        }
        uri(request, request.rawUri.array(), request.rawUri.length());
    }

    private static void uri(HttpMessage request, byte[] uri, int length) {
        boolean doubled = false;
        for (int i = 0; i < length; i++) {
            byte b = uri[i];
            if (b >= '\t' && b <= '\r') {
                request.note(HttpEvent.URI_DELIM_NON_COMPLIANT);
            }
            doubled |= b == '%' && i + 4 < length && isEncodedTwice(uri, i);
        }
        if (doubled) {
            request.note(HttpEvent.DOUBLE_ENCODED_URI);
        }
    }

    private static boolean isEncodedTwice(byte[] uri, int at) {
        return uri[at + 1] == '2'
                && uri[at + 2] == '5'
                && Character.digit(uri[at + 3], 16) >= 0
                && Character.digit(uri[at + 4], 16) >= 0;
    }

    private static boolean isBlank(GrowingBytes line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line.at(i) != ' ') {
                return false;
            }
        }
        return true;
    }

    private static void host(HttpMessage request, int header, HttpTransaction transaction) {
        HeaderFields fields = request.fields;
        boolean valid = isHost(fields.text(), fields.valueAt(header), fields.valueEnd(header));
        if (!valid || fields.isRepeated(header)) {
            request.note(HttpEvent.REQUEST_HEADER_HOST_INVALID);
        }
        if (transaction.namesAnotherHost(header)) {
            request.note(HttpEvent.HOST_HEADER_AMBIGUOUS);
        }
    }

    /** Letters, digits, dots, dashes and underscores, or an address in brackets; then a port. */
    private static boolean isHost(GrowingBytes text, int from, int to) {
        int at = from;
        if (at < to && text.at(at) == '[') {
            while (at < to && text.at(at) != ']') {
                at++;
            }
            at++;
        } else {
            while (at < to && (isAlphanumeric(text.at(at)) || isHostMark(text.at(at)))) {
                at++;
            }
        }
        if (at < to && text.at(at) == ':' && at + 1 < to) {
            at++;
            int port = 0;
            while (at < to && text.at(at) >= '0' && text.at(at) <= '9' && port <= HIGHEST_PORT) {
                port = port * 10 + text.at(at++) - '0';
            }
            if (port < 1 || port > HIGHEST_PORT) {
                return false;
            }
        }
        return at == to && to > from;
    }

    private static boolean isAlphanumeric(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
    }

    private static boolean isHostMark(byte b) {
        return b == '.' || b == '-' || b == '_';
    }

    private static boolean authorizes(HeaderFields fields, int header) {
        int from = fields.valueAt(header);
        int length = fields.valueLength(header);
        return length >= 6 && fields.text().same(from, 6, "digest")
                || length >= 5 && fields.text().same(from, 5, "basic")
                || length >= 6 && fields.text().same(from, 6, "bearer");
    }

    private static void ofResponse(HttpMessage response) {
        int length = response.firstEnd - response.firstStart;
        boolean known =
                response.line.same(response.firstStart, length, "http/1.1")
                        || response.line.same(response.firstStart, length, "http/1.0")
                        || response.line.same(response.firstStart, length, "http/0.9");
        if (!known) {
            response.note(HttpEvent.RESPONSE_INVALID_PROTOCOL);
        }
        int status = response.status();
        if (status < 100 || status > 999) {
            response.note(HttpEvent.RESPONSE_INVALID_STATUS);
        }
        int transfer = response.fields.find("transfer-encoding");
        if (transfer >= 0) {
            if (!response.fields.anyHolds("transfer-encoding", "chunked")) {
                response.note(HttpEvent.INVALID_TRANSFER_ENCODING_VALUE_IN_RESPONSE);
            } else if (!response.fields.isValue(transfer, "chunked")) {
                response.note(HttpEvent.RESPONSE_ABNORMAL_TRANSFER_ENCODING);
            }
            if (!response.line.same(response.firstStart, length, "http/1.1")) {
                response.note(HttpEvent.RESPONSE_CHUNKED_OLD_PROTO);
            }
        }
        int range = response.fields.find("content-range");
        boolean bare = response.fields.number(LENGTH) == 0;
        if (range >= 0 && !bare && !response.range.isValid(response.fields, range)) {
            response.note(HttpEvent.RANGE_INVALID);
        }
        if (response.fields.anyHolds("content-type", "multipart/byteranges")) {
            response.note(HttpEvent.RESPONSE_MULTIPART_BYTERANGES);
        }
    }

    /** A length without a number in it; several that are not the same. */
    private static void contentLength(HttpMessage message) {
        int first = message.fields.find(LENGTH);
        if (first >= 0 && message.fields.number(LENGTH) < 0) {
            message.note(
                    HttpEvent.INVALID_CONTENT_LENGTH_FIELD_IN_REQUEST,
                    HttpEvent.INVALID_CONTENT_LENGTH_FIELD_IN_RESPONSE);
        }
        for (int i = first; i >= 0; i = message.fields.find(LENGTH, i + 1)) {
            if (!message.fields.sameValue(first, i)) {
                message.note(
                        HttpEvent.DUPLICATE_CONTENT_LENGTH_FIELD_IN_REQUEST,
                        HttpEvent.DUPLICATE_CONTENT_LENGTH_FIELD_IN_RESPONSE);
            }
        }
    }

    private static int codings(HttpMessage message) {
        HeaderFields fields = message.fields;
        GrowingBytes text = fields.text();
        int count = 0;
        for (int i = fields.find(CODING); i >= 0; i = fields.find(CODING, i + 1)) {
            int end = fields.valueEnd(i);
            int at = fields.valueAt(i);
            while (at < end) {
                int last = at;
                while (last < end && text.at(last) != ',') {
                    last++;
                }
                int from = at;
                while (from < last && text.at(from) == ' ') {
                    from++;
                }
                if (from < last) {
                    count++;
                    coding(message, from, last);
                }
                at = last + 1;
            }
        }
        return count;
    }

    private static void coding(HttpMessage message, int from, int to) {
        for (String each : CODINGS) {
            if (message.fields.text().same(from, to - from, each)) {
                return;
            }
        }
        message.note(HttpEvent.ABNORMAL_CE_HEADER);
    }
}
