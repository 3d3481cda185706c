package ips.core.inspect;

import ips.core.verdict.AlertDetails;
import java.util.Locale;

/** A request and its response. Used again for another once rules are through with it. */
public final class HttpTransaction extends AppTransaction {
    final HttpMessage request;
    final HttpMessage response;
    private final GrowingBytes host;
    private boolean ofUri;

    /** Whether the request is of HTTP/0.9: its response is but a body. */
    boolean bare;

    /** Whether its client was told to go on with the body. */
    boolean continued;

    HttpTransaction(BufferPool buffers) {
        request = new HttpMessage(true, buffers);
        response = new HttpMessage(false, buffers);
        host = new GrowingBytes(buffers, 4096);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        bare = false;
        continued = false;
        request.begin();
        response.begin();
        host.restart();
    }

    /** Lets go of the buffers kept for the next, while it is no one's. */
    void giveBuffersBack() {
        request.giveBuffersBack();
        response.giveBuffersBack();
        host.clear();
    }

    public HttpMessage side(boolean toServer) {
        return toServer ? request : response;
    }

    @Override
    public boolean news(boolean toServer) {
        return side(toServer).news();
    }

    @Override
    public FoundRules found(boolean toServer) {
        return side(toServer).found();
    }

    @Override
    public boolean ready(String word, boolean toServer) {
        return switch (word) {
            case "http_request_body" -> request.bodyReady();
            case "http_response_body" -> response.bodyReady();
            case "file_data" -> side(toServer).bodyReady();
            case "file_size", "file_whole" -> side(toServer).done();
            default -> true;
        };
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        return HttpBuffers.of(this, word, toServer, index, into);
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
        host.restart();
        ofUri = UriText.authority(request.rawUri, host);
        if (!ofUri && request.isConnect()) {
            host.add(request.rawUri, 0, request.rawUri.length());
            ofUri = true;
        }
        if (ofUri) {
            return true;
        }
        int header = request.fields.find("host");
        if (header < 0 || request.fields.valueLength(header) == 0) {
            return false;
        }
        request.fields.addValues(header, host);
        return true;
    }

    /** The host and port that the URI names, which is absolute or that of CONNECT; or null. */
    GrowingBytes hostOfUri() {
        return findHost() && ofUri ? host : null;
    }

    /** Whether the URI is absolute and its host is not that of the header. */
    boolean namesAnotherHost(int header) {
        if (!findHost() || !ofUri) {
            return false;
        }
        int length = withoutPort();
        if (request.fields.valueLength(header) < length) {
            return true;
        }
        for (int i = 0; i < length; i++) {
            int named = request.fields.text().at(request.fields.valueAt(header) + i);
            if (Character.toLowerCase(host.at(i)) != Character.toLowerCase(named)) {
                return true;
            }
        }
        return false;
    }

    @Override
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

    /** What stands behind the host's name, or 0. */
    private int port() {
        int port = 0;
        for (int i = withoutPort() + 1; i < host.length(); i++) {
            int digit = host.at(i) - '0';
            if (digit < 0 || digit > 9 || port > 65_535) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port > 65_535 ? 0 : port;
    }

    private static String withoutParameters(String type) {
        int end = type == null ? -1 : type.indexOf(';');
        return end < 0 ? type : type.substring(0, end);
    }

    /** What EVE tells of it. */
    public AlertDetails.Http details() {
        String name = findHost() ? host.text(0, withoutPort()) : null;
        if (name != null && ofUri) {
            name = name.toLowerCase(Locale.ROOT);
        }
        boolean asked = request.state != HttpMessage.State.LINE;
        return new AlertDetails.Http(
                name,
                name == null ? 0 : port(),
                asked ? request.rawUri.text() : null,
                request.fields.valueText("user-agent"),
                request.fields.valueText("x-forwarded-for"),
                withoutParameters(response.fields.valueText("content-type")),
                response.fields.valueText("content-range"),
                request.fields.valueText("referer"),
                asked
                        ? request.line.text(
                                request.firstStart, request.firstEnd - request.firstStart)
                        : null,
                asked && request.thirdEnd > request.thirdStart
                        ? request.line.text(
                                request.thirdStart, request.thirdEnd - request.thirdStart)
                        : null,
                response.headComplete() ? response.status() : -1,
                response.fields.valueText("location"),
                response.bodyBytes);
    }
}
