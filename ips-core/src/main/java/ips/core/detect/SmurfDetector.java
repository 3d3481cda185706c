package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.ConnectionTable;
import ips.core.flow.DestinationTable;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.DestinationThreshold;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Finds both ends of a smurf attack (CERT CA-1998-01): echo requests to broadcast or multicast
 * addresses, and echo replies of many hosts to one that asked none of them.
 *
 * <p>Who is named as the source of the requests is the victim as a rule, for the attack works by
 * forging its address; so nobody is banned on either count.
 *
 * <p>Owned by one worker; 72 bytes in each source's record.
 */
public final class SmurfDetector implements Detector {
    /**
     * Settings.
     *
     * <p>An administrator who pings a broadcast address or ff02::1 does it once a second: 20 within
     * 10 s are twice that. 200 replies within a second that nobody asked for, of 20 hosts at least,
     * are those of a network amplifying ten requests a second.
     */
    public record Config(
            @Setting("look for smurf attacks") boolean enabled,
            @Setting("echo requests of one source to broadcast or multicast, 1 or more")
                    int threshold,
            @Setting("how far back they count, 200ms to 20s") Duration window,
            @Setting("unasked echo replies to one destination within a second, 1 or more")
                    int replyThreshold,
            @Setting("distinct sources of such replies at once, 1 or more") int replySources)
            implements DetectorConfig {
        public static final Config DEFAULTS = new Config(true, 20, Duration.ofSeconds(10), 200, 20);

        public Config {
            Settings.atLeast("threshold", threshold, 1);
            FloodWindow.check(window);
            Settings.atLeast("reply-threshold", replyThreshold, 1);
            Settings.atLeast("reply-sources", replySources, 1);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new SmurfDetector(this, context);
        }

        @Override
        public List<DestinationThreshold> destinationThresholds() {
            return List.of(
                    new DestinationThreshold(
                            Kind.SMURF,
                            Kind.SMURF,
                            replyThreshold,
                            replySources,
                            Duration.ofSeconds(1)));
        }
    }

    private final ConnectionTable connections;
    private final DestinationTable destinations;
    private final int kind;
    private final SourceRate requests;

    SmurfDetector(Config config, DetectorContext context) {
        this.connections = context.connections();
        this.destinations = context.destinations();
        this.kind = destinations.register(Kind.SMURF);
        this.requests =
                new SourceRate(
                        context,
                        Kind.SMURF,
                        Action.ALERT,
                        BanScope.ICMP,
                        new SourceRate.Threshold(
                                "echo requests to broadcast or multicast",
                                config.threshold(),
                                config.window()));
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.ICMP);
    }

    @Override
    public void packet(Packet packet, int source) {
        if (PingFloodDetector.isEchoRequest(packet)) {
            boolean group =
                    GroupAddresses.contains(packet.destinationHigh(), packet.destinationLow());
            if (group && source != SourceTable.NONE) {
                requests.count(
                        source,
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        0,
                        packet.timestampNs(),
                        packet.frameNumber());
            }
        } else if (PingFloodDetector.isEchoReply(packet)
                && PingFloodDetector.isUnaskedReply(packet, connections)) {
            destinations.count(kind, packet);
        }
    }

    @Override
    public void tick(long nowNs, long frame) {
        requests.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        requests.end(nowNs, frame);
    }
}
