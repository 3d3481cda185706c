package ips.core.http;

import ips.core.packet.FrameBuffer;
import java.util.Arrays;

/** Feeds a parser bytes in segments. */
final class Segments {
    private Segments() {}

    /**
     * @param size of each segment but the last; each lies in a buffer of its own, so that nothing
     *     behind it can be read
     */
    static void feed(HttpParser parser, int stream, boolean fromClient, byte[] bytes, int size) {
        for (int at = 0; at < bytes.length; at += Math.min(size, bytes.length - at)) {
            int length = Math.min(size, bytes.length - at);
            byte[] segment = Arrays.copyOfRange(bytes, at, at + length);
            parser.bytes(stream, fromClient, new FrameBuffer(segment), 0, length);
        }
    }
}
