package ips.core.http;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** Writes down what a parser tells; feeds it text. Bodies are joined, however they were cut. */
final class Transcript implements HttpListener {
    final Counters counters = new Counters();
    final HttpParser parser = new HttpParser(4, new HttpConfig(8, 8), this, counters);
    private final StringBuilder text = new StringBuilder();
    private boolean inBody;
    int left;
    int lines;

    Transcript() {
        parser.opened(0);
    }

    /** Feeds the client's bytes, {@code size} at a time. */
    Transcript client(String data, int size) {
        return feed(0, true, data, size);
    }

    Transcript client(String data) {
        return client(data, Integer.MAX_VALUE);
    }

    Transcript server(String data) {
        return feed(0, false, data, Integer.MAX_VALUE);
    }

    Transcript feed(int stream, boolean fromClient, String data, int size) {
        byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
        Segments.feed(parser, stream, fromClient, bytes, size);
        return this;
    }

    long count(Counter counter) {
        return counters.get(counter);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void line(String line) {
        if (inBody) {
            text.append("]\n");
            inBody = false;
        }
        lines++;
        text.append(line).append('\n');
    }

    private static String string(DirectBuffer buffer, int offset, int length) {
        return TextParts.string(buffer, offset, length).replace("\r", "\\r").replace("\n", "\\n");
    }

    @Override
    public void request(
            int stream,
            DirectBuffer buffer,
            int method,
            int methodLength,
            int uri,
            int uriLength,
            int version) {
        line(
                string(buffer, method, methodLength)
                        + " "
                        + string(buffer, uri, uriLength)
                        + " "
                        + version);
    }

    @Override
    public void response(int stream, int status) {
        line("status " + status);
    }

    @Override
    public void header(
            int stream,
            boolean fromClient,
            DirectBuffer buffer,
            int name,
            int nameLength,
            int value,
            int valueLength) {
        line(string(buffer, name, nameLength) + "=" + string(buffer, value, valueLength));
    }

    @Override
    public void headersEnd(int stream, boolean fromClient, boolean hasBody) {
        line(hasBody ? "--" : "-");
    }

    @Override
    public void body(int stream, boolean fromClient, DirectBuffer buffer, int offset, int length) {
        if (!inBody) {
            text.append("[");
            inBody = true;
        }
        text.append(string(buffer, offset, length));
    }

    @Override
    public void messageEnd(int stream, boolean fromClient, boolean complete) {
        line(complete ? "end" : "broken off");
    }

    @Override
    public void leftHttp(int stream) {
        left++;
        line("left");
    }
}
