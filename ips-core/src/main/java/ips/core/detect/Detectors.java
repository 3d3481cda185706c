package ips.core.detect;

import ips.core.ColdPath;
import ips.core.Setting;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
        return DEFAULTS.with(SynFloodDetector.Config.STRICT).with(PingFloodDetector.Config.STRICT);
    }

    /** The same with other settings for the detector that they are of. */
    public Detectors with(DetectorConfig settings) {
        List<DetectorConfig> changed = new ArrayList<>(all());
        changed.replaceAll(each -> each.getClass() == settings.getClass() ? settings : each);
        if (!changed.contains(settings)) {
            throw new IllegalArgumentException("of no detector here: " + settings);
        }
        Class<?>[] types =
                Stream.of(getClass().getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            return getClass().getConstructor(types).newInstance(changed.toArray());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** All of them, enabled or not. */
    public List<DetectorConfig> all() {
        List<DetectorConfig> all = new ArrayList<>();
        for (RecordComponent each : getClass().getRecordComponents()) {
            try {
                all.add((DetectorConfig) each.getAccessor().invoke(this));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return List.copyOf(all);
    }
}
