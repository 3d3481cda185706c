package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code app-layer-event:http.*}: what is odd about a request or a response. */
class HttpEventsTest {
    private static final String USUAL = "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\n\r\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing_host_header              | GET / HTTP/1.1~~",
                "host_header_ambiguous            | GET http://a/ HTTP/1.1~Host: b~~",
                "request_header_host_invalid      | GET / HTTP/1.1~Host: a/b~~",
                "request_header_host_invalid      | GET / HTTP/1.1~Host: a:65536~~",
                "request_header_host_invalid      | GET / HTTP/1.1~Host: a:0~~",
                "request_uri_host_invalid         | GET http://a%b/ HTTP/1.1~Host: a~~",
                "request_uri_host_invalid         | GET http://a:99999/ HTTP/1.1~Host: a~~",
                "request_uri_host_invalid         | CONNECT a:x HTTP/1.1~Host: a~~",
                "request_body_unexpected          | GET / HTTP/1.1~Host: a~~more~",
                "request_field_missing_colon      | GET / HTTP/1.1~Host: a~oops~~",
                "request_header_invalid           | GET / HTTP/1.1~Host: a~b@d: c~~",
                "invalid_request_field_folding    | GET / HTTP/1.1~ folded: a~Host: a~~",
                "request_line_leading_whitespace  | ' GET / HTTP/1.1~Host: a~~'",
                "uri_delim_non_compliant          | GET /a\tb HTTP/1.1~Host: a~~",
                "double_encoded_uri               | GET /%2541 HTTP/1.1~Host: a~~",
                "request_auth_unrecognized        | GET / HTTP/1.1~Host: a~Authorization: Turbo x~~",
                "invalid_request_chunk_len        | POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~zz~",
                "request_chunk_extension          | POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~1;x~a~0~~",
                "duplicate_content_length_field_in_request | POST / HTTP/1.1~Host: a~Content-Length: 0~Content-Length: 1~~",
                "invalid_content_length_field_in_request   | POST / HTTP/1.1~Host: a~Content-Length: x~~"
            })
    void tellsWhatIsOddAboutARequest(String event, String request) {
        assertEquals(1, alerts(event, request, USUAL));
        assertEquals(0, alerts(event, "GET /a?b=c%20d HTTP/1.1~Host: a.b:80~A: b~~", USUAL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "response_field_missing_colon   | HTTP/1.1 200 OK~oops~Content-Length: 0~~",
                "response_header_invalid        | HTTP/1.1 200 OK~a b: c~Content-Length: 0~~",
                "response_invalid_protocol      | HTTP/7.1 200 OK~Content-Length: 0~~",
                "response_invalid_status        | HTTP/1.1 20 OK~Content-Length: 0~~",
                "response_chunked_old_proto     | HTTP/1.0 200 OK~Transfer-Encoding: chunked~~0~~",
                "response_abnormal_transfer_encoding | HTTP/1.1 200 OK~Transfer-Encoding: chunked, x~~0~~",
                "range_invalid                  | HTTP/1.1 206 P~Content-Range: bytes 1-x/9~Content-Length: 2~~hi",
                "range_invalid                  | HTTP/1.1 206 P~Content-Range: 1-2/9~Content-Length: 2~~hi",
                "range_invalid                  | HTTP/1.1 206 P~Content-Range: bytes 2-1/9~Content-Length: 2~~hi",
                "range_invalid                  | HTTP/1.1 206 P~Content-Range: bytes 2-9/9~Content-Length: 2~~hi",
                "abnormal_ce_header             | HTTP/1.1 200 OK~Content-Encoding: zip~Content-Length: 0~~",
                "abnormal_ce_header             | HTTP/1.1 200 OK~Content-Encoding: identity~Content-Length: 0~~",
                "invalid_response_chunk_len     | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~"
            })
    void tellsWhatIsOddAboutAResponse(String event, String response) {
        String get = "GET / HTTP/1.1~Host: a~~";

        assertEquals(1, alerts(event, get, response));
        assertEquals(0, alerts(event, get, USUAL));
    }

    @ParameterizedTest
    @CsvSource({
        "duplicate_content_length_field_in_request, Content-Length: 0~Content-Length: 0~",
        "invalid_content_length_field_in_request, Content-Length: +0x~",
        "request_header_host_invalid, Host: a:65535~"
    })
    void takesForUsualWhatSuricataDoes(String event, String headers) {
        assertEquals(0, alerts(event, "GET / HTTP/1.1~" + headers + "~", USUAL));
    }

    @ParameterizedTest
    @CsvSource({
        "multipart_invalid_header, 'Content-Disposition form-data~~x', 1",
        "multipart_invalid_header, 'Content-Disposition: form-data~A: b~~x', 0",
        "multipart_invalid_header, 'Content-Disposition: form-data~~x~--B--~~', 0",
        "multipart_no_filedata, 'Content-Disposition: form-data; filename=\"f\"~~', 1",
        "multipart_no_filedata, 'Content-Disposition: form-data; filename=\"f\"~~x', 0",
        "multipart_no_filedata, 'Content-Disposition: form-data; name=\"f\"~~', 0"
    })
    void tellsWhatIsOddAboutAForm(String event, String part, int times) {
        String body = "--B~" + part + (part.endsWith("~") ? "" : "~") + "--B--~";
        int length = body.replace("~", "\r\n").length();
        String head = "POST / HTTP/1.1~Host: a~Content-Type: multipart/form-data; boundary=B~";

        String post = head + "Content-Length: " + length + "~~" + body;

        assertEquals(times, alerts(event, post, USUAL));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1"})
    void tellsOfASecondWordToGoOn(int times, int alerts) {
        String post = "POST / HTTP/1.1~Host: a~Content-Length: 0~Expect: 100-continue~~";

        String response = "HTTP/1.1 100 Continue\r\n\r\n".repeat(times) + USUAL;

        assertEquals(alerts, alerts("100_continue_already_seen", post, response));
    }

    @ParameterizedTest
    @CsvSource({"bytes 0-8/9", "bytes 0-8/*", "bytes */9", "bytes  1-1/2", "bytes 1-1/2 x"})
    void takesForUsualTheRangesOfAnAnswer(String range) {
        String response = "HTTP/1.1 206 Part~Content-Range: " + range + "~Content-Length: 2~~hi";

        assertEquals(0, alerts("range_invalid", "GET / HTTP/1.1~Host: a~~", response));
    }

    @Test
    void tellsOfABodyThatIsNotCompressedAsItSays() {
        String body = "\u00ff".repeat(300);
        String response = "HTTP/1.1 200 OK~Content-Encoding: gzip~Content-Length: 300~~" + body;

        assertEquals(1, alerts("gzip_decompression_failed", "GET / HTTP/1.1~Host: a~~", response));
    }

    /** Alerts of the direction in which the event shows, lines parted by tildes. */
    private static int alerts(String event, String request, String response) {
        String direction =
                event.matches(".*(response|_ce_|range|continue|gzip).*") ? "client" : "server";
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (flow:to_"
                                + direction
                                + "; app-layer-event:http."
                                + event
                                + ";)");
        traffic.handshake().request(request.replace("~", "\r\n"));
        traffic.response(response.replace("~", "\r\n")).close().end();
        assertEquals(List.of(), traffic.errors());
        return traffic.count(1);
    }
}
