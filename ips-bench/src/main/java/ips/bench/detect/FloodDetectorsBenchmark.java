package ips.bench.detect;

import ips.bench.flood.Flood;
import ips.core.detect.DetectorConfig;
import ips.core.detect.PingFloodDetector;
import ips.core.detect.PingOfDeathDetector;
import ips.core.detect.SmurfDetector;
import ips.core.detect.SynAckFloodDetector;
import ips.core.detect.SynFloodDetector;
import ips.core.detect.UdpFloodDetector;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What do the flood detectors cost on top of decoding and connection tracking? One worker's work on
 * one thread, frames a second; the difference between {@code floods} true and false is theirs.
 *
 * <p>At 100,000 frames a second of frame time every SYN and datagram is judged once its grace is
 * over; at ten million the tracker's queue is full of attempts.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar FloodDetectorsBenchmark -prof gc}.
 */
public class FloodDetectorsBenchmark extends DetectorsBenchmark {
    @Param({"SYN_SPOOFED", "SYN_ONE_SOURCE", "ICMP", "UDP_SPOOFED"})
    public Flood flood;

    @Param({"false", "true"})
    public boolean floods;

    @Setup
    public void prepare() {
        List<DetectorConfig> configs =
                List.of(
                        SynFloodDetector.Config.DEFAULTS,
                        SynAckFloodDetector.Config.DEFAULTS,
                        PingFloodDetector.Config.DEFAULTS,
                        SmurfDetector.Config.DEFAULTS,
                        PingOfDeathDetector.Config.DEFAULTS,
                        UdpFloodDetector.Config.DEFAULTS);
        prepare(flood, floods ? configs : List.of());
    }

    /** A flood that is not reported was not looked at. */
    @TearDown
    public void checkReports() {
        if (floods) {
            checkRaised();
        }
    }
}
