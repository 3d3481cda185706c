package ips.bench.peers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Runs contenders over data sets, in turns: one run of each, then the next of each, so that what
 * else the machine does falls on all of them. The file is read once before, so that none of them
 * waits for the disk. Right before each run the same program is timed over a file of one frame,
 * which is its start. A run that fails, does not end, or reports another number of frames than
 * there are does not count: a peer with such a run is left out of the data set; if it is ips
 * itself, the comparison ends.
 */
final class Comparison {
    /**
     * Of a contender over a data set: the seconds of each run of the whole process, and of its
     * start just before.
     */
    record Timing(String contender, DataSet data, List<Double> starts, List<Double> seconds) {
        Timing(String contender, DataSet data) {
            this(contender, data, new ArrayList<>(), new ArrayList<>());
        }

        double median() {
            return median(seconds);
        }

        double start() {
            return median(starts);
        }

        /** What the data took by themselves. */
        double net() {
            return median() - start();
        }

        private static double median(List<Double> times) {
            List<Double> sorted = times.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1
                    ? sorted.get(middle)
                    : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }

        double least() {
            return seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        }
    }

    /** A contender that is left out of a data set, and why. */
    record Failure(String contender, DataSet data, String why) {}

    private final Path work;
    private final DataSet oneFrame;
    private final int runs;
    private final Consumer<String> progress;
    private final List<Failure> failures = new ArrayList<>();

    /**
     * @param work where programs are started
     * @param oneFrame what a program's start is timed over
     * @param runs of each contender over each data set
     * @param progress told in a line what is done
     */
    Comparison(Path work, DataSet oneFrame, int runs, Consumer<String> progress) {
        this.work = work;
        this.oneFrame = oneFrame;
        this.runs = runs;
        this.progress = progress;
    }

    /**
     * The timings of a data set, by contender in their order.
     *
     * @throws IOException if the first contender, which the others are compared with, failed
     */
    List<Timing> over(DataSet data, List<Contender> contenders)
            throws IOException, InterruptedException {
        Files.copy(data.file(), OutputStream.nullOutputStream());
        Map<String, Timing> timings = new LinkedHashMap<>();
        List<Contender> running = new ArrayList<>(contenders);
        for (int run = 1; run <= runs; run++) {
            for (Contender contender : List.copyOf(running)) {
                try {
                    double start = time(contender, oneFrame);
                    double time = time(contender, data);
                    Timing timing =
                            timings.computeIfAbsent(
                                    contender.name(), name -> new Timing(name, data));
                    timing.starts().add(start);
                    timing.seconds().add(time);
                    progress.accept(
                            "%s, run %d of %d: %s %.2f s"
                                    .formatted(data.name(), run, runs, contender.name(), time));
                } catch (IOException e) {
                    if (contender == contenders.get(0)) {
                        throw e;
                    }
                    running.remove(contender);
                    timings.remove(contender.name());
                    failures.add(new Failure(contender.name(), data, e.getMessage()));
                    progress.accept(
                            "%s left out of %s: %s"
                                    .formatted(contender.name(), data.name(), e.getMessage()));
                }
            }
        }
        return List.copyOf(timings.values());
    }

    /** Who was left out of what so far. */
    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** The seconds of one run. */
    double time(Contender contender, DataSet data) throws IOException, InterruptedException {
        List<String> command = contender.command(data.file());
        PeerPrograms.Run run = PeerPrograms.run(work, contender.environment(), command);
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
