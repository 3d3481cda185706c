package ips.core.detect;

import ips.core.verdict.DestinationThreshold;
import java.util.List;

/**
 * The settings of a detector, and what creates it: one record per detector. Its constructor refuses
 * a wrong value with an {@link IllegalArgumentException} that names the setting.
 */
public interface DetectorConfig {
    /** Whether the detector is wanted. */
    boolean enabled();

    /** Makes the detector for one worker, before its first frame. */
    Detector create(DetectorContext context);

    /**
     * The thresholds above which the packets that its detector counts per destination are a flood;
     * applied by the block manager to the sum over all workers.
     */
    default List<DestinationThreshold> destinationThresholds() {
        return List.of();
    }
}
