package ips.core.detect;

/**
 * The settings of a detector, which make it: one record per detector, checked in its constructor
 * with an {@link IllegalArgumentException} that names the setting.
 */
public interface DetectorConfig {
    /** Whether the detector is wanted. */
    boolean enabled();

    /** Makes the detector for one worker, before its first frame. */
    Detector create(DetectorContext context);
}
