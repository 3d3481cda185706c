package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import ips.core.counter.Counter;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests and responses, well-formed and broken, cut anywhere. See {@link Fuzz} for more. */
class HttpFuzzTest {
    private static final int CONNECTIONS = Fuzz.cases(2000);
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String[] ANSWERS = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.0 200 OK\n\nuntil the end"
    };

    @Test
    void tellsTheSameHoweverBytesAreCut() {
        for (int i = 0; i < CONNECTIONS; i++) {
            Random random = new Random(Fuzz.SEED << 32 | i);
            String client = HttpTraffic.requests(random, random.nextBoolean());
            client = random.nextBoolean() ? client : HttpTraffic.mutated(random, client);
            StringBuilder server = new StringBuilder();
            for (int n = random.nextInt(5); n > 0; n--) {
                server.append(ANSWERS[random.nextInt(ANSWERS.length)]);
            }
            Transcript whole = new Transcript();
            whole.feed(0, true, client, Integer.MAX_VALUE);
            whole.feed(0, false, server.toString(), Integer.MAX_VALUE).parser.closed(0);
            for (int most : new int[] {1, 2, 9, 100}) {
                Transcript cut = new Transcript();
                feed(cut, random, true, client, most);
                feed(cut, random, false, server.toString(), most);
                cut.parser.closed(0);

                String name = "seed " + Fuzz.SEED + ", connection " + i + ", pieces up to " + most;
                assertEquals(whole.toString(), cut.toString(), name);
                for (Counter counter : Counter.values()) {
                    assertEquals(whole.count(counter), cut.count(counter), name + ", " + counter);
                }
            }
        }
    }

    private static void feed(
            Transcript told, Random random, boolean client, String text, int most) {
        for (int at = 0; at < text.length(); ) {
            int size = Math.min(text.length() - at, 1 + random.nextInt(most));
            told.feed(0, client, text.substring(at, at + size), size);
            at += size;
        }
    }

    @Test
    void survivesAnyBytes() {
        for (int i = 0; i < CONNECTIONS / 8 + 1; i++) {
            Random random = new Random(Fuzz.SEED << 32 | i);
            Transcript one = new Transcript();
            for (int n = 0; n < 20; n++) {
                String junk = HttpTraffic.mutated(random, HttpTraffic.requests(random, true));
                one.feed(0, random.nextInt(4) > 0, junk, 1 + random.nextInt(500));
                if (random.nextInt(5) == 0) {
                    one.parser.gap(0, random.nextBoolean(), 1 + random.nextInt(50));
                }
            }
            one.parser.closed(0);
            one.parser.opened(0);
            one.client(GET);
            assertTrue(one.toString().endsWith("GET /a?b=c 11\nHost=x\n-\nend\n"));
        }
    }
}
