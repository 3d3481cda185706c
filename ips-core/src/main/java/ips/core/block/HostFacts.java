package ips.core.block;

import ips.core.packet.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;

/**
 * Finds out, and keeps finding out, which addresses this host cannot do without: its own and the
 * broadcast addresses of its networks, gateways, resolvers, peers of established SSH sessions.
 *
 * <p>Read on a thread of its own, every {@link #PERIOD}; {@link #get} gives what was found last, to
 * any thread, and the same object for as long as nothing changes. What cannot be read (another
 * system than Linux, no rights) is left out, a line that makes no sense is skipped: see {@link
 * LinuxFiles}.
 */
public final class HostFacts implements Supplier<ProtectedAddresses>, AutoCloseable {
    /** A new address or SSH session is protected after this time at the latest. */
    public static final Duration PERIOD = Duration.ofSeconds(2);

    /** Reads the addresses of the interfaces, each with its network's prefix length. */
    interface Interfaces {
        Collection<OwnAddress> read() throws IOException;
    }

    /** An address of this host in its network. */
    record OwnAddress(IpAddress address, int prefixLength) {
        /** The address for all hosts of an IPv4 network, or null where there is none (RFC 919). */
        IpAddress broadcast() {
            if (!address.isIpv4() || prefixLength > 30) {
                return null;
            }
            long hostBits = 0xffff_ffffL >>> prefixLength;
            return new IpAddress(address.high(), address.low() | hostBits);
        }
    }

    private final LinuxFiles files;
    private final Interfaces interfaces;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "ips-host-facts");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile ProtectedAddresses last = ProtectedAddresses.NONE;

    /**
     * Reads this host once and follows it from now on.
     *
     * @param sshPorts ports of SSH servers beside 22 and those of sshd's configuration
     * @param errorHandler told once where sshd's configuration is there and cannot be read
     */
    public static HostFacts ofThisHost(Set<Integer> sshPorts, ErrorHandler errorHandler) {
        HostFacts facts =
                new HostFacts(
                        new LinuxFiles(Path.of("/"), sshPorts, errorHandler),
                        HostFacts::readNetworkInterfaces);
        facts.refresh();
        facts.executor.scheduleWithFixedDelay(
                facts::refreshAgain, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return facts;
    }

    HostFacts(LinuxFiles files, Interfaces interfaces) {
        this.files = files;
        this.interfaces = interfaces;
    }

    @Override
    public ProtectedAddresses get() {
        return last;
    }

    /** Reads everything anew. */
    void refresh() {
        Map<IpAddress, String> roles = new HashMap<>();
        // The first role an address is found in is the one that is told.
        for (OwnAddress own : ownAddresses()) {
            roles.putIfAbsent(own.address(), "this host");
            if (own.broadcast() != null) {
                roles.putIfAbsent(own.broadcast(), "the broadcast address of a local network");
            }
        }
        files.gateways().forEach(address -> roles.putIfAbsent(address, "a gateway"));
        files.resolvers().forEach(address -> roles.putIfAbsent(address, "a resolver"));
        files.sshPeers()
                .forEach(address -> roles.putIfAbsent(address, "the peer of an SSH session"));
        ProtectedAddresses found = new ProtectedAddresses(roles);
        if (!found.equals(last)) {
            last = found;
        }
    }

    private void refreshAgain() {
        try {
            refresh();
        } catch (RuntimeException e) {
            // What was found before holds until the next time.
        }
    }

    private Collection<OwnAddress> ownAddresses() {
        try {
            return interfaces.read();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<OwnAddress> readNetworkInterfaces() throws SocketException {
        List<OwnAddress> addresses = new ArrayList<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InterfaceAddress in : each.getInterfaceAddresses()) {
                InetAddress address = in == null ? null : in.getAddress();
                if (address == null) {
                    continue;
                }
                addresses.add(
                        new OwnAddress(
                                IpAddress.ofBytes(address.getAddress()),
                                in.getNetworkPrefixLength()));
            }
        }
        return addresses;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
