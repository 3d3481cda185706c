package ips.core.block;

import ips.core.packet.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.ErrorHandler;

/**
 * Reads what Linux says about a host in files: routes and connections from {@code /proc/net} (see
 * proc_pid_net(5)), resolvers from resolv.conf(5), ports from sshd_config(5). A file that is
 * missing or may not be read holds nothing, a line that makes no sense is skipped. Of sshd's it is
 * told when they may not be read.
 */
final class LinuxFiles {
    private static final int ROUTE_IS_GATEWAY = 2;
    private static final int TCP_ESTABLISHED = 1;
    private static final int SSH_PORT = 22;
    private static final int MOST_UNREAD = 15;
    private static final long QUICK_NS = 20_000_000;
    private static final int ROUTES_SHARE = 50;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Path root;
    private final Set<Integer> sshPorts;
    private final ErrorHandler errorHandler;
    private boolean toldOfSshd;
    private Set<IpAddress> gateways = Set.of();
    private long routesDueNs = System.nanoTime();

    /** What the peers found last were found by. */
    private List<String> counts = List.of();

    private int unread;
    private Set<Integer> peersPorts = Set.of();
    private Set<IpAddress> peers = Set.of();

    /**
     * @param root the directory in which {@code proc} and {@code etc} lie
     * @param sshPorts ports of SSH servers beside 22 and those of sshd's configuration
     * @param errorHandler told once where sshd's configuration is there and cannot be read
     */
    LinuxFiles(Path root, Set<Integer> sshPorts, ErrorHandler errorHandler) {
        this.root = root;
        this.sshPorts = Set.copyOf(sshPorts);
        this.errorHandler = errorHandler;
    }

    /**
     * The gateways of all routes. A router that knows the whole Internet has a million, and a
     * second goes into reading them: they are read again after many times as long only.
     */
    Set<IpAddress> gateways() {
        long beganNs = System.nanoTime();
        if (beganNs - routesDueNs >= 0) {
            gateways = readGateways();
            long tookNs = System.nanoTime() - beganNs;
            routesDueNs = tookNs < QUICK_NS ? beganNs : beganNs + ROUTES_SHARE * tookNs;
        }
        return gateways;
    }

    private Set<IpAddress> readGateways() {
        Set<IpAddress> gateways = new LinkedHashSet<>();
        // Iface Destination Gateway Flags ...: addresses are numbers in the host's byte order.
        forEachLine(
                "proc/net/route",
                words -> {
                    if ((Integer.parseInt(words[3], 16) & ROUTE_IS_GATEWAY) != 0) {
                        gateways.add(hostOrderAddress(words[2]));
                    }
                });
        // Destination, length, source, length, next hop, ...: 32 hex digits in network order.
        forEachLine(
                "proc/net/ipv6_route",
                words -> {
                    IpAddress nextHop = IpAddress.ofBytes(HexFormat.of().parseHex(words[4]));
                    if (nextHop.high() != 0 || nextHop.low() != 0) {
                        gateways.add(nextHop);
                    }
                });
        return gateways;
    }

    Set<IpAddress> resolvers() {
        Set<IpAddress> resolvers = new LinkedHashSet<>();
        // The second is where systemd-resolved names the servers behind its own 127.0.0.53.
        for (String file : List.of("etc/resolv.conf", "run/systemd/resolve/resolv.conf")) {
            forEachLine(
                    file,
                    words -> {
                        if (words[0].equals("nameserver")) {
                            resolvers.add(IpAddress.parse(words[1].split("%", 2)[0]));
                        }
                    });
        }
        return resolvers;
    }

    /**
     * The peers of established SSH sessions. The kernel goes through its whole table of connections
     * to list them, 4 ms a file on a host with 24 GB, so it is asked again only when connections
     * came in or ended since, and now and then anyway.
     */
    Set<IpAddress> sshPeers() {
        Set<Integer> ports = sshdPorts();
        List<String> now = connectionCounts();
        boolean same = !now.isEmpty() && now.equals(counts) && ports.equals(peersPorts);
        if (!same || ++unread == MOST_UNREAD) {
            unread = 0;
            peers = readSshPeers(ports);
            counts = now;
            peersPorts = ports;
        }
        return peers;
    }

    /** How many connections came in, and how many there are (RFC 4022); empty if unknown. */
    private List<String> connectionCounts() {
        List<String> names = new ArrayList<>();
        List<String> found = new ArrayList<>();
        // A line of names, then a line of values, for each protocol.
        forEachLine(
                "proc/net/snmp",
                words -> {
                    if (words[0].equals("Tcp:") && names.isEmpty()) {
                        names.addAll(List.of(words));
                    } else if (words[0].equals("Tcp:")) {
                        found.add(words[names.indexOf("PassiveOpens")]);
                        found.add(words[names.indexOf("CurrEstab")]);
                    }
                });
        return found.size() == 2 ? found : List.of();
    }

    private Set<IpAddress> readSshPeers(Set<Integer> ports) {
        Set<IpAddress> found = new LinkedHashSet<>();
        List<String> marks = ports.stream().map(port -> ":%04X ".formatted(port)).toList();
        // A busy server has a hundred thousand lines: those of other ports are not taken apart.
        Predicate<String> isOfPort = line -> marks.stream().anyMatch(line::contains);
        for (String file : List.of("proc/net/tcp", "proc/net/tcp6")) {
            // sl local_address rem_address st ...
            forEachLine(
                    file,
                    isOfPort,
                    LinuxFiles::leaveOut,
                    words -> {
                        String[] local = words[1].split(":");
                        String[] remote = words[2].split(":");
                        if (Integer.parseInt(words[3], 16) == TCP_ESTABLISHED
                                && ports.contains(Integer.parseInt(local[1], 16))) {
                            found.add(hostOrderAddress(remote[0]));
                        }
                    });
        }
        return found;
    }

    private Set<Integer> sshdPorts() {
        Set<Integer> ports = new TreeSet<>(sshPorts);
        ports.add(SSH_PORT);
        List<String> files = new ArrayList<>(List.of("etc/ssh/sshd_config"));
        Path more = root.resolve("etc/ssh/sshd_config.d");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(more, "*.conf")) {
            entries.forEach(entry -> files.add(root.relativize(entry).toString()));
        } catch (IOException e) {
            sshdUnread(e);
        }
        for (String file : files) {
            forEachLine(
                    file,
                    line -> true,
                    this::sshdUnread,
                    words -> {
                        if (words[0].equalsIgnoreCase("Port")) {
                            ports.add(Integer.parseInt(words[1]));
                        } else if (words[0].equalsIgnoreCase("ListenAddress")) {
                            // host:port, IPv4:port or [IPv6]:port; a bare IPv6 address has none.
                            String address = words[1];
                            int colon = address.lastIndexOf(':');
                            if (colon > 0
                                    && (address.charAt(colon - 1) == ']'
                                            || address.indexOf(':') == colon)) {
                                ports.add(Integer.parseInt(address.substring(colon + 1)));
                            }
                        }
                    });
        }
        return ports;
    }

    /** Whoever came in by a port that is not known is not protected: somebody has to know. */
    private void sshdUnread(IOException e) {
        if (!toldOfSshd && !(e instanceof NoSuchFileException)) {
            toldOfSshd = true;
            errorHandler.onError(
                    new IOException(
                            "cannot read sshd's configuration ("
                                    + e.getMessage()
                                    + "): peers of SSH sessions are never banned where sshd"
                                    + " listens at port 22, at another they are not known; put"
                                    + " them on the allowlist",
                            e));
        }
    }

    /** An address as 32-bit words, each printed as a number of the host's. */
    private static IpAddress hostOrderAddress(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int word = 0; word + 4 <= bytes.length; word += 4) {
                swap(bytes, word, word + 3);
                swap(bytes, word + 1, word + 2);
            }
        }
        return IpAddress.ofBytes(bytes);
    }

    private static void swap(byte[] bytes, int i, int j) {
        byte kept = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = kept;
    }

    /** Hands over the words of each line that has any, until the file's end. */
    private void forEachLine(String file, Consumer<String[]> consumer) {
        forEachLine(file, line -> true, LinuxFiles::leaveOut, consumer);
    }

    /** What is not there protects nobody. */
    private static void leaveOut(IOException unread) {}

    private void forEachLine(
            String file,
            Predicate<String> wanted,
            Consumer<IOException> unread,
            Consumer<String[]> consumer) {
        // Latin-1, for a stray byte is no reason to read no further.
        try (Stream<String> lines = Files.lines(root.resolve(file), StandardCharsets.ISO_8859_1)) {
            lines.filter(wanted)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> skipNonsense(line, consumer));
        } catch (IOException e) {
            unread.accept(e);
        } catch (UncheckedIOException e) {
            unread.accept(e.getCause());
        }
    }

    private static void skipNonsense(String line, Consumer<String[]> consumer) {
        try {
            consumer.accept(SPACE.split(line));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // A heading, a comment, or a format unknown.
        }
    }
}
