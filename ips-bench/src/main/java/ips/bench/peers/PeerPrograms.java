package ips.bench.peers;

import ips.core.block.nft.HostPrograms;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds and runs other programs. */
final class PeerPrograms {
    private static final long LONGEST_RUN_MINUTES = 5;

    private PeerPrograms() {}

    /** How a run went: everything it printed, and the wall time of the whole process. */
    record Run(int exitCode, String output, double seconds) {}

    /**
     * @throws IOException if there is no such program on the PATH
     */
    static Path find(String program) throws IOException {
        return HostPrograms.find(program)
                .map(Path::toAbsolutePath)
                .orElseThrow(() -> new IOException("there is no program " + program));
    }

    static Run run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            long start = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_RUN_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new IOException(
                        "%s ran longer than %d minutes"
                                .formatted(command.get(0), LONGEST_RUN_MINUTES));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            return new Run(process.exitValue(), text, seconds);
        } finally {
            Files.delete(output);
        }
    }

    /** The number in the first group of a pattern, where it occurs. */
    static OptionalLong number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                : OptionalLong.empty();
    }

    /** The first line that a command prints and that fits a pattern. */
    static String version(Path folder, Pattern pattern, List<String> command) throws IOException {
        try {
            Matcher matcher = pattern.matcher(run(folder, Map.of(), command).output());
            return matcher.find() ? matcher.group(1) : "of unknown version";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    /** Writes a file that lies beside these classes into a folder. */
    static Path unpack(String resource, Path folder) throws IOException {
        Path file = folder.resolve(resource);
        try (InputStream in = PeerPrograms.class.getResourceAsStream(resource)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
