package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import java.util.List;

/** The sensor's own detectors, by their settings: one line each. */
@ColdPath
public record Detectors(
        @Setting("SYN floods") SynFloodDetector.Config synFlood,
        @Setting("SYN-ACK floods") SynAckFloodDetector.Config synAckFlood,
        @Setting("scans by flags no connection needs") FlagScanDetector.Config flagScan,
        @Setting("port scans") PortScanDetector.Config portScan,
        @Setting("sweeps over many hosts") SweepDetector.Config sweep,
        @Setting("scans of IP protocols") IpProtocolScanDetector.Config ipProtocolScan) {
    public static final Detectors DEFAULTS =
            new Detectors(
                    SynFloodDetector.Config.DEFAULTS,
                    SynAckFloodDetector.Config.DEFAULTS,
                    FlagScanDetector.Config.DEFAULTS,
                    PortScanDetector.Config.DEFAULTS,
                    SweepDetector.Config.DEFAULTS,
                    IpProtocolScanDetector.Config.DEFAULTS);

    /** All of them, enabled or not. */
    public List<DetectorConfig> all() {
        return List.of(synFlood, synAckFlood, flagScan, portScan, sweep, ipProtocolScan);
    }
}
