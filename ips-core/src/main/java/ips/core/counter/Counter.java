package ips.core.counter;

/**
 * Everything the sensor counts, one line each. The name in lower case with dashes is the name in
 * metrics, reports and docs.
 */
public enum Counter {
    // Frames, as the capture thread sees them: received = processed + lost.
    /** Frames handed to the engine by its frame source. */
    FRAMES_RECEIVED,
    /** Bytes of those frames as captured. */
    BYTES_RECEIVED,
    /** Frames whose bytes were cut to fit a slot of the ring. */
    FRAMES_TRUNCATED_BY_RING,
    /** Frames that the kernel or the driver had no room for, as the source reports them. */
    FRAMES_LOST_BY_KERNEL,
    /** Frames that a source skipped because their record was broken. */
    FRAMES_LOST_BY_SOURCE,
    /**
     * Times the time of a frame lay so far behind its predecessor's that the clock was set back.
     */
    TIME_SET_BACK,

    // Workers; a frame is processed by the owner of its source.
    /** Frames that went through the pipeline. */
    FRAMES_PROCESSED,
    /** Frames of banned sources, within the ban's scope. */
    FRAMES_BLOCKED,
    /** Frames given up because of an error of the sensor's own; always a bug. */
    WORKER_ERRORS,

    // Decoder.

    // Fragments.

    // Tables of sources, connections and destinations.

    // Detectors.
    /** Campaigns closed early because a detector had too many under way. */
    CAMPAIGNS_EVICTED,

    // Payloads.

    // Block manager.
    /** Destinations whose counts over all workers were forgotten early, for lack of room. */
    DESTINATION_FLOODS_EVICTED,

// Outputs.
;

    private final String label;

    Counter() {
        label = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The name in metrics, reports and docs: {@code frames-received}. */
    public String label() {
        return label;
    }
}
