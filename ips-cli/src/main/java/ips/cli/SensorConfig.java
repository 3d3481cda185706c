package ips.cli;

import ips.capture.CaptureSources;
import ips.cli.config.Inline;
import ips.core.EngineConfig;
import ips.core.Setting;
import java.nio.file.Path;
import java.util.List;

/** Everything that can be set: the engine's settings, where frames come from, who is told. */
record SensorConfig(
        @Inline EngineConfig engine,
        @Setting("Where frames come from on a live link.") Capture capture,
        @Setting("What carries bans out; log: tells what would be blocked.") Block block,
        @Setting("Who is told, and where.") Output output) {

    /** The enforcers. */
    enum Block {
        LOG;

        /** Whether a ban stops traffic, rather than being told only. */
        boolean enforces() {
            return false;
        }
    }

    record Capture(
            @Setting("Links to watch, all at once.") List<String> interfaces,
            @Setting("afpacket: the kernel's ring, Linux only; pcap: libpcap; auto: the best.")
                    CaptureSources.Mode mode,
            @Setting("A BPF filter as tcpdump writes it; frames outside are not seen.")
                    String filter) {
        static final Capture DEFAULTS = new Capture(List.of(), CaptureSources.Mode.AUTO, "");
    }

    record Output(
            @Setting("Where blocked_ips.log is written; made when the first line is.") Path logDir,
            @Setting("A file for EVE JSON, appended to; - for standard output; empty for none.")
                    String eve,
            @Setting("Port on 127.0.0.1 for Prometheus, 1 to 65535; 0 for none.") int metricsPort) {
        static final Output DEFAULTS = new Output(Path.of("logs"), "", 0);

        Output {
            if (metricsPort < 0 || metricsPort > 65_535) {
                throw new IllegalArgumentException(
                        "metrics-port is 0 to 65535, not " + metricsPort);
            }
        }
    }

    static SensorConfig defaults(Preset preset) {
        return new SensorConfig(preset.engine(), Capture.DEFAULTS, Block.LOG, Output.DEFAULTS);
    }
}
