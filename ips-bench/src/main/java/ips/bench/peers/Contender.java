package ips.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A program that reads a capture file, named last on its command line, from beginning to end. */
final class Contender {
    /** What a program says of its version, and its command line as far as the capture file. */
    record Ready(String version, List<String> command) {}

    /** Looks for a program and makes ready what it needs in the work folder. */
    @FunctionalInterface
    interface Preparation {
        /**
         * @throws IOException if the program is not there or cannot be made ready; the message says
         *     why
         */
        Ready prepare(Path work) throws IOException;
    }

    private final String name;
    private final Map<String, String> environment;
    private final Pattern framesRead;
    private final Preparation preparation;
    private Ready ready;

    /**
     * @param name as the table names it
     * @param environment variables that are set for it
     * @param framesRead where in its output it says how many frames it has read
     */
    Contender(
            String name,
            Map<String, String> environment,
            Pattern framesRead,
            Preparation preparation) {
        this.name = name;
        this.environment = environment;
        this.framesRead = framesRead;
        this.preparation = preparation;
    }

    String name() {
        return name;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Must have succeeded before {@link #command}; returns the version. */
    String prepare(Path work) throws IOException {
        ready = preparation.prepare(work);
        return ready.version();
    }

    List<String> command(Path capture) {
        List<String> command = new ArrayList<>(ready.command());
        command.add(capture.toString());
        return command;
    }

    /** How many frames it says it has read, where it says so. */
    OptionalLong framesRead(String output) {
        return PeerPrograms.number(framesRead, output.strip());
    }
}
