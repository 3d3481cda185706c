package ips.core.inspect;

import java.util.Arrays;
import java.util.Locale;

/** A request and its response. Used again for another once rules are through with it. */
public final class HttpTransaction {
    final HttpMessage request = new HttpMessage(true);
    final HttpMessage response = new HttpMessage(false);
    private final GrowingBytes host = new GrowingBytes(4096);
    private int[] matched = new int[8];
    private int matches;
    private long number;

    void begin(long number) {
        this.number = number;
        matches = 0;
        request.begin();
        response.begin();
    }

    /** Its number within the flow, from 0. */
    public long number() {
        return number;
    }

    public HttpMessage side(boolean toServer) {
        return toServer ? request : response;
    }

    /** Notes that a signature matched; false if it did before. */
    public boolean match(int order) {
        for (int i = 0; i < matches; i++) {
            if (matched[i] == order) {
                return false;
            }
        }
        if (matches == matched.length) {
            matched = Arrays.copyOf(matched, matches * 2);
        }
        matched[matches++] = order;
        return true;
    }

    /** The host that is asked, in lower case without port; null where none is named. */
    ByteRange host(boolean raw, ByteRange into) {
        String name = UriText.authority(request.rawUri);
        if (name == null) {
            name = request.text("host");
        }
        if (name == null) {
            return null;
        }
        if (!raw) {
            name = withoutPort(name.toLowerCase(Locale.ROOT));
        }
        host.clear();
        host.add(name);
        return host.range(into);
    }

    private static String withoutPort(String name) {
        int colon = name.startsWith("[") ? name.indexOf("]:") + 1 : name.indexOf(':');
        return colon > 0 ? name.substring(0, colon) : name;
    }

    /** What EVE tells of it. */
    public ips.core.verdict.AlertDetails.Http details() {
        String name = UriText.authority(request.rawUri);
        name = name == null ? request.text("host") : name;
        boolean asked = request.state != HttpMessage.State.LINE;
        return new ips.core.verdict.AlertDetails.Http(
                name == null ? null : withoutPort(name),
                asked ? request.rawUri.text() : null,
                request.text("user-agent"),
                response.text("content-type"),
                request.text("referer"),
                asked ? request.line.text(0, request.firstEnd) : null,
                asked && request.thirdEnd > request.thirdStart
                        ? request.line.text(
                                request.thirdStart, request.thirdEnd - request.thirdStart)
                        : null,
                response.headComplete() ? response.status() : -1,
                response.bodyBytes);
    }
}
