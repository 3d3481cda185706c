package ips.core.block.nft;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where this host's programs are. */
public final class HostPrograms {
    /** A sensor's PATH often lacks the folders of root. */
    private static final List<String> FOLDERS =
            List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin");

    private HostPrograms() {}

    /**
     * A program that may be run.
     *
     * @param program a path, or a name that is looked for on the PATH and in the usual folders
     */
    public static Optional<Path> find(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                        FOLDERS.stream())
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
