package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    /** Alerts of the direction in which the event shows, lines parted by tildes. */
    private static int alerts(String event, String request, String response) {
        String direction =
                event.contains("response") || event.contains("_ce_") ? "client" : "server";
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (flow:to_"
                                + direction
                                + "; app-layer-event:http."
                                + event
                                + ";)");
        traffic.handshake().request(request.replace("~", "\r\n"));
        traffic.response(response.replace("~", "\r\n")).close().end();
        assertEquals(java.util.List.of(), traffic.errors());
        return traffic.count(1);
    }
}
