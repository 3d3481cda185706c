package ips.capture;

import ips.core.pipeline.FrameSink;
import ips.core.pipeline.FrameSource;
import java.io.IOException;
import java.util.List;

/**
 * Reads the records of one capture file format from a {@link BlockInput}. Allocates nothing per
 * frame. A broken record ends the file with a warning: what follows cannot be told from its bytes.
 */
abstract class FormatReader {
    /** Bytes of the largest frame there is; libpcap's MAXIMUM_SNAPLEN. */
    static final int MAX_FRAME_BYTES = 256 * 1024;

    final BlockInput input;
    final Warnings warnings;
    private boolean ended;

    FormatReader(BlockInput input, Warnings warnings) {
        this.input = input;
        this.warnings = warnings;
    }

    /** As {@link FrameSource#poll}. */
    final int read(FrameSink sink, int limit) throws IOException {
        if (ended) {
            return FrameSource.ENDED;
        }
        int frames = records(sink, limit);
        return frames == 0 && ended ? FrameSource.ENDED : frames;
    }

    /** Hands over frames until the limit, the end, or a pipe would have to be waited for. */
    abstract int records(FrameSink sink, int limit) throws IOException;

    /** Names of the interfaces met so far. */
    abstract List<String> interfaces();

    /**
     * Whether that many bytes lie in the window, after reading on if need be.
     *
     * @param frames handed over in this poll; if there are any, a pipe is not waited for
     * @return false when this poll must end: to hand on what it has, or because the file has ended
     */
    final boolean available(FrameSink sink, int length, int frames) throws IOException {
        if (input.has(length)) {
            return true;
        }
        if (input.isLive()) {
            if (frames > 0) {
                return false;
            }
            sink.idle(
                    0); // the read to come may wait for long: what was taken must not wait with it
        }
        if (input.require(length)) {
            return true;
        }
        endOfStream(sink);
        return false;
    }

    /** The next poll returns {@link FrameSource#ENDED}. */
    final void end() {
        ended = true;
    }

    final boolean ended() {
        return ended;
    }

    /** Ends at the end of the stream: in the middle of a record if any byte of one is there. */
    final void endOfStream(FrameSink sink) {
        if (input.remaining() > 0) {
            sink.lost(1, false);
            cutShort();
        } else {
            if (!input.endedBy().isEmpty()) {
                warnings.add(
                        "decompression failed at byte %d (%s); what came before it was read"
                                .formatted(input.offset(), input.endedBy()));
            }
            end();
        }
    }

    /** Ends with the warning that the file is shorter than its last record. */
    final void cutShort() {
        String why = input.endedBy().isEmpty() ? "" : " (" + input.endedBy() + ")";
        warnings.add(
                "cut short at byte %d%s; the records before it were read"
                        .formatted(input.offset() + input.remaining(), why));
        end();
    }

    /** Ends with a warning that names the record at the input's position. */
    final void broken(String what) {
        warnings.add("%s at byte %d; the file is read up to there".formatted(what, input.offset()));
        end();
    }
}
