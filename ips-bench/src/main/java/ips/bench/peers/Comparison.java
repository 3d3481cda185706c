package ips.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Runs contenders over data sets, in turns: one run of each, then the next of each, so that what
 * else the machine does falls on all of them. A run that fails, or says that it read another number
 * of frames than there are, is no run.
 */
final class Comparison {
    /** Of a contender over a data set: the seconds of each run of the whole process. */
    record Timing(String contender, DataSet data, List<Double> seconds) {
        double median() {
            List<Double> sorted = seconds.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1
                    ? sorted.get(middle)
                    : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }

        double least() {
            return seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        }
    }

    private final Path work;
    private final int runs;
    private final Consumer<String> progress;

    /**
     * @param work where programs are started
     * @param runs of each contender over each data set
     * @param progress told in a line what is done
     */
    Comparison(Path work, int runs, Consumer<String> progress) {
        this.work = work;
        this.runs = runs;
        this.progress = progress;
    }

    /** The timings of a data set, by contender in their order. */
    List<Timing> over(DataSet data, List<Contender> contenders)
            throws IOException, InterruptedException {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        for (int run = 1; run <= runs; run++) {
            for (Contender contender : contenders) {
                double time = time(contender, data);
                seconds.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(time);
                progress.accept(
                        "%s, run %d of %d: %s %.2f s"
                                .formatted(data.name(), run, runs, contender.name(), time));
            }
        }
        List<Timing> timings = new ArrayList<>();
        seconds.forEach((name, times) -> timings.add(new Timing(name, data, times)));
        return timings;
    }

    private double time(Contender contender, DataSet data)
            throws IOException, InterruptedException {
        List<String> command = contender.command(data.file());
        Programs.Run run = Programs.run(work, contender.environment(), command);
        if (run.exitCode() != 0) {
            throw new IOException(
                    "%s ended with %d: %s"
                            .formatted(
                                    String.join(" ", command),
                                    run.exitCode(),
                                    run.output().strip()));
        }
        OptionalLong read = contender.framesRead(run.output());
        if (read.isEmpty() || read.getAsLong() != data.frames()) {
            throw new IOException(
                    "%s read %s frames of %d in %s"
                            .formatted(
                                    contender.name(),
                                    read.isEmpty() ? "an unknown number of" : read.getAsLong(),
                                    data.frames(),
                                    data.file()));
        }
        return run.seconds();
    }
}
