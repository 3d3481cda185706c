package ips.core.http;

import ips.core.counter.Counters;
import ips.core.payload.PartKind;
import java.util.function.ObjIntConsumer;
import org.agrona.DirectBuffer;

/**
 * Parser and reader over what a client sends, cut into segments of the size given; hands out parts
 * to nobody. Made by a {@link ips.core.payload.StepCounter}, so that what they do is counted.
 */
final class ReadConversation implements ObjIntConsumer<byte[]>, PartListener {
    private final HttpConfig config = new HttpConfig(8, 8);
    private final Counters counters = new Counters();
    private final RequestReader reader = new RequestReader(4, config, this, counters);
    private final HttpParser parser = new HttpParser(4, config, reader, counters);

    @Override
    public void accept(byte[] sent, int segment) {
        parser.opened(0);
        Segments.feed(parser, 0, true, sent, segment);
        parser.closed(0);
    }

    @Override
    public void part(
            PartKind kind,
            DirectBuffer name,
            int nameOffset,
            int nameLength,
            DirectBuffer value,
            int valueOffset,
            int valueLength) {}
}
