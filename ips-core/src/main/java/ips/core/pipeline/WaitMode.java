package ips.core.pipeline;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;

/** How workers wait for frames. */
public enum WaitMode {
    /** Spin, yield, nap for a millisecond, then sleep until frames come; the default. */
    PARKING {
        @Override
        WaitStrategy strategy() {
            return new ParkingWaitStrategy();
        }
    },
    /** Spin, then yield: a core per worker is busy, but others may have it. */
    YIELDING {
        @Override
        WaitStrategy strategy() {
            return new YieldingWaitStrategy();
        }
    },
    /** Spin: lowest latency, and only where every thread has a core of its own. */
    BUSY_SPIN {
        @Override
        WaitStrategy strategy() {
            return new BusySpinWaitStrategy();
        }
    };

    abstract WaitStrategy strategy();
}
