package ips.cli;

import ips.capture.CaptureSources;
import ips.cli.config.Inline;
import ips.cli.syslog.SyslogTarget;
import ips.core.EngineConfig;
import ips.core.Setting;
import ips.core.Settings;
import ips.core.alert.SyslogFormat;
import ips.core.block.nft.NftConfig;
import ips.core.pipeline.RingConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** Everything that can be set: the engine's settings, where frames come from, where reports go. */
public record SensorConfig(
        @Inline EngineConfig engine,
        @Setting("Where frames come from on a live link.") Capture capture,
        @Setting(
                        "What carries bans out; log: tells what would be blocked; nft: blocks in"
                                + " the kernel's firewall.")
                Block block,
        @Setting("The kernel's firewall, for block: nft.") NftConfig nft,
        @Setting("Rules in Suricata's language.") Rules rules,
        @Setting("Who is told, and where.") Output output) {

    /** The enforcers. */
    public enum Block {
        LOG,
        NFT;

        /** Whether a ban stops traffic, rather than being told only. */
        public boolean enforces() {
            return this != LOG;
        }
    }

    public record Capture(
            @Setting("Links to watch, all at once.") List<String> interfaces,
            @Setting("afpacket: the kernel's ring, Linux only; pcap: libpcap; auto: the best.")
                    CaptureSources.Mode mode,
            @Setting("A BPF filter as tcpdump writes it; frames outside are not seen.")
                    String filter,
            @Setting(
                            "Whether made-up frames are judged before those of the link, for a second or two,"
                                    + " so that a flood does not meet code that is not compiled yet.")
                    boolean warmUp) {
        static final Capture DEFAULTS = new Capture(List.of(), CaptureSources.Mode.AUTO, "", true);

        public Capture {
            // Its frames would be counted twice, and half of each threshold be enough.
            for (String name : interfaces) {
                if (Collections.frequency(interfaces, name) > 1) {
                    throw new IllegalArgumentException(
                            "interfaces: " + name + " stands twice; name each link once");
                }
            }
        }
    }

    /** Whether rules only tell, or drop, too. */
    public enum RuleMode {
        IDS,
        IPS
    }

    public record Rules(
            @Setting("Files of rules.") List<String> files,
            @Setting("Ask the rules that come with the sensor, too.") boolean shipped,
            @Setting("ids: rules only tell; ips: drop and reject take effect on what follows.")
                    RuleMode mode,
            @Setting("Follow TCP connections whose beginning was not seen.") boolean midstream,
            @Setting("Refuse to start when a rule cannot be read.") boolean strict,
            @Setting("A threshold.config with suppress, threshold and rate_filter lines; or empty.")
                    String thresholdFile,
            @Setting("YAML with address-groups and port-groups, as in suricata.yaml; or empty.")
                    String variablesFile,
            @Setting("A classification.config whose classes are added; or empty.")
                    String classificationFile,
            @Setting("Flows that rules follow at a time, 1024 to 4194304.") int flows) {
        public static final Rules DEFAULTS =
                new Rules(List.of(), true, RuleMode.IDS, false, false, "", "", "", 1 << 16);

        /** What a running sensor cannot change: all but which rules there are. */
        Rules withoutFiles() {
            return new Rules(List.of(), false, mode, midstream, false, "", "", "", flows);
        }

        public Rules {
            Settings.within("flows", flows, 1024, 1 << 22);
        }
    }

    public record Output(
            @Setting("Where blocked_ips.log is written, and by one sensor only.") Path logDir,
            @Setting("A file for EVE JSON, appended to; - for standard output; empty for none.")
                    String eve,
            @Setting("Whether alerts of rules carry their packet's payload, as payload_printable.")
                    boolean evePayload,
            @Setting("Syslog: local, the path of a socket, or HOST:PORT for UDP; empty for none.")
                    String syslog,
            @Setting("What syslog files messages under: user, daemon, auth, local0 and so on.")
                    SyslogFormat.Facility syslogFacility,
            @Setting("A pcapng file for the frames of alerts; empty for none.") String pcapAlerts,
            @Setting("MiB after which that file becomes FILE.1 and another is begun: 1 to 1048576.")
                    int pcapAlertsMebibytes,
            @Setting("Port on 127.0.0.1 for Prometheus, 0 to 65535; 0 for none.") int metricsPort,
            @Setting(
                            "Where block: nft keeps reasons and repeat counts over a restart; empty"
                                    + " for ban-memory.json in log-dir.")
                    String banMemory,
            @Setting(
                            "Unix-domain socket for ips status, bans, ban and so on: a path, auto"
                                    + " or none.")
                    String controlSocket) {
        static final Output DEFAULTS =
                new Output(
                        Path.of("logs"),
                        "",
                        false,
                        "",
                        SyslogFormat.Facility.DAEMON,
                        "",
                        256,
                        0,
                        "",
                        "auto");

        Path banMemoryFile() {
            return banMemory.isEmpty() ? logDir.resolve("ban-memory.json") : Path.of(banMemory);
        }

        public Output {
            if (!syslog.isEmpty()) {
                SyslogTarget.parse(syslog);
            }
            Settings.within("pcap-alerts-mebibytes", pcapAlertsMebibytes, 1, 1 << 20);
            Settings.within("metrics-port", metricsPort, 0, 65_535);
        }
    }

    public static SensorConfig defaults(SensorPreset preset) {
        return defaults(preset.engine());
    }

    /** What is in force where frames come from files and nothing is set. */
    static SensorConfig defaultsForFiles(SensorPreset preset) {
        return defaults(preset.engine().withRing(RingConfig.FOR_FILES));
    }

    private static SensorConfig defaults(EngineConfig engine) {
        return new SensorConfig(
                engine,
                Capture.DEFAULTS,
                Block.LOG,
                NftConfig.DEFAULTS,
                Rules.DEFAULTS,
                Output.DEFAULTS);
    }
}
