package ips.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A program that reads a capture file from its beginning to its end. */
interface Contender {
    /** As the table names it. */
    String name();

    /**
     * Looks for the program and makes ready what it needs in the work folder.
     *
     * @return what its version is
     * @throws IOException if it is not there or cannot be made ready; the message says why
     */
    String prepare(Path work) throws IOException;

    /** The command that reads one file, after {@link #prepare}. */
    List<String> command(Path capture);

    /** Variables of the environment that belong to the command. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /**
     * How many frames it says it has read, where it says so; a run that says another is refused.
     */
    OptionalLong framesRead(String output);
}
