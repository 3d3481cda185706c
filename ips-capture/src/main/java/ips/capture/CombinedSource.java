package ips.capture;

import com.sun.jna.Memory;
import ips.core.pipeline.FrameSink;
import ips.core.pipeline.Share;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several live sources as one, polled in turn by the capture thread. Frames keep their source's
 * order; between sources they differ from it by what the kernel holds frames back, some 10 ms.
 */
final class CombinedSource implements LiveSource {
    /** How long a round of waiting takes where sources must be waited for one after another. */
    private static final int ROUND_MS = 10;

    private final LiveSource[] sources;

    /** To wait for all at once, or null where that cannot be. */
    private final Memory pollfds;

    private int turn;

    /**
     * @param sources made with interface indexes from 0 in this order
     */
    CombinedSource(List<? extends LiveSource> sources) {
        this.sources = sources.toArray(new LiveSource[0]);
        boolean allHave = sources.stream().allMatch(each -> each.descriptor() != NO_DESCRIPTOR);
        this.pollfds = allHave ? Linux.pollfds(this.sources.length) : null;
    }

    @Override
    public int take(FrameSink sink, int limit) throws IOException {
        // Each has its fair share, and who was last is first: a flood on one starves no other.
        int share = Math.max(1, limit / sources.length);
        int taken = 0;
        for (int i = 0; i < sources.length; i++) {
            int here = sources[turn].take(sink, Math.min(share, limit - taken));
            if (here == ENDED) {
                return ENDED; // they are closed together
            }
            taken += here;
            turn = turn + 1 == sources.length ? 0 : turn + 1;
            if (taken >= limit) {
                break;
            }
        }
        return taken;
    }

    @Override
    public void narrow(Share share) throws IOException {
        for (LiveSource source : sources) {
            source.narrow(share);
        }
    }

    @Override
    public void await(int timeoutMs) {
        if (pollfds == null) {
            sources[turn].await(Math.max(1, Math.min(timeoutMs, ROUND_MS) / sources.length));
            turn = turn + 1 == sources.length ? 0 : turn + 1;
            return;
        }
        for (int i = 0; i < sources.length; i++) {
            Linux.waitFor(pollfds, i, sources[i].descriptor());
        }
        if (Linux.await(pollfds, sources.length, timeoutMs) > 0) {
            for (int i = 0; i < sources.length; i++) {
                if ((Linux.events(pollfds, i) & ~Linux.POLLIN) != 0) {
                    sources[i].await(0); // takes the error
                }
            }
        }
    }

    @Override
    public long idleTimeNs() {
        long earliest = Long.MAX_VALUE;
        for (LiveSource source : sources) {
            earliest = Math.min(earliest, source.idleTimeNs());
        }
        return earliest;
    }

    @Override
    public List<String> interfaces() {
        List<String> names = new ArrayList<>();
        for (LiveSource source : sources) {
            names.addAll(source.interfaces());
        }
        return names;
    }

    @Override
    public List<String> warnings() {
        List<String> all = new ArrayList<>();
        for (LiveSource source : sources) {
            all.addAll(source.warnings());
        }
        return all;
    }

    @Override
    public String status() {
        List<String> all = new ArrayList<>();
        for (LiveSource source : sources) {
            if (!source.status().isEmpty()) {
                all.add(source.status());
            }
        }
        return String.join("; ", all);
    }

    @Override
    public void close() throws IOException {
        Closing.all(List.of(sources));
    }
}
