package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.packet.FrameBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpParserTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: x\r\nCookie:  k=v \r\n\r\n";

    private final Transcript told = new Transcript();

    @Test
    void readsARequest() {
        told.client(GET);

        assertEquals("GET /a?b=c 11\nHost=x\nCookie=k=v\n-\nend\n", told.toString());
    }

    @Test
    void readsPipelinedRequestsWithBodies() {
        told.client("POST /p HTTP/1.0\nContent-Length: 3\n\nabcGET / HTTP/1.1\n\n");

        assertEquals(
                "POST /p 10\nContent-Length=3\n--\n[abc]\nend\nGET / 11\n-\nend\n",
                told.toString());
    }

    @Test
    void joinsChunksAndReadsTrailers() {
        told.client(
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;x=\"y\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n"
                        + GET);

        assertEquals(
                "POST / 11\nTransfer-Encoding=chunked\n--\n[abc0123456789]\nX-T=1\nend\n"
                        + "GET /a?b=c 11\nHost=x\nCookie=k=v\n-\nend\n",
                told.toString());
    }

    @Test
    void joinsFoldedHeaders() {
        told.client("GET / HTTP/1.1\r\nA: b\r\n  c\r\n\td\r\nE: f\r\n\r\n");

        assertEquals(
                "GET / 11\nA=b\\r\\n  c\\r\\n\\td\nE=f\n-\nend\n".replace("\\td", "\td"),
                told.toString());
        assertEquals(2, told.count(Counter.HTTP_HEADERS_FOLDED));
    }

    @Test
    void skipsEmptyLinesBeforeARequest() {
        told.client("\r\n\n" + GET);

        assertEquals(1, told.count(Counter.HTTP_REQUESTS));
    }

    @Test
    void skipsSpacesBeforeARequest() {
        told.client(" \t" + GET + " " + GET, 1);

        assertEquals(2, told.count(Counter.HTTP_REQUESTS));
    }

    @Test
    void goesByTheLengthOfABodyThatOnlySaysItIsChunked() {
        for (int size : new int[] {1, 7, 1000}) {
            Transcript one = new Transcript();
            String head = "POST / HTTP/1.1\nTransfer-Encoding: xchunked\nContent-Length: 8\n\n";
            one.client(head + "fed=1' o" + GET, size);

            assertEquals(2, one.count(Counter.HTTP_REQUESTS));
            assertEquals(1, one.count(Counter.HTTP_CHUNKS_BROKEN));
            assertTrue(one.toString().contains("[=1' o]\nend\nGET"), one.toString());
        }
    }

    @Test
    void doesNotGoByTheLengthBehindAChunk() {
        told.client(
                "POST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Length: 80\n\n"
                        + "1\nx\n=\n"
                        + GET);

        assertTrue(told.toString().contains("[x]\nbroken off\nGET"), told.toString());
    }

    @Test
    void readsALengthWithASign() {
        told.client("POST / HTTP/1.1\nContent-Length: +3\n\nabc" + GET);

        assertTrue(told.toString().contains("[abc]\nend\nGET"), told.toString());
        assertEquals(1, told.count(Counter.HTTP_SMUGGLING));
    }

    @Test
    void readsUrisOfEveryForm() {
        told.client("GET http://h/p?q HTTP/1.1\r\n\r\nOPTIONS * HTTP/1.1\r\n\r\nGET /old\r\n");

        assertEquals(
                "GET http://h/p?q 11\n-\nend\nOPTIONS * 11\n-\nend\nGET /old 9\n-\nend\n",
                told.toString());
    }

    @Test
    void readsUrisWithSpaces() {
        told.client("GET /?id=1 or 1=1 HTTP/1.1\r\n\r\n");

        assertEquals("GET /?id=1 or 1=1 11\n-\nend\n", told.toString());
    }

    @Test
    void countsLengthsThatSmuggle() {
        List<String> heads =
                List.of(
                        "Content-Length: 4\r\nTransfer-Encoding: chunked",
                        "Content-Length: 4\r\nContent-Length: 5",
                        "Content-Length: +4",
                        "Content-Length: 4, 4",
                        "Transfer-Encoding: xchunked",
                        "Transfer-Encoding : chunked",
                        "Transfer-Encoding: chunked, identity");
        for (String head : heads) {
            Transcript one = new Transcript();
            one.client("POST / HTTP/1.1\r\n" + head + "\r\n\r\n");

            assertEquals(1, one.count(Counter.HTTP_SMUGGLING), head);
        }
        told.client("POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd");
        told.client("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        assertEquals(0, told.count(Counter.HTTP_SMUGGLING));
    }

    @Test
    void readsResponsesByTheirRequests() {
        told.client("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        int before = told.toString().length();
        told.server(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                        + "HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.0 200 OK\r\n\r\nuntil");
        told.server(" close");
        told.parser.closed(0);

        assertEquals(
                "status 100\n-\nend\nstatus 200\nContent-Length=5\n-\nend\nstatus 304\n-\nend\n"
                        + "status 200\n--\n[until close]\nend\n",
                told.toString().substring(before));
    }

    @Test
    void stopsAtTunnels() {
        told.client("CONNECT h:443 HTTP/1.1\r\n\r\n").server("HTTP/1.1 200 OK\r\n\r\n");
        told.client("GET / HTTP/1.1\r\n\r\n");
        Transcript upgrade = new Transcript();
        upgrade.client("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
        upgrade.server("HTTP/1.1 101 Switching Protocols\r\n\r\n").client(GET);

        assertEquals(1, told.count(Counter.HTTP_REQUESTS));
        assertEquals(1, told.left);
        assertEquals(1, upgrade.count(Counter.HTTP_REQUESTS));
        assertEquals(1, upgrade.count(Counter.HTTP_TUNNELS));
    }

    @Test
    void leavesWhatIsNoHttpAlone() {
        told.client("\u0016\u0003\u0001\u0002\u0000\n\u0001\n\u0003\n").client(GET);

        assertEquals(1, told.left);
        assertEquals(0, told.count(Counter.HTTP_REQUESTS));
        assertEquals(0, told.count(Counter.HTTP_STREAMS_GIVEN_UP));
    }

    @Test
    void recognisesHttp2() {
        told.client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        assertEquals(1, told.count(Counter.HTTP_2_PREFACES));
        assertEquals(1, told.left);
    }

    @Test
    void findsTheNextRequestBehindBrokenLines() {
        told.client(GET + "\u0000\u0001 junk\r\nnonsense\r\n" + GET);

        assertEquals(2, told.count(Counter.HTTP_REQUESTS));
        assertEquals(2, told.count(Counter.HTTP_LINES_BROKEN));
    }

    @Test
    void givesAConnectionOfBrokenLinesUp() {
        told.client(GET + "\u0001\n".repeat(100) + GET);

        assertEquals(1, told.count(Counter.HTTP_REQUESTS));
        assertEquals(1, told.count(Counter.HTTP_STREAMS_GIVEN_UP));
    }

    @Test
    void findsTheNextRequestBehindAGap() {
        told.client("GET /one HTTP/1.1\r\nHo");
        told.parser.gap(0, true, 10);
        told.client("lue\r\nGET /two HTTP/1.1\r\n\r\n");
        told.client("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
        told.parser.gap(0, true, 4);
        told.client("xyz" + GET);

        String text = told.toString();
        assertTrue(text.contains("GET /one 11"), text);
        assertTrue(text.contains("GET /two 11"), text);
        assertTrue(text.contains("[abcxyz]\nbroken off\nGET /a?b=c"), text);
    }

    @Test
    void tellsALongHeadInPieces() {
        String head = "GET /x HTTP/1.1\r\n" + "A: 0123456789\r\n".repeat(5000);
        told.client(head, 1400).client("Last: one\r\n\r\n");

        assertEquals(MOST_TOLD, told.lines);
        assertEquals(1, told.count(Counter.HTTP_REQUESTS));
        assertTrue(told.count(Counter.HTTP_HEADS_CUT) >= 2);
        assertEquals(4001, told.count(Counter.HTTP_HEADERS_TOO_MANY));
        assertTrue(told.toString().endsWith("-\nend\n"));
    }

    private static final int MOST_TOLD = 1 + HttpParser.MOST_HEADERS + 2;

    @Test
    void tellsTheBeginningOfALongLineAndGoesOnBehindIt() {
        told.client("GET /?" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: h\r\n\r\n" + GET, 1400);

        assertTrue(told.toString().contains("\nHost=h\n-\nend\nGET /a?b=c 11"));
        assertEquals(2, told.count(Counter.HTTP_REQUESTS));
    }

    @Test
    void readsAnUncutLongLineWhole() {
        told.client("GET /?" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n");

        assertTrue(told.toString().contains("x".repeat(100_000) + " 11\n-\nend"));
    }

    @Test
    void tellsIncompleteHeadsWhenTooManyWait() {
        Transcript many = new Transcript();
        HttpParser parser = new HttpParser(1000, new HttpConfig(8, 8), many, many.counters);
        for (int stream = 0; stream < 1000; stream++) {
            parser.opened(stream);
            byte[] bytes = ("GET /" + stream + " HTTP/1.1\r\nX: y\r\nZ: ").getBytes();
            parser.bytes(stream, true, new FrameBuffer(bytes), 0, bytes.length);
        }

        assertEquals(992, many.count(Counter.HTTP_HEADS_CUT));
        assertTrue(many.toString().contains("GET /500 11\nX=y\nZ="));
    }
}
