package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
    private final AtomicReference<String> status = new AtomicReference<>("");

    private MetricsServer open(int port) {
        return new MetricsServer(port, registry -> registry.gauge("ips.answer", 42), status::get);
    }

    private static HttpResponse<String> get(MetricsServer server, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void showsMetricsAsPrometheusReadsThem() throws Exception {
        try (MetricsServer server = open(0)) {
            HttpResponse<String> response = get(server, "/metrics");

            assertEquals(200, response.statusCode());
            assertTrue(response.body().contains("ips_answer 42.0"), response.body());
            assertTrue(
                    response.headers()
                            .firstValue("Content-Type")
                            .orElse("")
                            .startsWith("text/plain"));
        }
    }

    @Test
    void tellsWhetherTheSensorIsWell() throws Exception {
        try (MetricsServer server = open(0)) {
            assertEquals(200, get(server, "/healthz").statusCode());

            status.set("eth0 is down");

            HttpResponse<String> response = get(server, "/healthz");
            assertEquals(503, response.statusCode());
            assertEquals("eth0 is down\n", response.body());
        }
    }

    @Test
    void isNotHeldUpByHalfARequest() throws Exception {
        try (MetricsServer server = open(0);
                Socket half = new Socket("127.0.0.1", server.port())) {
            half.getOutputStream().write("GET /metrics HTT".getBytes(StandardCharsets.US_ASCII));
            half.getOutputStream().flush();
            Thread.sleep(200);

            HttpResponse<String> response =
                    assertTimeoutPreemptively(
                            Duration.ofSeconds(20), () -> get(server, "/metrics"));

            assertEquals(200, response.statusCode());
        }
    }

    @Test
    void knowsNothingElse() throws Exception {
        try (MetricsServer server = open(0)) {
            assertEquals(404, get(server, "/").statusCode());
        }
    }

    @Test
    void saysWhenThePortIsTaken() {
        try (MetricsServer first = open(0)) {
            UserError error = assertThrows(UserError.class, () -> open(first.port()));

            assertEquals(ExitCode.ENVIRONMENT, error.exitCode());
            assertTrue(error.getMessage().contains("127.0.0.1:" + first.port()));
        }
    }
}
