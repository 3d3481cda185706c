package ips.core.detect;

import ips.core.verdict.DestinationThreshold;
import java.util.List;

/**
 * The settings of a detector, which make it: one record per detector, checked in its constructor
 * with an {@link IllegalArgumentException} that names the setting.
 */
public interface DetectorConfig {
    /** Whether the detector is wanted. */
    boolean enabled();

    /** Makes the detector for one worker, before its first frame. */
    Detector create(DetectorContext context);

    /** What makes a flood of the counts its detector leaves with the destination table. */
    default List<DestinationThreshold> destinationThresholds() {
        return List.of();
    }
}
