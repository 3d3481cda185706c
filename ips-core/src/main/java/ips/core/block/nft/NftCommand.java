package ips.core.block.nft;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the {@code nft} program, never a shell: a script goes in through its standard input. It is
 * killed when its time is over, so that a hanging one costs that time and nothing else. One process
 * per batch: it costs 5 ms, and unlike a long-lived {@code nft -i} it says by its exit whether the
 * batch was taken as a whole.
 */
final class NftCommand {
    /** Enough for the elements of a million bans in JSON. */
    private static final int MOST_OUTPUT = 256 << 20;

    private static final int MOST_ERRORS = 64 << 10;

    private final String program;

    /** What came of one run; the exit code of one that did not come to its own end is -1. */
    record Result(int exitCode, byte[] output, String errors, Failure failure) {
        boolean ok() {
            return exitCode == 0;
        }
    }

    /** What kept a run from coming to its own end. */
    enum Failure {
        NONE,
        NOT_STARTED,
        TIMEOUT
    }

    NftCommand(String program) {
        this.program = program;
    }

    /** Applies a script: all of it or nothing. */
    Result apply(String script, Duration timeout) {
        return run(List.of("-f", "-"), script.getBytes(StandardCharsets.US_ASCII), timeout);
    }

    /** Asks for something, such as {@code -j list table inet ips}. */
    Result ask(Duration timeout, String... arguments) {
        return run(List.of(arguments), new byte[0], timeout);
    }

    private Result run(List<String> arguments, byte[] input, Duration timeout) {
        List<String> command = new ArrayList<>();
        command.add(HostPrograms.find(program).map(Path::toString).orElse(program));
        command.addAll(arguments);
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("LC_ALL", "C");
            process = builder.start();
        } catch (IOException e) {
            return new Result(-1, new byte[0], e.getMessage(), Failure.NOT_STARTED);
        }
        AtomicBoolean late = new AtomicBoolean();
        Output output = new Output(process.getInputStream(), MOST_OUTPUT);
        Output errors = new Output(process.getErrorStream(), MOST_ERRORS);
        Thread feeder = new Thread(() -> feed(process, input), "ips-nft-input");
        feeder.setDaemon(true);
        try {
            output.start();
            errors.start();
            feeder.start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                late.set(true);
            }
        } catch (InterruptedException e) {
            late.set(true);
            Thread.currentThread().interrupt();
        }
        if (late.get()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return new Result(-1, new byte[0], "", Failure.TIMEOUT);
        }
        return new Result(
                process.exitValue(),
                output.bytes(),
                new String(errors.bytes(), StandardCharsets.UTF_8),
                Failure.NONE);
    }

    private static void feed(Process process, byte[] input) {
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input);
        } catch (IOException e) {
            // It ended early; its exit says why.
        }
    }

    /** Takes in what a process says, up to a limit; the rest is read and forgotten. */
    private static final class Output extends Thread {
        private final InputStream stream;
        private final int most;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Output(InputStream stream, int most) {
            super("ips-nft-output");
            setDaemon(true);
            this.stream = stream;
            this.most = most;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[1 << 16];
            try (stream) {
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    synchronized (kept) {
                        kept.write(buffer, 0, Math.min(n, most - kept.size()));
                    }
                }
            } catch (IOException e) {
                // The process was killed.
            }
        }

        /**
         * Everything, once the process has ended; a grandchild that holds the pipe is not awaited.
         */
        byte[] bytes() {
            try {
                join(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (kept) {
                return kept.toByteArray();
            }
        }
    }
}
