package ips.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ips selftest}: two hosts in network namespaces of its own, a sensor on one and a UDP flood
 * from the other; packets are counted behind the firewall. Takes half a minute, touches nothing
 * else, and takes everything down again.
 */
@Command(
        name = "selftest",
        description =
                "Proves with real packets, in network namespaces of its own, that a ban stops an"
                        + " attacker and that its end lets him in again. Needs root, ip and nft.",
        mixinStandardHelpOptions = true)
final class SelftestCommand implements SensorCommand {
    private static final String ATTACKER = "192.0.2.2";
    private static final String VICTIM = "192.0.2.1";
    private static final int PORT = 9;
    private static final long LONGEST_MS = 20_000;
    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    private final Terminal terminal;

    @Option(names = "--flood", hidden = true, description = "Be the attacker.")
    private String flood;

    private final String name = "ips-selftest-" + ProcessHandle.current().pid();
    private final List<Process> processes = new ArrayList<>();
    private Path folder;

    SelftestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (flood != null) {
            return attack(InetAddress.getByName(flood));
        }
        folder = Files.createTempDirectory("ips-selftest");
        try {
            return test();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.ENVIRONMENT;
        } finally {
            cleanUp();
        }
    }

    private int attack(InetAddress victim) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            DatagramPacket packet = new DatagramPacket(new byte[64], 64, victim, PORT);
            while (true) {
                try {
                    socket.send(packet);
                } catch (IOException e) {
                    // The victim says that nobody listens: what it is for.
                }
                LockSupport.parkNanos(200_000);
            }
        }
    }

    private int test() throws IOException, InterruptedException {
        String victim = name + "-v";
        String attacker = name + "-a";
        ip("netns", "add", victim);
        ip("netns", "add", attacker);
        ip("-n", victim, "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", attacker);
        for (String host : List.of(victim, attacker)) {
            String address = host.equals(victim) ? VICTIM : ATTACKER;
            ip("-n", host, "address", "add", address + "/24", "dev", "eth0");
            ip("-n", host, "link", "set", "lo", "up");
            ip("-n", host, "link", "set", "eth0", "up");
        }
        nft("add table inet behind");
        nft("add chain inet behind c { type filter hook input priority 0; }");
        nft("add rule inet behind c ip saddr " + ATTACKER + " counter");
        Process sensor =
                ips(
                        victim,
                        "run",
                        "--interface",
                        "eth0",
                        "--block",
                        "nft",
                        "--ban-time",
                        "4s",
                        "--control-socket",
                        "none",
                        "--log-dir",
                        folder.toString());
        await("the sensor starts", sensor, () -> nft("list tables").contains("inet ips"));
        TimeUnit.SECONDS.sleep(1);

        Process attack = ips(attacker, "selftest", "--flood", VICTIM);
        await("packets of the attacker arrive", sensor, () -> arrived() > 0);
        await("the attacker is banned", sensor, () -> logged(" ban " + ATTACKER));
        TimeUnit.MILLISECONDS.sleep(1000);
        long blocked = arrived();
        TimeUnit.MILLISECONDS.sleep(1000);
        long later = arrived();
        check("packets of the banned no longer arrive", later == blocked);
        attack.destroyForcibly().waitFor();
        await("the ban ends by itself", sensor, () -> logged(" release " + ATTACKER));
        ips(attacker, "selftest", "--flood", VICTIM);
        await("packets arrive again", sensor, () -> arrived() > blocked);
        terminal.out().println("all is well: bans stop packets on this host, and lift");
        return ExitCode.OK;
    }

    private interface Check {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(String what, Process sensor, Check check)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long ms = 0;
        boolean holds = check.holds();
        while (!holds && ms < LONGEST_MS && sensor.isAlive()) {
            TimeUnit.MILLISECONDS.sleep(20);
            holds = check.holds();
            ms = (System.nanoTime() - begin) / 1_000_000;
        }
        check(what + " (" + ms + " ms)", holds);
    }

    private void check(String what, boolean holds) throws IOException {
        terminal.out().println((holds ? "ok    " : "FAILS ") + what);
        if (!holds) {
            Path said = folder.resolve("run.txt");
            if (Files.exists(said)) {
                terminal.err().print(Files.readString(said));
            }
            throw new UserError(
                    ExitCode.ENVIRONMENT, "the self-test failed; ips doctor may say why");
        }
    }

    private long arrived() throws IOException, InterruptedException {
        Matcher packets = PACKETS.matcher(nft("list chain inet behind c"));
        return packets.find() ? Long.parseLong(packets.group(1)) : 0;
    }

    private boolean logged(String text) throws IOException {
        Path log = folder.resolve("blocked_ips.log");
        return Files.exists(log) && Files.readString(log).contains(text);
    }

    private Process ips(String host, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "ip",
                                "netns",
                                "exec",
                                host,
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx320m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Ips.class.getName()));
        command.addAll(List.of(arguments));
        Process process =
                builder(command)
                        .redirectOutput(folder.resolve(arguments[0] + ".txt").toFile())
                        .start();
        processes.add(process);
        return process;
    }

    private String nft(String command) throws IOException, InterruptedException {
        return run(List.of("ip", "netns", "exec", name + "-v", "nft", command));
    }

    private void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        run(command);
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        return builder;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = builder(command).start();
        } catch (IOException e) {
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    command.get(0) + " is missing; sudo apt install iproute2 nftables",
                    e);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new UserError(
                    ExitCode.PERMISSION,
                    "network namespaces and nft need root: "
                            + String.join(" ", command)
                            + ": "
                            + output.lines().findFirst().orElse("failed"));
        }
        return output;
    }

    private void cleanUp() throws IOException {
        processes.forEach(Process::destroyForcibly);
        for (String host : List.of(name + "-v", name + "-a")) {
            try {
                run(List.of("ip", "netns", "del", host));
            } catch (UserError e) {
                // It was never made.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
