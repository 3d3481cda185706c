package ips.core.block.nft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A network namespace with a firewall of its own, and a program {@code nft} that works in it. */
final class NftNamespace implements AutoCloseable {
    private static int made;

    private final String name;
    private final Path program;

    NftNamespace(Path folder) throws IOException, InterruptedException {
        name = "ips-nft-" + ProcessHandle.current().pid() + "-" + ++made;
        run("ip", "netns", "add", name);
        program = folder.resolve(name);
        repair();
    }

    /** One sentence on what is missing, if anything is. */
    static Optional<String> missing() throws IOException, InterruptedException {
        String probe = "ips-nft-probe-" + ProcessHandle.current().pid();
        try {
            if (!run("ip", "netns", "add", probe).isEmpty()) {
                return Optional.of("skipped: network namespaces need root");
            }
            String errors = run("ip", "netns", "exec", probe, "nft", "list", "tables");
            run("ip", "netns", "del", probe);
            return errors.isEmpty()
                    ? Optional.empty()
                    : Optional.of("skipped: nft does not work here: " + errors);
        } catch (IOException e) {
            return Optional.of("skipped: iproute2 is not installed");
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    /** What to give as {@link NftConfig#program}. */
    String program() {
        return program.toString();
    }

    /** Lets the program do what it should. */
    void repair() throws IOException {
        replace("exec ip netns exec " + name + " nft \"$@\"");
    }

    /** Lets the program do something else. */
    void replace(String line) throws IOException {
        Path next = program.resolveSibling(name + ".next");
        Files.writeString(next, "#!/bin/sh\nPATH=$PATH:/usr/sbin:/sbin\n" + line + "\n");
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(next, program, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What an operator would type. */
    String nft(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name, "nft"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("ip", "netns", "del", name);
    }
}
