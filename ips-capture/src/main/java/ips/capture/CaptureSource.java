package ips.capture;

import ips.core.pipeline.FrameSource;
import java.util.List;

/**
 * A frame source of this module, and what the sensor says about it. The capture thread polls; any
 * thread may ask for warnings, progress and status.
 */
public interface CaptureSource extends FrameSource {
    /** What went wrong without ending the capture, a sentence each, oldest first; bounded. */
    default List<String> warnings() {
        return List.of();
    }

    /** How far a file is read; {@link Progress#UNKNOWN} for what has no end. */
    default Progress progress() {
        return Progress.UNKNOWN;
    }

    /** One sentence that names what is wrong at the moment, or "" when all is well. */
    default String status() {
        return "";
    }

    /**
     * How many bytes of how many have been read; for a compressed file, compressed bytes.
     *
     * @param totalBytes -1 when nobody knows
     */
    record Progress(long doneBytes, long totalBytes) {
        public static final Progress UNKNOWN = new Progress(0, -1);
    }
}
