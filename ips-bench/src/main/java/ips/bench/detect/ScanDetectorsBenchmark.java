package ips.bench.detect;

import ips.bench.flood.Flood;
import ips.core.detect.DetectorConfig;
import ips.core.detect.FlagScanDetector;
import ips.core.detect.IpProtocolScanDetector;
import ips.core.detect.PortScanDetector;
import ips.core.detect.SweepDetector;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What do the scan detectors cost on top of decoding and connection tracking? One worker's work on
 * one thread, frames a second; the difference between {@code scans} true and false is theirs.
 *
 * <p>At 100,000 frames a second of frame time every SYN is judged once its grace is over, which is
 * the detectors' dearest case; at ten million the tracker's queue is full of attempts.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar ScanDetectorsBenchmark -prof gc}.
 */
public class ScanDetectorsBenchmark extends DetectorsBenchmark {
    @Param({"SYN_SPOOFED", "SYN_ONE_SOURCE", "FLAG_SCANS"})
    public Flood flood;

    @Param({"false", "true"})
    public boolean scans;

    @Setup
    public void prepare() {
        List<DetectorConfig> configs =
                List.of(
                        PortScanDetector.Config.DEFAULTS,
                        SweepDetector.Config.DEFAULTS,
                        FlagScanDetector.Config.DEFAULTS,
                        IpProtocolScanDetector.Config.DEFAULTS);
        prepare(flood, scans ? configs : List.of());
    }

    /** Probes of all ports that raise no verdict were not looked at. */
    @TearDown
    public void checkVerdicts() {
        if (scans && flood == Flood.FLAG_SCANS) {
            checkRaised();
        }
    }
}
