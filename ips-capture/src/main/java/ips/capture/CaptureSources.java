package ips.capture;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The capture sources there are, one line each, and how they are opened by name. */
public final class CaptureSources {
    /** What captures on a live link. */
    public enum Mode {
        /**
         * AF_PACKET on Linux; pcap elsewhere, for {@code any}, and for links that AF_PACKET capture
         * does not read, such as PPP.
         */
        AUTO,
        AFPACKET,
        PCAP
    }

    private record Kind(String prefix, Opener opener) {}

    /** Opens the source of one name; its first interface has the index given. */
    private interface Opener {
        CaptureSource open(String name, String filter, int firstInterface) throws CaptureException;
    }

    private static final List<Kind> KINDS =
            List.of(
                    new Kind("file", (n, f, i) -> CaptureFileSource.open(Path.of(n), i)),
                    new Kind("afpacket", CaptureSources::afpacket),
                    new Kind("pcap", Pcap4jSource::open));

    private CaptureSources() {}

    /**
     * Opens {@code file:PATH}, {@code afpacket:INTERFACE} or {@code pcap:INTERFACE}.
     *
     * @throws CaptureException when that is not possible; the message names the remedy
     */
    public static CaptureSource open(String name) throws CaptureException {
        for (Kind kind : KINDS) {
            if (name.startsWith(kind.prefix + ":")) {
                return kind.opener.open(name.substring(kind.prefix.length() + 1), "", 0);
            }
        }
        throw new CaptureException(
                "%s names no capture source; begin it with one of %s"
                        .formatted(
                                name,
                                KINDS.stream()
                                        .map(kind -> kind.prefix + ":")
                                        .collect(Collectors.joining(", "))));
    }

    /**
     * Captures on one interface or on several at once.
     *
     * @param interfaces their names; a frame's {@code interfaceIndex} is the place in this list
     * @param filter in the language of pcap-filter(7), "" for every frame
     * @throws CaptureException when that is not possible; the message names the remedy
     */
    public static CaptureSource live(List<String> interfaces, Mode mode, String filter)
            throws CaptureException {
        if (interfaces.isEmpty()) {
            throw new CaptureException("name an interface to capture on");
        }
        List<LiveSource> sources = new ArrayList<>();
        try {
            for (String name : interfaces) {
                sources.add(live(name, mode, filter, sources.size()));
            }
        } catch (CaptureException e) {
            for (LiveSource source : sources) {
                try {
                    source.close();
                } catch (IOException suppressed) {
                    e.addSuppressed(suppressed);
                }
            }
            throw e;
        }
        return sources.size() == 1 ? sources.get(0) : new CombinedSource(sources);
    }

    private static LiveSource live(String name, Mode mode, String filter, int index)
            throws CaptureException {
        boolean afpacket = mode == Mode.AUTO ? suitsAfPacket(name) : mode == Mode.AFPACKET;
        return afpacket ? afpacket(name, filter, index) : Pcap4jSource.open(name, filter, index);
    }

    private static boolean suitsAfPacket(String name) {
        return Platform.isLinux()
                && !name.equals("any")
                && !(Linux.if_nametoindex(name) != 0
                        && PacketSocket.linkName(name).equals("other"));
    }

    private static AfPacketSource afpacket(String name, String filter, int firstInterface)
            throws CaptureException {
        return AfPacketSource.open(name, filter, AfPacketSource.Config.DEFAULTS, firstInterface);
    }
}
