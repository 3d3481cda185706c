package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Counts TCP segments that belong to no connection, per destination: floods of ACKs, of RSTs and of
 * flags no connection needs. Nobody is banned for them: bare ACKs and RSTs look like what every
 * connection sends, so no class of packets could be blocked for a forged address, and a proven one
 * may be a proxy whose server has forgotten a thousand connections at once. Where there is one
 * sender only, the alert names it; scans by such segments are {@link FlagScanDetector}'s.
 *
 * <p>An ACK, with FIN or data or without, counts once its receiver has rejected it, by RST or,
 * where nothing more came between the two ports, by silence. So a sensor that starts in the midst
 * of traffic, or whose table of connections is too small, hears connections going on and counts
 * nothing. A RST is never answered: it counts where no connection between the two is remembered,
 * and not where it answers a SYN, which under a flood may not be.
 *
 * <p>Keeps no state of its own.
 */
public final class StrayFloodDetector implements Detector {
    /**
     * Settings.
     *
     * <p>A server that ends 100,000 idle connections of ten minutes each by RST, seen by a sensor
     * that has just started, sends 170 a second, and to many clients. 2,000 within 10 s to one
     * destination are more, and little for a flood. Odd flags occur in no honest traffic; from few
     * sources they are scans, so it takes several to make a flood.
     */
    public record Config(
            @Setting("look for floods of TCP segments outside connections") boolean enabled,
            @Setting("rejected ACKs, or RSTs, to one destination, 1 or more") int threshold,
            @Setting("how far back segments count, 200ms to 20s") Duration window,
            @Setting("segments with odd flags to one destination, 1 or more") int oddThreshold,
            @Setting("distinct sources of odd flags at once, 1 or more") int oddSources)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(true, 2_000, Duration.ofSeconds(10), 200, 20);

        public Config {
            Settings.atLeast("threshold", threshold, 1);
            FloodWindow.check(window);
            Settings.atLeast("odd-threshold", oddThreshold, 1);
            Settings.atLeast("odd-sources", oddSources, 1);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new StrayFloodDetector(this, context);
        }

        @Override
        public List<DestinationThreshold> destinationThresholds() {
            return List.of(
                    new DestinationThreshold(Kind.ACK_FLOOD, Kind.ACK_FLOOD, threshold, 1, window),
                    new DestinationThreshold(Kind.RST_FLOOD, Kind.RST_FLOOD, threshold, 1, window),
                    new DestinationThreshold(
                            Kind.ODD_FLAG_FLOOD,
                            Kind.ODD_FLAG_FLOOD,
                            oddThreshold,
                            oddSources,
                            window));
        }
    }

    private final ConnectionTable connections;
    private final DestinationTable destinations;
    private final int ackKind;
    private final int rstKind;
    private final int oddKind;

    StrayFloodDetector(Config config, DetectorContext context) {
        long perSecond =
                config.threshold * Duration.ofSeconds(1).toNanos() / config.window.toNanos();
        long share = perSecond / context.workers();
        this.connections = context.connections();
        this.destinations = context.destinations();
        this.ackKind = destinations.register(Kind.ACK_FLOOD, share);
        this.rstKind = destinations.register(Kind.RST_FLOOD, share);
        this.oddKind = destinations.register(Kind.ODD_FLAG_FLOOD);
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.TCP);
    }

    @Override
    public void packet(Packet packet, int source) {
        int flags = packet.tcpFlags();
        // Most segments: the flags of a connection that opens or goes on.
        if (flags < 0
                || (flags & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK
                || connections.current() != ConnectionTable.NONE) {
            return;
        }
        boolean reset = (flags & TcpFlags.RST) != 0;
        boolean opening = (flags & TcpFlags.SYN) != 0;
        if (opening && (reset || (flags & TcpFlags.FIN) != 0) || !opening && !reset) {
            destinations.count(oddKind, packet);
        } else if (reset && !answersSyn(packet)) {
            destinations.count(rstKind, packet);
        }
    }

    /** A RST with sequence number 0 that acknowledges: RFC 9293 §3.10.7.1. */
    private static boolean answersSyn(Packet packet) {
        return (packet.tcpFlags() & TcpFlags.ACK) != 0 && packet.tcpSequence() == 0;
    }

    @Override
    public void outsideRejected(
            int connection, int client, boolean byReset, long nowNs, long frame) {
        // At the segment's own time.
        rejected(connection, connections.firstNs(connection), connections.firstFrame(connection));
    }

    @Override
    public void strayRejected(int connection, long nowNs, long frame) {
        rejected(connection, nowNs, frame);
    }

    private void rejected(int connection, long nowNs, long frame) {
        destinations.count(
                ackKind,
                connections.serverHigh(connection),
                connections.serverLow(connection),
                connections.serverPort(connection),
                connections.clientHigh(connection),
                connections.clientLow(connection),
                nowNs,
                frame);
    }
}
