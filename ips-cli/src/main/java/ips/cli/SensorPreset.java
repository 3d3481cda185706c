package ips.cli;

import ips.core.EngineConfig;
import ips.core.detect.Detectors;

/** Settings that belong together, by name: {@code --preset strict}. */
public enum SensorPreset {
    /** What runs without a word: silent on ordinary traffic. */
    STANDARD {
        @Override
        EngineConfig engine() {
            return EngineConfig.DEFAULTS;
        }
    },
    /** Plain rules that count everything: any ICMP echo, 50 SYNs of a source. */
    STRICT {
        @Override
        EngineConfig engine() {
            return EngineConfig.DEFAULTS.withDetectors(Detectors.strict());
        }
    };

    abstract EngineConfig engine();
}
