package ips.core;

import ips.core.pipeline.FrameSource;
import ips.core.pipeline.RingConfig;

/** The same honest traffic by a mirror port that shows each frame as it comes and as it goes. */
class HonestTrafficMirroredSystemTest extends HonestTrafficSystemTest {
    @Override
    EngineConfig config() {
        return EngineConfig.DEFAULTS.withRing(
                new RingConfig(64, 131_072, RingConfig.DEFAULTS.waitMode(), true));
    }

    @Override
    FrameSource seen(Traffic traffic) {
        return traffic.forwarded(20_000, 1).source();
    }
}
