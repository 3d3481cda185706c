package ips.core.detect;

import ips.core.Setting;
import ips.core.Settings;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.time.Duration;
import java.util.Set;

/**
 * Raises a verdict on a source that tries many IP protocols on one host ({@code nmap -sO}: {@code
 * scan_ipproto}). The protocols of routing, tunnels and group membership that networks are full of
 * do not count; of the two hundred others, no honest source speaks more than one or two.
 *
 * <p>Owned by one worker, bounded by {@code maxRecords}: see {@link ProbeTable}.
 */
public final class IpProtocolScanDetector implements Detector {
    /** Ten protocols are twice as many as any host speaks. */
    public record Config(
            @Setting("whether IP protocol scans are looked for") boolean enabled,
            @Setting("distinct IP protocols sent to one host within the window; 2 to 200")
                    int threshold,
            @Setting("the window; 1s to 1d") Duration window,
            @Setting("pairs of source and host kept, 516 bytes each; 64 to 1048576") int maxRecords)
            implements DetectorConfig {
        public static final Config DEFAULTS = new Config(true, 10, Duration.ofSeconds(60), 1024);

        public Config {
            Settings.within("threshold", threshold, 2, 200);
            Settings.within("window", window, Duration.ofSeconds(1), Duration.ofDays(1));
            Settings.within("max-records", maxRecords, 64, 1 << 20);
        }

        @Override
        public Detector create(DetectorContext context) {
            return new IpProtocolScanDetector(this, context);
        }
    }

    private static final int IGMP = 2;
    private static final int EIGRP = 88;
    private static final int OSPF = 89;
    private static final int PIM = 103;
    private static final int VRRP = 112;
    private static final int L2TP = 115;
    private static final int UDP_LITE = 136;

    private final Config config;
    private final ProbeTable probes;
    private final ScanCampaigns campaigns;

    IpProtocolScanDetector(Config config, DetectorContext context) {
        long windowNs = config.window.toNanos();
        this.config = config;
        this.probes =
                new ProbeTable(
                        config.maxRecords,
                        context.workers(),
                        windowNs,
                        windowNs,
                        context.counters());
        this.campaigns =
                new ScanCampaigns(
                        context,
                        Kind.SCAN_IPPROTO,
                        BanScope.ICMP,
                        probes,
                        new Thresholds(),
                        ScanCampaigns.Shape.PROTOCOLS_OF_HOST,
                        windowNs,
                        windowNs);
    }

    @Override
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.OTHER);
    }

    @Override
    public void packet(Packet packet, int source) {
        int protocol = packet.protocol();
        long hostHigh = packet.destinationHigh();
        long hostLow = packet.destinationLow();
        if (source == SourceTable.NONE
                || isOrdinary(protocol)
                || GroupAddresses.contains(hostHigh, hostLow)) {
            return;
        }
        long nowNs = packet.timestampNs();
        long frame = packet.frameNumber();
        int record = probes.find(packet.sourceHigh(), packet.sourceLow(), hostHigh, hostLow, 0);
        if (record == ProbeTable.NONE) {
            record =
                    probes.add(
                            packet.sourceHigh(),
                            packet.sourceLow(),
                            hostHigh,
                            hostLow,
                            0,
                            nowNs,
                            frame);
        }
        campaigns.negative(
                source, record, protocol, ProbeTable.REFUSED, nowNs, frame, nowNs, frame);
    }

    @Override
    public void tick(long nowNs, long frame) {
        campaigns.tick(nowNs, frame);
    }

    @Override
    public void end(long nowNs, long frame) {
        campaigns.end(nowNs, frame);
    }

    private static boolean isOrdinary(int protocol) {
        return switch (protocol) {
            case Protocol.ICMP,
                    IGMP,
                    Protocol.IPIP,
                    Protocol.TCP,
                    Protocol.UDP,
                    Protocol.IPV6,
                    Protocol.GRE,
                    Protocol.ESP,
                    Protocol.AUTHENTICATION,
                    Protocol.ICMPV6,
                    Protocol.NO_NEXT_HEADER,
                    EIGRP,
                    OSPF,
                    PIM,
                    VRRP,
                    L2TP,
                    Protocol.SCTP,
                    Protocol.MOBILITY,
                    UDP_LITE ->
                    true;
            default -> false;
        };
    }

    private final class Thresholds implements ScanCampaigns.Thresholds {
        @Override
        public int crossed(int record, int doubtful) {
            return probes.fast(record) >= config.threshold
                    ? ScanCampaigns.FAST
                    : ScanCampaigns.NOT_CROSSED;
        }

        @Override
        public int threshold(int record, int speed) {
            return config.threshold;
        }
    }
}
