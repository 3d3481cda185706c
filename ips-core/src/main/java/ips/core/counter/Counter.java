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

    // Tables of sources, connections and destinations: what they had no room for.
    /** Sources forgotten before their time to make room for busier ones. */
    SOURCES_EVICTED,
    /** Packets of sources that the source table had no room for. */
    SOURCE_PACKETS_WITHOUT_RECORD,
    /** Connections forgotten before their time to make room for new ones. */
    CONNECTIONS_EVICTED,
    /** Those among them that were established. */
    CONNECTIONS_EVICTED_ESTABLISHED,
    /** Connections not tracked, for they would have had to displace established ones. */
    CONNECTIONS_NOT_TRACKED,
    /** Attempts judged before their grace was over, for too many were waiting. */
    ATTEMPTS_DECIDED_EARLY,
    /** Attempts never judged, for too many were waiting. */
    ATTEMPTS_UNDECIDED,
    /** Destinations whose counts of the current slice were lost to make room for others. */
    DESTINATIONS_EVICTED,

    // Detectors.
    /** Campaigns closed early because a detector had too many under way. */
    CAMPAIGNS_EVICTED,

// Payloads.

// Block manager.

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
