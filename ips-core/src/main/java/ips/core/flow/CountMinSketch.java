package ips.core.flow;

import java.util.Arrays;

/**
 * Counts packets of sources that have no record, in 512 KiB whatever their number: two rows of
 * 65,536 counters, of which an estimate is the smaller (Cormode and Muthukrishnan, "An improved
 * data stream summary", 2005). An estimate is never too low, and too high only by what else hit
 * both counters.
 *
 * <p>Counters are halved every {@link #HALF_LIFE_NS} of frame time, so an estimate is that of the
 * last ten seconds or so. Owned by one worker.
 */
final class CountMinSketch {
    /**
     * Longer ones tell a slow source from noise better (noise grows with the root of the time, a
     * source's count with the time), shorter ones forget an attack that is over sooner.
     */
    static final long HALF_LIFE_NS = 4_000_000_000L;

    private static final int WIDTH = 1 << 16;
    private static final int MASK = WIDTH - 1;

    /** How many additions may pass before the noise is computed anew. */
    private static final int NOISE_INTERVAL = 4096;

    private final int[] counts = new int[2 * WIDTH];
    private long total;
    private long noise;
    private int untilNoise = NOISE_INTERVAL;
    private long halvedNs = Long.MIN_VALUE / 2;

    /** Adds one and returns the estimate, this one included. */
    int add(long hash, long nowNs) {
        if (nowNs - halvedNs >= HALF_LIFE_NS || nowNs < halvedNs) {
            age(nowNs);
        }
        if (--untilNoise <= 0) {
            measureNoise();
        }
        total++;
        int first = ++counts[(int) (hash >>> 16) & MASK];
        int second = ++counts[WIDTH + ((int) (hash >>> 40) & MASK)];
        return Math.min(first, second);
    }

    /**
     * What an estimate may reach though its source was hardly seen: the mean of a counter and six
     * standard deviations (counters are Poisson under a flood of random sources).
     */
    long noise() {
        return noise;
    }

    private void measureNoise() {
        untilNoise = NOISE_INTERVAL;
        double mean = (double) total / WIDTH;
        noise = (long) (mean + 6 * Math.sqrt(mean));
    }

    private void age(long nowNs) {
        long halvings = (nowNs - halvedNs) / HALF_LIFE_NS;
        if (nowNs < halvedNs || halvings > 30) {
            Arrays.fill(counts, 0);
            total = 0;
        } else if (halvings > 0) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] >>>= halvings;
            }
            total >>>= halvings;
        }
        halvedNs = nowNs;
        measureNoise();
    }
}
