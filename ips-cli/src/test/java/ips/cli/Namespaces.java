package ips.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hosts of a test's own: network namespaces on one switch, each with an interface {@code eth0}, an
 * IPv4 and an IPv6 address. Nothing leaves them; closing ends what runs in them and takes them
 * down.
 */
final class Namespaces implements AutoCloseable {
    private static final Duration SHORT = Duration.ofSeconds(10);

    private final String prefix = "ips-" + ProcessHandle.current().pid() + "-";
    private final List<String> names;
    private final List<String> behind = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    /** What a command printed, both streams, and how it ended. */
    record Result(int exitCode, String output) {}

    /** One sentence on what is missing to make namespaces and run these tools, if anything is. */
    static Optional<String> missing(String... tools) throws IOException, InterruptedException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("network namespaces are Linux's");
        }
        for (String tool : Stream.concat(Stream.of("ip"), Stream.of(tools)).toList()) {
            if (find(tool).isEmpty()) {
                return Optional.of(tool + " is not installed");
            }
        }
        String probe = "ips-probe-" + ProcessHandle.current().pid();
        if (execute(SHORT, List.of(tool("ip"), "netns", "add", probe)).exitCode() != 0) {
            return Optional.of("network namespaces need root");
        }
        execute(SHORT, List.of(tool("ip"), "netns", "del", probe));
        return Optional.empty();
    }

    /** Makes a host of each name; the first has the addresses .1 and ::1. */
    Namespaces(String... names) throws IOException, InterruptedException {
        this.names = List.of(names);
        try {
            ip("netns", "add", prefix + "switch");
            // It forgets addresses at once and so sends everything everywhere, as a hub does: a
            // replayed capture shows both ends of its connections on one port.
            ip("-n", prefix + "switch", "link", "add", "br0", "type", "bridge", "ageing_time", "0");
            ip("-n", prefix + "switch", "link", "set", "br0", "up");
            for (String name : names) {
                add(name);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void add(String name) throws IOException, InterruptedException {
        String host = prefix + name;
        ip("netns", "add", host);
        ip(
                "-n",
                host,
                "link",
                "add",
                "eth0",
                "type",
                "veth",
                "peer",
                "name",
                "to-" + name,
                "netns",
                prefix + "switch");
        ip("-n", prefix + "switch", "link", "set", "to-" + name, "master", "br0", "up");
        ip("-n", host, "address", "add", address(name) + "/24", "dev", "eth0");
        ip("-n", host, "address", "add", address6(name) + "/64", "dev", "eth0", "nodad");
        ip("-n", host, "link", "set", "lo", "up");
        ip("-n", host, "link", "set", "eth0", "up");
    }

    String address(String name) {
        return "10.99.0." + (names.indexOf(name) + 1);
    }

    String address6(String name) {
        return "fd99::" + (names.indexOf(name) + 1);
    }

    /** Gives a host one more address, such as 10.99.0.101 or fd99::101. */
    void addAddress(String name, String address) throws IOException, InterruptedException {
        if (address.contains(":")) {
            ip("-n", prefix + name, "address", "add", address + "/64", "dev", "eth0", "nodad");
        } else {
            ip("-n", prefix + name, "address", "add", address + "/24", "dev", "eth0");
        }
    }

    /** Lets a host send what is for a network through another host. */
    void addRoute(String name, String network, String gateway)
            throws IOException, InterruptedException {
        ip("-n", prefix + name, "route", "add", network, "via", address(gateway));
    }

    /** Puts a host of a network of its own behind another, which forwards; returns its address. */
    String addBehind(String gateway, String name) throws IOException, InterruptedException {
        String host = prefix + name;
        ip("netns", "add", host);
        behind.add(host);
        ip(
                "-n",
                prefix + gateway,
                "link",
                "add",
                "inner0",
                "type",
                "veth",
                "peer",
                "eth0",
                "netns",
                host);
        ip("-n", prefix + gateway, "address", "add", "10.98.0.1/24", "dev", "inner0");
        ip("-n", prefix + gateway, "link", "set", "inner0", "up");
        ip("-n", host, "address", "add", "10.98.0.2/24", "dev", "eth0");
        ip("-n", host, "link", "set", "eth0", "up");
        ip("-n", host, "route", "add", "default", "via", "10.98.0.1");
        run(gateway, SHORT, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        return "10.98.0.2";
    }

    /** Runs a command on a host to its end; it is killed when the time is over. */
    Result run(String name, Duration timeout, String... command)
            throws IOException, InterruptedException {
        return execute(timeout, on(name, List.of(command)));
    }

    /** Starts a command on a host, its output going to a file; it ends with the test at last. */
    Process start(String name, Path output, List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(on(name, command))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        processes.add(process);
        return process;
    }

    private List<String> on(String name, List<String> command) {
        List<String> all = new ArrayList<>(List.of(tool("ip"), "netns", "exec", prefix + name));
        all.add(tool(command.get(0)));
        all.addAll(command.subList(1, command.size()));
        return all;
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool("ip")));
        command.addAll(List.of(arguments));
        Result result = execute(SHORT, command);
        if (result.exitCode() != 0) {
            throw new IOException(command + ": " + result.output());
        }
    }

    private static Result execute(Duration timeout, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("ips-test", ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    private static Optional<Path> find(String tool) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String tool(String name) {
        return name.startsWith("/") ? name : find(name).map(Path::toString).orElse(name);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        try {
            for (Process process : processes) {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
            for (String name : names) {
                execute(SHORT, List.of(tool("ip"), "netns", "del", prefix + name));
            }
            for (String host : behind) {
                execute(SHORT, List.of(tool("ip"), "netns", "del", host));
            }
            execute(SHORT, List.of(tool("ip"), "netns", "del", prefix + "switch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
