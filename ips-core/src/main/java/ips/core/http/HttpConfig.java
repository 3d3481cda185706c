package ips.core.http;

import ips.core.Setting;
import ips.core.Settings;

/**
 * Bounds of {@link HttpParser} and {@link RequestReader}.
 *
 * @param heads heads that may be incomplete at a time, all workers together; 32 KiB each
 * @param bodies bodies that may be gathered at a time, all workers together; 64 KiB each
 * @param bodyBytes bytes of a body that are judged, in windows of 64 KiB
 */
public record HttpConfig(
        @Setting("HTTP heads that may be incomplete at a time, all workers together, 8 to 32768")
                int heads,
        @Setting("HTTP bodies gathered at a time, all workers together, 8 to 16384") int bodies,
        @Setting("bytes of an HTTP body that are judged, 1024 or more") int bodyBytes) {
    public static final HttpConfig DEFAULTS = new HttpConfig(256, 128);

    /** Judges the first MiB of a body. */
    public HttpConfig(int heads, int bodies) {
        this(heads, bodies, 1 << 20);
    }

    public HttpConfig {
        Settings.within("heads", heads, 8, 32_768);
        Settings.within("bodies", bodies, 8, 16_384);
        Settings.atLeast("body-bytes", bodyBytes, 1024);
    }

    /** One worker's part. */
    public HttpConfig perWorker(int workers) {
        return new HttpConfig(
                Math.max(8, heads / workers), Math.max(8, bodies / workers), bodyBytes);
    }
}
