package ips.core.http;

import ips.core.Setting;

/**
 * Bounds of {@link HttpParser} and {@link RequestReader}.
 *
 * @param heads heads that may be incomplete at a time, all workers together; 32 KiB each
 * @param bodies bodies that may be gathered at a time, all workers together; 64 KiB each
 * @param bodyBytes bytes of a body that are judged, in windows of 64 KiB
 */
public record HttpConfig(
        @Setting("HTTP heads that may be incomplete at a time, all workers together") int heads,
        @Setting("HTTP bodies gathered at a time, all workers together") int bodies,
        @Setting("bytes of an HTTP body that are judged") int bodyBytes) {
    public static final HttpConfig DEFAULTS = new HttpConfig(256, 128);

    /** Judges the first MiB of a body. */
    public HttpConfig(int heads, int bodies) {
        this(heads, bodies, 1 << 20);
    }

    public HttpConfig {
        if (heads < 8 || heads > 32_768) {
            throw new IllegalArgumentException("heads must lie between 8 and 32768, not " + heads);
        }
        if (bodies < 8 || bodies > 16_384) {
            throw new IllegalArgumentException(
                    "bodies must lie between 8 and 16384, not " + bodies);
        }
        if (bodyBytes < 1024) {
            throw new IllegalArgumentException("body-bytes must be 1024 or more, not " + bodyBytes);
        }
    }

    /** One worker's part. */
    public HttpConfig perWorker(int workers) {
        return new HttpConfig(
                Math.max(8, heads / workers), Math.max(8, bodies / workers), bodyBytes);
    }
}
