package ips.capture;

import com.sun.jna.Platform;
import ips.core.packet.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pcap4j.core.PcapAddress;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface;
import org.pcap4j.core.Pcaps;

/** The interfaces of this host that can be captured on, for people to choose from. */
public final class CaptureInterfaces {
    /**
     * One interface.
     *
     * @param name what {@link CaptureSources} takes
     * @param description what the system calls it beside its name, or ""
     * @param addresses textual, IPv4 and IPv6
     * @param link what its frames are: {@code ethernet}, {@code loopback}, {@code ip} or {@code
     *     other}, which AF_PACKET capture refuses
     * @param usableBy the modes that can capture on it: {@code afpacket}, {@code pcap}
     */
    public record Interface(
            String name,
            String description,
            List<String> addresses,
            boolean up,
            String link,
            List<String> usableBy) {}

    private CaptureInterfaces() {}

    /** Those there are now: first those that are up, loopback last among them. */
    public static List<Interface> list() throws CaptureException {
        try {
            List<Interface> all = Platform.isLinux() ? ofLinux() : ofLibpcap();
            all.sort(
                    Comparator.comparing((Interface i) -> !i.up)
                            .thenComparing(i -> i.link.equals("loopback"))
                            .thenComparing(Interface::name));
            return all;
        } catch (PcapNativeException e) {
            throw new CaptureException("the interfaces cannot be listed: " + e.getMessage(), e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new CaptureException(
                    "the interfaces cannot be listed without libpcap (on Windows: Npcap); install it",
                    e);
        }
    }

    /** The names only, none when they cannot be listed. */
    static List<String> names() {
        try {
            return list().stream().map(Interface::name).toList();
        } catch (CaptureException e) {
            return List.of();
        }
    }

    private static List<Interface> ofLinux() {
        List<String> modes =
                BpfFilter.isAvailable() ? List.of("afpacket", "pcap") : List.of("afpacket");
        List<Interface> all = new ArrayList<>();
        // Not the JDK's list: that leaves out interfaces without addresses, as sensors often have.
        for (String name : Linux.interfaceNames()) {
            String link = PacketSocket.linkName(name);
            all.add(
                    new Interface(
                            name,
                            "",
                            addresses(name),
                            PacketSocket.isUp(name),
                            link,
                            link.equals("other") ? modes.subList(1, modes.size()) : modes));
        }
        return all;
    }

    private static List<String> addresses(String name) {
        try {
            NetworkInterface known = NetworkInterface.getByName(name);
            return known == null
                    ? List.of()
                    : known.inetAddresses().map(CaptureInterfaces::text).toList();
        } catch (SocketException e) {
            return List.of(); // it has gone since
        }
    }

    private static List<Interface> ofLibpcap() throws PcapNativeException {
        List<Interface> all = new ArrayList<>();
        for (PcapNetworkInterface each : Pcaps.findAllDevs()) {
            String description = each.getDescription();
            all.add(
                    new Interface(
                            each.getName(),
                            description == null ? "" : description,
                            each.getAddresses().stream()
                                    .map(PcapAddress::getAddress)
                                    .map(CaptureInterfaces::text)
                                    .toList(),
                            each.isUp(),
                            each.isLoopBack() ? "loopback" : "ethernet",
                            List.of("pcap")));
        }
        return all;
    }

    /** As addresses are written everywhere here, without a scope. */
    private static String text(InetAddress address) {
        return IpAddress.ofBytes(address.getAddress()).toString();
    }
}
