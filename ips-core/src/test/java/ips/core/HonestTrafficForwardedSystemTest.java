package ips.core;

import ips.core.pipeline.FrameSource;
import ips.core.pipeline.RingConfig;

/** The same honest traffic where a router is watched on both sides, each interface in its turn. */
class HonestTrafficForwardedSystemTest extends HonestTrafficSystemTest {
    @Override
    EngineConfig config() {
        return EngineConfig.DEFAULTS.withRing(
                new RingConfig(64, 131_072, RingConfig.DEFAULTS.waitMode(), true));
    }

    @Override
    FrameSource seen(Traffic traffic) {
        return traffic.forwarded(MILLI, 2).sourceInBlocks(10 * MILLI);
    }
}
