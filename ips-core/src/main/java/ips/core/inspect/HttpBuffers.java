package ips.core.inspect;

/** The parts of a transaction by their names in rules. */
public final class HttpBuffers {
    private HttpBuffers() {}

    /**
     * A part's bytes, valid until the next call; null where there is none.
     *
     * @param word the sticky buffer's name
     * @param toServer the side, for parts of both
     * @param index for parts there are several of
     */
    public static ByteRange of(
            HttpTransaction transaction, String word, boolean toServer, int index, ByteRange into) {
        HttpMessage request = transaction.request;
        HttpMessage response = transaction.response;
        HttpMessage side = transaction.side(toServer);
        boolean asked = request.state != HttpMessage.State.LINE;
        boolean answered = response.state != HttpMessage.State.LINE;
        return switch (word) {
            case "http_uri" -> asked ? request.uri.range(into) : null;
            case "http_uri_raw" -> asked ? request.rawUri.range(into) : null;
            case "http_method" ->
                    asked
                            ? request.line.range(
                                    request.firstStart, request.firstEnd - request.firstStart, into)
                            : null;
            case "http_request_line" -> asked ? request.line.range(into) : null;
            case "http_user_agent" -> request.fields.value("user-agent", into);
            case "http_referer" -> request.fields.value("referer", into);
            case "http_accept" -> request.fields.value("accept", into);
            case "http_accept_language" -> request.fields.value("accept-language", into);
            case "http_accept_encoding" -> request.fields.value("accept-encoding", into);
            case "http_host" -> transaction.host(false, into);
            case "http_host_raw" -> transaction.host(true, into);
            case "http_request_body" -> body(request, into);
            case "http_response_body" -> body(response, into);
            case "file_data" -> file(side, index, into);
            case "file_name" -> fileName(transaction, side, index, into);
            case "file_size" -> fileSize(side, index, into);
            case "file_whole" -> side.torn || side.body.isFull() ? null : file(side, index, into);
            case "http_header" -> side.fields.count() > 0 ? side.fields.all(into) : null;
            case "http_header_raw" -> side.raw.length() > 0 ? side.raw.range(into) : null;
            case "http_cookie" -> side.fields.value(side.fields.cookieName(), into);
            case "http_content_type" -> side.fields.value("content-type", into);
            case "http_content_length" -> side.fields.value("content-length", into);
            case "http_connection" -> side.fields.value("connection", into);
            case "http_header_names" -> side.fields.count() > 0 ? side.fields.names(into) : null;
            case "http_start" -> side.line.length() > 0 ? side.start(into) : null;
            case "http_protocol" -> protocol(side, into);
            case "http_stat_code" ->
                    answered && response.secondEnd > response.secondStart
                            ? response.line.range(
                                    response.secondStart,
                                    response.secondEnd - response.secondStart,
                                    into)
                            : null;
            case "http_stat_msg" ->
                    answered && response.thirdEnd > response.thirdStart
                            ? response.line.range(
                                    response.thirdStart,
                                    response.thirdEnd - response.thirdStart,
                                    into)
                            : null;
            case "http_response_line" ->
                    answered && response.line.length() > 0 ? response.line.range(into) : null;
            case "http_server" -> response.fields.value("server", into);
            case "http_location" -> response.fields.value("location", into);
            case "http_request_header" -> request.fields.one(index, into);
            case "http_response_header" -> response.fields.one(index, into);
            default -> null;
        };
    }

    private static ByteRange body(HttpMessage message, ByteRange into) {
        return message.body.length() > 0 ? message.body.range(into) : null;
    }

    /** A file that a message carries: its body, or of a form each part that names a file. */
    private static ByteRange file(HttpMessage side, int index, ByteRange into) {
        if (!side.request) {
            return index == 0 ? body(side, into) : null;
        }
        if (!side.isMethod("post") && !side.isMethod("put")) {
            return null;
        }
        if (isForm(side)) {
            return MultipartFiles.find(side, index, into);
        }
        return index == 0 ? body(side, into) : null;
    }

    /** Whether each part that names a file is one. What is put is a single file, whatever it is. */
    private static boolean isForm(HttpMessage side) {
        return side.request
                && !side.isMethod("put")
                && side.fields.anyHolds("content-type", "multipart/form-data");
    }

    /** A file's name: what the message calls it, or else the path that is asked for. */
    private static ByteRange fileName(
            HttpTransaction transaction, HttpMessage side, int index, ByteRange into) {
        if (file(side, index, into) == null) {
            return null;
        }
        if (isForm(side)) {
            return MultipartFiles.findName(side, index, into);
        }
        ByteRange disposition =
                side.request ? null : side.fields.value("content-disposition", into);
        if (disposition != null && MultipartFiles.fileName(disposition)) {
            return disposition;
        }
        GrowingBytes uri = transaction.request.uri;
        int end = 0;
        while (end < uri.length() && uri.at(end) != '?') {
            end++;
        }
        return end == 0 ? null : uri.range(0, end, into);
    }

    /** A file's size, as the eight bytes that {@code filesize} reads. */
    private static ByteRange fileSize(HttpMessage side, int index, ByteRange into) {
        ByteRange content = file(side, index, into);
        if (content == null) {
            return null;
        }
        long size = content.length;
        if (!isForm(side) && side.fields.find("content-encoding") < 0) {
            size = side.bodyBytes; // more than is kept
        }
        side.scratch.clear();
        side.scratch.addLong(size);
        return side.scratch.range(into);
    }

    private static ByteRange protocol(HttpMessage side, ByteRange into) {
        if (side.request) {
            return side.thirdEnd > side.thirdStart
                    ? side.line.range(side.thirdStart, side.thirdEnd - side.thirdStart, into)
                    : null;
        }
        return side.firstEnd > side.firstStart
                ? side.line.range(side.firstStart, side.firstEnd - side.firstStart, into)
                : null;
    }
}
