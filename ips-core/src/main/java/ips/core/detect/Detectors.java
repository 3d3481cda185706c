package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import java.util.List;

/** The sensor's own detectors, by their settings: one line each. */
@ColdPath
public record Detectors(
        @Setting("SYN floods") SynFloodDetector.Config synFlood,
        @Setting("SYN-ACK floods") SynAckFloodDetector.Config synAckFlood,
        @Setting("ICMP floods") PingFloodDetector.Config pingFlood,
        @Setting("broadcast echo") SmurfDetector.Config smurf,
        @Setting("oversized pings") PingOfDeathDetector.Config pingOfDeath,
        @Setting("UDP floods") UdpFloodDetector.Config udpFlood,
        @Setting("floods of TCP segments outside connections") StrayFloodDetector.Config strayFlood,
        @Setting("scans by flags no connection needs") FlagScanDetector.Config flagScan,
        @Setting("port scans") PortScanDetector.Config portScan,
        @Setting("sweeps over many hosts") SweepDetector.Config sweep,
        @Setting("scans of IP protocols") IpProtocolScanDetector.Config ipProtocolScan,
        @Setting("attacks in HTTP requests") PayloadDetector.Config payload) {
    public static final Detectors DEFAULTS =
            new Detectors(
                    SynFloodDetector.Config.DEFAULTS,
                    SynAckFloodDetector.Config.DEFAULTS,
                    PingFloodDetector.Config.DEFAULTS,
                    SmurfDetector.Config.DEFAULTS,
                    PingOfDeathDetector.Config.DEFAULTS,
                    UdpFloodDetector.Config.DEFAULTS,
                    StrayFloodDetector.Config.DEFAULTS,
                    FlagScanDetector.Config.DEFAULTS,
                    PortScanDetector.Config.DEFAULTS,
                    SweepDetector.Config.DEFAULTS,
                    IpProtocolScanDetector.Config.DEFAULTS,
                    PayloadDetector.Config.DEFAULTS);

    /**
     * The plain rules of the first ICMP and SYN counters: any echo request is a flood, and so are
     * 50 SYNs of one source, whatever becomes of them. Bans the innocent; for closed networks.
     */
    public static Detectors strict() {
        return new Detectors(
                SynFloodDetector.Config.STRICT,
                DEFAULTS.synAckFlood(),
                PingFloodDetector.Config.STRICT,
                DEFAULTS.smurf(),
                DEFAULTS.pingOfDeath(),
                DEFAULTS.udpFlood(),
                DEFAULTS.strayFlood(),
                DEFAULTS.flagScan(),
                DEFAULTS.portScan(),
                DEFAULTS.sweep(),
                DEFAULTS.ipProtocolScan(),
                DEFAULTS.payload());
    }

    /** The same with another one for payloads. */
    public Detectors withPayload(PayloadDetector.Config payload) {
        return new Detectors(
                synFlood,
                synAckFlood,
                pingFlood,
                smurf,
                pingOfDeath,
                udpFlood,
                strayFlood,
                flagScan,
                portScan,
                sweep,
                ipProtocolScan,
                payload);
    }

    /** All of them, enabled or not. */
    public List<DetectorConfig> all() {
        return List.of(
                synFlood,
                synAckFlood,
                pingFlood,
                smurf,
                pingOfDeath,
                udpFlood,
                strayFlood,
                flagScan,
                portScan,
                sweep,
                ipProtocolScan,
                payload);
    }
}
