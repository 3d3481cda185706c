package ips.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ips.cli.control.ControlClient;
import ips.cli.control.Reply;
import ips.cli.control.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A host that others attack, with the sensor on it and {@code --block nft}, and a web server. A
 * table of its own counts, per source address, what reaches the host and what passes the sensor's
 * table. For one test's thread.
 */
final class VictimHost implements AutoCloseable {
    /**
     * Runs what is behind it with SIGINT and SIGHUP as at a terminal. What a shell starts in the
     * background ignores the one, what nohup starts the other, tests among them, and Java then
     * ignores it, too.
     */
    private static final String WITH_SIGNALS =
            "import os, signal, sys;"
                    + "signal.signal(signal.SIGINT, signal.SIG_DFL);"
                    + "signal.signal(signal.SIGHUP, signal.SIG_DFL);"
                    + "os.execvp(sys.argv[1], sys.argv[1:])";

    static final String VICTIM = "victim";
    static final String ATTACKER = "attacker";
    static final String CLIENT = "client";
    static final Duration LONG = Duration.ofSeconds(15);

    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    final Namespaces hosts;
    private final Path folder;
    private int sensors;
    private Process attack;

    /** Something that is waited for. */
    interface Check {
        boolean holds() throws Exception;
    }

    /** Makes the hosts and starts the server. */
    VictimHost(Path folder) throws Exception {
        this.folder = folder;
        hosts = new Namespaces(VICTIM, ATTACKER, CLIENT);
        hosts.start(VICTIM, folder.resolve("server.txt"), python("server.py"));
        nft("add table inet behind");
        nft("add chain inet behind reached { type filter hook prerouting priority -400; }");
        nft("add chain inet behind passed { type filter hook input priority 0; }");
        nft("add chain inet behind forwarded { type filter hook forward priority 0; }");
    }

    /** The command that runs one of the scripts among the test's resources. */
    static List<String> python(String script, String... arguments) throws IOException {
        try (InputStream text = VictimHost.class.getResourceAsStream(script)) {
            String program = new String(text.readAllBytes(), StandardCharsets.UTF_8);
            List<String> command = new ArrayList<>(List.of("python3", "-c", program));
            command.addAll(List.of(arguments));
            return command;
        }
    }

    /** Starts a sensor on the host and waits until it watches. */
    Process startSensor(String... options) throws Exception {
        return startSensor(List.of(), System.getProperty("java.class.path"), options);
    }

    /**
     * The same.
     *
     * @param wrapper a command that runs the one behind it, such as setpriv
     */
    Process startSensor(List<String> wrapper, String classPath, String... options)
            throws Exception {
        sensors++;
        List<String> command = new ArrayList<>(List.of("python3", "-c", WITH_SIGNALS));
        command.addAll(wrapper);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        "ips.cli.Ips",
                        "run",
                        "--interface",
                        "eth0",
                        "--set",
                        "capture.warm-up=false",
                        "--block",
                        "nft",
                        "--control-socket",
                        socket().toString(),
                        "--log-dir",
                        logs().toString()));
        command.addAll(List.of(options));
        Process process = hosts.start(VICTIM, folder.resolve("sensor" + sensors + ".txt"), command);
        await("the sensor does not start", () -> said().contains("watching eth0"));
        await("no table", () -> nft("list tables").contains("inet ips"));
        Thread.sleep(500);
        return process;
    }

    Path logs() {
        return folder.resolve("logs");
    }

    private Path socket() {
        return logs().resolve("control.sock");
    }

    /** What the sensor started last has printed. */
    String said() throws IOException {
        return Files.readString(folder.resolve("sensor" + sensors + ".txt"));
    }

    /** Waits for something; how long it took, in milliseconds. */
    long await(String failure, Check check) throws Exception {
        long beginNs = System.nanoTime();
        while (!check.holds()) {
            assertTrue(
                    System.nanoTime() - beginNs < LONG.toNanos(),
                    () -> failure + ":\n" + log() + saidOrWhyNot());
            Thread.sleep(20);
        }
        return (System.nanoTime() - beginNs) / 1_000_000;
    }

    private String saidOrWhyNot() {
        try {
            return said();
        } catch (IOException e) {
            return e.toString();
        }
    }

    String nft(String command) throws Exception {
        return hosts.run(VICTIM, LONG, "nft", command).output();
    }

    String log() {
        try {
            return Files.readString(logs().resolve("blocked_ips.log"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Lines of blocked_ips.log on an event of an address: ban, release, restore. */
    Stream<String> log(String event, String address) {
        return log().lines().filter(line -> line.contains(" " + event + " " + address + " "));
    }

    /** Asks the sensor through its control socket. */
    Reply ask(String command, String... namesAndValues) {
        Map<String, String> fields = new TreeMap<>(Map.of("command", command, "format", "json"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return ControlClient.ask(socket(), new Request(fields));
    }

    JsonNode answer(String command) throws IOException {
        return JSON.readTree(ask(command).text());
    }

    /** The bans in force, by address. */
    Map<String, JsonNode> bans() throws IOException {
        Map<String, JsonNode> bans = new TreeMap<>();
        answer("bans").forEach(ban -> bans.put(ban.get("address").asText(), ban));
        return bans;
    }

    /** Counts an address's packets from now on. */
    void count(String address) throws Exception {
        String source = (address.contains(":") ? "ip6" : "ip") + " saddr " + address;
        for (String chain : List.of("reached", "passed", "forwarded")) {
            nft("add rule inet behind " + chain + " " + source + " counter");
        }
    }

    /** Packets of an address that came to the host, whatever became of them. */
    long reached(String address) throws Exception {
        return counted("reached", address);
    }

    /** Packets of an address that were not stopped, for this host or one behind it. */
    long passed(String address) throws Exception {
        return counted("passed", address) + counted("forwarded", address);
    }

    private long counted(String chain, String address) throws Exception {
        return nft("list chain inet behind " + chain)
                .lines()
                .filter(line -> line.contains("saddr " + address + " "))
                .map(PACKETS::matcher)
                .filter(Matcher::find)
                .mapToLong(packets -> Long.parseLong(packets.group(1)))
                .sum();
    }

    /** Starts an attack from the attacker's host; another one ends first. */
    void attack(List<String> command) throws Exception {
        stopAttack();
        attack = hosts.start(ATTACKER, folder.resolve("attack.txt"), command);
    }

    void attack(String command) throws Exception {
        attack(List.of(command.split(" ")));
    }

    void stopAttack() throws InterruptedException {
        if (attack != null) {
            attack.destroyForcibly().waitFor();
        }
    }

    /** Watches for two seconds; how long after the call the last packet of an address passed. */
    long msUntilLastPacket(String address) throws Exception {
        long beginNs = System.nanoTime();
        long lastNs = beginNs;
        long before = passed(address);
        while (System.nanoTime() - beginNs < 2_000_000_000L) {
            long now = passed(address);
            if (now != before) {
                lastNs = System.nanoTime();
                before = now;
            }
        }
        return (lastNs - beginNs) / 1_000_000;
    }

    @Override
    public void close() {
        hosts.close();
    }
}
