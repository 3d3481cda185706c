package ips.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Prometheus' text format under {@code /metrics} and the sensor's own word under {@code /healthz},
 * on the loopback address only: its numbers are nobody else's business.
 */
final class MetricsServer implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    static {
        // Seconds for a request to arrive whole; without, whoever sends half of one holds the only
        // thread for ever. The JDK's server takes it no other way, and reads it once.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
    }

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ExecutorService threads =
            Executors.newSingleThreadExecutor(DaemonThreads.named("ips-metrics"));
    private final HttpServer server;

    /**
     * Listens at once.
     *
     * @param port 0 for any free one
     * @param status one sentence on what is wrong, or ""
     */
    MetricsServer(int port, MeterBinder metrics, Supplier<String> status) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 16);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    "--metrics-port: cannot listen on 127.0.0.1:%d (%s); choose another port"
                            .formatted(port, e.getMessage()),
                    e);
        }
        metrics.bindTo(registry);
        server.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
        server.createContext(
                "/healthz",
                exchange -> {
                    String wrong = status.get();
                    answer(exchange, wrong.isEmpty() ? 200 : 503, wrong.isEmpty() ? "ok" : wrong);
                });
        server.setExecutor(threads);
        server.start();
    }

    /** The port it listens on. */
    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body =
                    (text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8);
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", TEXT);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        registry.close();
    }
}
