package example;

import ips.core.detect.Detector;
import ips.core.detect.DetectorConfig;
import ips.core.detect.DetectorContext;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.SignatureId;
import ips.core.verdict.Verdict;
import java.util.Set;

/** Asks for a ban of whoever sends a SYN to a port that nobody has a reason to open. */
public final class Tripwire implements Detector {
    /** The settings; they make the detector of each worker. */
    public record Config(int port) implements DetectorConfig {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public Detector create(DetectorContext context) {
            return new Tripwire(port, context);
        }
    }

    private static final Kind TRIPWIRE =
            new Kind(
                    "tripwire",
                    "Touched a port that nobody opens",
                    new SignatureId(1, 9_100_001, 1),
                    "Detection of a Network Scan",
                    3);

    private static final long SECOND = 1_000_000_000L;

    private final int port;
    private final DetectorContext context;
    private final int raisedNs;

    private Tripwire(int port, DetectorContext context) {
        this.port = port;
        this.context = context;
        raisedNs = context.sources().claim(1); // one long in the record of every source
    }

    @Override
    public Set<PacketClass> packetClasses() {
        return Set.of(PacketClass.TCP);
    }

    @Override
    public void packet(Packet packet, int source) {
        if (source == SourceTable.NONE
                || packet.tcpFlags() != TcpFlags.SYN
                || packet.destinationPort() != port) {
            return;
        }
        long nowNs = packet.timestampNs();
        long[] records = context.sources().cells();
        if (nowNs - records[source + raisedNs] >= SECOND) {
            records[source + raisedNs] = nowNs;
            raise(packet, nowNs);
        }
    }

    private void raise(Packet packet, long nowNs) {
        long frame = packet.frameNumber();
        context.verdicts()
                .raise(
                        new Verdict(
                                frame,
                                nowNs,
                                TRIPWIRE,
                                Action.BAN,
                                BanScope.SYN,
                                packet.source(),
                                packet.destination(),
                                port,
                                1,
                                nowNs,
                                nowNs,
                                frame,
                                frame,
                                Evidence.of("port", port)));
    }
}
