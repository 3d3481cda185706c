package ips.core.inspect;

import java.util.Arrays;

/** A request and its response. Used again for another once rules are through with it. */
public final class HttpTransaction {
    final HttpMessage request;
    final HttpMessage response;
    private final GrowingBytes host;
    private boolean ofUri;

    /** Whether the request is of HTTP/0.9: its response is but a body. */
    boolean bare;

    private int[] matched = new int[8];
    private int matches;
    private long number;

    HttpTransaction(BufferPool buffers) {
        request = new HttpMessage(true, buffers);
        response = new HttpMessage(false, buffers);
        host = new GrowingBytes(buffers, 4096);
    }

    void begin(long number) {
        this.number = number;
        matches = 0;
        bare = false;
        request.begin();
        response.begin();
        host.clear();
    }

    /** Its number within the flow, from 0. */
    public long number() {
        return number;
    }

    public HttpMessage side(boolean toServer) {
        return toServer ? request : response;
    }

    /** Notes that a signature matched in a direction; false if it did before. */
    public boolean match(int order, boolean toServer) {
        int key = order << 1 | (toServer ? 1 : 0);
        for (int i = 0; i < matches; i++) {
            if (matched[i] == key) {
                return false;
            }
        }
        if (matches == matched.length) {
            matched = Arrays.copyOf(matched, matches * 2);
        }
        matched[matches++] = key;
        return true;
    }

    /** The host that is asked, in lower case without port; null where none is named. */
    ByteRange host(boolean raw, ByteRange into) {
        if (!findHost()) {
            return null;
        }
        int length = host.length();
        if (!raw || ofUri) {
            length = withoutPort();
            for (int i = 0; i < length; i++) {
                byte b = host.at(i);
                host.set(i, b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b);
            }
        }
        return host.range(0, length, into);
    }

    private boolean findHost() {
        host.clear();
        ofUri = UriText.authority(request.rawUri, host);
        if (!ofUri && request.isConnect()) {
            host.add(request.rawUri, 0, request.rawUri.length());
            ofUri = true;
        }
        if (ofUri) {
            return true;
        }
        int header = request.find("host");
        if (header < 0 || request.valueLength[header] == 0) {
            return false;
        }
        request.joined(header, host);
        return true;
    }

    /** Whether the URI is absolute and its host is not that of the header. */
    boolean namesAnotherHost(int header) {
        if (!findHost() || !ofUri) {
            return false;
        }
        int length = withoutPort();
        if (request.valueLength[header] < length) {
            return true;
        }
        for (int i = 0; i < length; i++) {
            int named = request.headers.at(request.valueAt[header] + i);
            if (Character.toLowerCase(host.at(i)) != Character.toLowerCase(named)) {
                return true;
            }
        }
        return false;
    }

    /** What is odd about it, bits of {@link HttpEvent}. */
    public long events() {
        return request.events | response.events;
    }

    /** The length of the host's name, an address in brackets taken as a whole. */
    private int withoutPort() {
        int length = host.length();
        boolean bracketed = length > 0 && host.at(0) == '[';
        for (int i = 1; i < length; i++) {
            if (host.at(i) == ':' && (!bracketed || host.at(i - 1) == ']')) {
                return i;
            }
        }
        return length;
    }

    /** What EVE tells of it. */
    public ips.core.verdict.AlertDetails.Http details() {
        String name = findHost() ? host.text(0, withoutPort()) : null;
        boolean asked = request.state != HttpMessage.State.LINE;
        return new ips.core.verdict.AlertDetails.Http(
                name,
                asked ? request.rawUri.text() : null,
                request.text("user-agent"),
                response.text("content-type"),
                request.text("referer"),
                asked
                        ? request.line.text(
                                request.firstStart, request.firstEnd - request.firstStart)
                        : null,
                asked && request.thirdEnd > request.thirdStart
                        ? request.line.text(
                                request.thirdStart, request.thirdEnd - request.thirdStart)
                        : null,
                response.headComplete() ? response.status() : -1,
                response.bodyBytes);
    }
}
