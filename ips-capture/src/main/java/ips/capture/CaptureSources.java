package ips.capture;

import com.sun.jna.Platform;
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
        return live(interfaces, mode, filter, 1);
    }

    /**
     * The same for several pipelines: a source of as many parts. With AF_PACKET the kernel hands
     * each part the frames of its share; otherwise each gets all and its ring passes by the rest.
     */
    public static CaptureSource live(
            List<String> interfaces, Mode mode, String filter, int pipelines)
            throws CaptureException {
        List<CaptureSource> parts = new ArrayList<>();
        try {
            for (int i = 0; i < pipelines; i++) {
                parts.add(part(interfaces, mode, filter));
            }
        } catch (CaptureException e) {
            Closing.after(e, parts);
            throw e;
        }
        return pipelines == 1 ? parts.get(0) : new FanOutSource(parts);
    }

    private static CaptureSource part(List<String> interfaces, Mode mode, String filter)
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
            Closing.after(e, sources);
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
