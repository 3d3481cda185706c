package ips.capture;

import java.io.IOException;
import java.util.List;

/** Closes several sources, each whatever became of those before it. */
final class Closing {
    private Closing() {}

    /**
     * @throws IOException the first failure, those after it suppressed
     */
    static void all(List<? extends CaptureSource> sources) throws IOException {
        IOException failure = null;
        for (CaptureSource source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The same where something else has failed already. */
    static void after(Exception failure, List<? extends CaptureSource> sources) {
        try {
            all(sources);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
