package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.Set;

/**
 * Finds pings longer than an IP packet can be, sent as fragments whose last one ends behind the
 * limit (CERT CA-1996-26), and pings longer than the operator allows.
 *
 * <p>One is enough: no sender of ordinary packets can make one. It may be forged all the same, so a
 * source that is not proven loses its ICMP only.
 *
 * <p>Owned by one worker; 72 bytes in each source's record.
 */
public final class PingOfDeathDetector implements Detector {
    /** The longest IP packet: 16 bits of length (RFC 791 §3.1). */
    static final int LONGEST_PACKET = 65_535;

    /**
     * Settings.
     *
     * <p>By default every ping that can be sent is allowed ({@code ping -s 65507} is), however many
     * fragments it takes.
     */
    public record Config(
            @Setting("look for oversized pings") boolean enabled,
            @Setting("the longest ICMP message allowed, bytes with its header, 64 to 65535")
                    int longestMessage,
            @Setting("longer messages of one source that raise a verdict, 1 or more") int threshold,
            @Setting("how far back they count, 200ms to 20s") Duration window)
            implements DetectorConfig {
        public static final Config DEFAULTS =
                new Config(true, LONGEST_PACKET, 1, Duration.ofSeconds(10));

        public Config {
            Settings.within("longest-message", longestMessage, 64, LONGEST_PACKET);
            Settings.atLeast("threshold", threshold, 1);
            FloodWindow.check(window);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new PingOfDeathDetector(this, context);
        }
    }

    private final int longestMessage;
    private final SourceRate oversized;

    PingOfDeathDetector(Config config, DetectorContext context) {
        this.longestMessage = config.longestMessage();
        this.oversized =
                new SourceRate(
                        context,
                        Kind.PING_OF_DEATH,
                        Action.BAN,
                        BanScope.ICMP,
                        new SourceRate.Threshold(
                                "oversized pings", config.threshold(), config.window()));
    }

    @Override
    @ColdPath
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.ICMP, PacketClass.FRAGMENT);
    }

    @Override
    public void packet(Packet packet, int source) {
        boolean icmp = PingFloodDetector.isIcmp(packet.protocol());
        if (icmp && source != SourceTable.NONE && isOversized(packet)) {
            oversized.count(
                    source,
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    0,
                    packet.timestampNs(),
                    packet.frameNumber());
        }
    }

    private boolean isOversized(Packet packet) {
        if (!packet.fragment()) {
            return packet.ipTotalLength() - packet.ipHeaderLength() > longestMessage;
        }
        // IPv4 counts the header in the total length, IPv6 (RFC 8200 §4.5) does not.
        int header = packet.ipVersion() == 4 ? packet.ipHeaderLength() : 0;
        return packet.fragmentEnd() + header > LONGEST_PACKET;
    }

    @Override
    public void tick(long nowNs, long frame) {
        oversized.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        oversized.end(nowNs, frame);
    }
}
