package example;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import ips.core.payload.RequestJudge;
import ips.core.payload.RequestVerdict;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Refuses requests that attack, as a servlet filter would: {@code doFilter} calls {@link #attacks}
 * and answers 403 or goes on with the chain.
 */
public final class PayloadFilter {
    /** A judge and the buffers it reads from belong to one thread. */
    private static final class PerThread {
        private final RequestJudge judge = new RequestJudge(RequestJudge.Config.DEFAULTS);
        private final FrameBuffer name = new FrameBuffer();
        private final FrameBuffer value = new FrameBuffer();
    }

    private final ThreadLocal<PerThread> perThread = ThreadLocal.withInitial(PerThread::new);
    private final Consumer<String> log;

    public PayloadFilter(Consumer<String> log) {
        this.log = log;
    }

    /**
     * @param path {@code request.getRequestURI()}: as the client sent it, not decoded
     * @param query {@code request.getQueryString()}, or null
     * @param headers by name in lower case
     */
    public boolean attacks(String path, String query, Map<String, String> headers) {
        PerThread own = perThread.get();
        own.value.wrap(bytes(path));
        own.judge.begin(own.value, 0, own.value.capacity());
        judge(own, PartKind.PATH, "", path);
        if (query != null) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? "" : pair.substring(0, equals);
                judge(own, PartKind.QUERY, name, pair.substring(equals + 1));
            }
        }
        headers.forEach((name, value) -> judge(own, kind(name), name, value));

        RequestVerdict verdict = own.judge.verdict();
        if (verdict.attack()) {
            log.accept(
                    "%s (%d) in %s %s: %s: %s"
                            .formatted(
                                    verdict.kind().title(),
                                    verdict.score(),
                                    verdict.part(),
                                    verdict.partName(),
                                    verdict.reason(),
                                    verdict.excerpt()));
        }
        return verdict.attack();
    }

    private static void judge(PerThread own, PartKind part, String name, String value) {
        own.name.wrap(bytes(name));
        own.value.wrap(bytes(value));
        own.judge.part(part, own.name, 0, own.name.capacity(), own.value, 0, own.value.capacity());
    }

    private static PartKind kind(String header) {
        return switch (header) {
            case "user-agent" -> PartKind.USER_AGENT;
            case "referer", "origin" -> PartKind.REFERER;
            case "cookie" -> PartKind.COOKIE;
            default -> PartKind.HEADER;
        };
    }

    /** Containers hand out headers as ISO-8859-1: one character a byte. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
