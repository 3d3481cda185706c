package ips.bench.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A benchmark's primary result in a file of JMH's.
 *
 * @param benchmark class, method and parameters, as {@code PipelineBenchmark.frames flood=ICMP}
 * @param score the mean over all iterations
 * @param error half of the interval that holds the true mean with 99.9 %, by JMH; where a run had
 *     too few iterations for that, half of what lies between the least and the greatest
 * @param unit of score and error; per time or time per operation
 */
record Result(String benchmark, double score, double error, String unit) {
    /**
     * The results of a file, by benchmark.
     *
     * @throws IOException if it cannot be read or is not JMH's; the message says which file
     */
    static Map<String, Result> read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " is not there, or may not be read");
        }
        JsonNode runs;
        try {
            runs = new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new IOException(file + " is no JSON, as JMH writes it with -rf json", e);
        }
        Map<String, Result> results = new LinkedHashMap<>();
        for (JsonNode run : runs) {
            JsonNode metric = run.path("primaryMetric");
            if (!metric.path("score").isNumber()) {
                throw new IOException(file + " holds no results; JMH writes them with -rf json");
            }
            double error = metric.path("scoreError").asDouble(Double.NaN);
            Result result =
                    new Result(
                            name(run),
                            metric.get("score").asDouble(),
                            Double.isNaN(error) ? halfRange(metric.path("rawData")) : error,
                            metric.path("scoreUnit").asText());
            results.put(result.benchmark, result);
        }
        if (results.isEmpty()) {
            throw new IOException(file + " holds no results; JMH writes them with -rf json");
        }
        return results;
    }

    /** How many times as fast as an earlier result. */
    double speedup(Result earlier) {
        return isTime() ? earlier.score / score : score / earlier.score;
    }

    /** Whether the two differ by more than both errors together, and by more than a part. */
    boolean differs(Result earlier, double least) {
        return Math.abs(score - earlier.score) > error + earlier.error
                && Math.abs(score / earlier.score - 1) > least;
    }

    private boolean isTime() {
        return unit.endsWith("/op");
    }

    private static String name(JsonNode run) {
        String[] parts = run.path("benchmark").asText().split("\\.");
        int last = parts.length - 1;
        StringBuilder name = new StringBuilder(parts[last]);
        if (last > 0) {
            name.insert(0, parts[last - 1] + ".");
        }
        Map<String, String> parameters = new TreeMap<>();
        run.path("params")
                .properties()
                .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
        parameters.forEach((key, value) -> name.append(' ').append(key).append('=').append(value));
        return name.toString();
    }

    private static double halfRange(JsonNode forks) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (JsonNode fork : forks) {
            for (JsonNode score : fork) {
                least = Math.min(least, score.asDouble());
                greatest = Math.max(greatest, score.asDouble());
            }
        }
        return greatest > least ? (greatest - least) / 2 : 0;
    }
}
