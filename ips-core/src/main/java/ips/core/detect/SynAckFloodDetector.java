package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Counts SYN-ACKs to addresses that sent no SYN, per destination: a reflected flood, whose
 * reflectors are servers that answer forged SYNs, or the backscatter of a flood that forges this
 * address. Who sends them is innocent, so it is told against the destination and nobody is banned;
 * where there is one sender only, the alert names it.
 *
 * <p>Keeps no state of its own.
 */
public final class SynAckFloodDetector implements Detector {
    /**
     * Settings.
     *
     * <p>A sensor that starts in the midst of traffic sees some such SYN-ACKs for a second, and
     * backscatter comes to single addresses now and then; 1,000 within 10 s is neither. Where the
     * sensor loses SYNs, or sees answers only (asymmetric routing), the connections go on, which
     * forged ones do not, and do not count.
     */
    public record Config(
            @Setting("look for SYN-ACK floods") boolean enabled,
            @Setting("SYN-ACKs to a destination that sent no SYN, 1 or more") int threshold,
            @Setting("how far back they count, 200ms to 20s") Duration window)
            implements DetectorConfig {
        public static final Config DEFAULTS = new Config(true, 1_000, Duration.ofSeconds(10));

        public Config {
            Settings.atLeast("threshold", threshold, 1);
            FloodWindow.check(window);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new SynAckFloodDetector(context);
        }

        @Override
        public List<DestinationThreshold> destinationThresholds() {
            return List.of(
                    new DestinationThreshold(
                            Kind.SYNACK_FLOOD, Kind.SYNACK_FLOOD, threshold, 1, window));
        }
    }

    private final ConnectionTable connections;
    private final DestinationTable destinations;
    private final int kind;

    SynAckFloodDetector(DetectorContext context) {
        this.connections = context.connections();
        this.destinations = context.destinations();
        this.kind = destinations.register(Kind.SYNACK_FLOOD);
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of();
    }

    @Override
    public void unaskedSynAck(int connection, long sentNs, long sentFrame) {
        destinations.count(
                kind,
                connections.clientHigh(connection),
                connections.clientLow(connection),
                connections.clientPort(connection),
                connections.serverHigh(connection),
                connections.serverLow(connection),
                sentNs,
                sentFrame);
    }
}
