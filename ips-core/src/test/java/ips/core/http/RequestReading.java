package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counters;
import ips.core.payload.PartKind;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.agrona.DirectBuffer;

/** What tests of a {@link RequestReader} begin with: one behind a parser, and its parts as text. */
abstract class RequestReading {
    private static final int STREAMS = 100;

    /** Each part as a line: {@code QUERY id=1}. */
    static final class Parts implements TextParts {
        final StringBuilder text = new StringBuilder();
        private final BitSet waiting = new BitSet();
        private int open;
        String path = "";

        @Override
        public void begin(int stream, DirectBuffer buffer, int offset, int length) {
            assertEquals(0, open++);
            path = TextParts.string(buffer, offset, length);
        }

        @Override
        public void part(PartKind kind, String name, String value) {
            assertEquals(1, open);
            text.append(kind).append(' ').append(name.replace("\n", "\\n"));
            text.append('=').append(value.replace("\n", "\\n")).append('\n');
        }

        @Override
        public void pause(int stream, int slot) {
            assertEquals(0, --open);
            assertFalse(waiting.get(slot));
            waiting.set(slot);
        }

        @Override
        public void resume(int stream, int slot) {
            assertEquals(0, open++);
            assertTrue(waiting.get(slot));
            waiting.clear(slot);
        }

        @Override
        public void end(int stream) {
            assertEquals(0, --open);
        }
    }

    final Counters counters = new Counters();
    final Parts parts = new Parts();
    final RequestReader reader = new RequestReader(STREAMS, new HttpConfig(8, 8), parts, counters);
    final HttpParser parser = new HttpParser(STREAMS, new HttpConfig(8, 8), reader, counters);

    String read(String request) {
        parser.opened(0);
        feed(0, request.getBytes(StandardCharsets.ISO_8859_1), Integer.MAX_VALUE);
        parser.closed(0);
        assertEquals(0, parts.open + parts.waiting.cardinality());
        return parts.text.toString();
    }

    void feed(int stream, byte[] bytes, int size) {
        Segments.feed(parser, stream, true, bytes, size);
    }

    String body(String type, String body) {
        return read("POST /p HTTP/1.1\r\nContent-Type: "
                        + type
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .replace("PATH =/p\n", "");
    }
}
