package ips.core.block.nft;

import ips.core.Setting;
import ips.core.Settings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** How bans are carried out in the kernel; checked when made. */
public record NftConfig(
        @Setting("Name of the table that the sensor makes and owns: letters, digits, _ and -.")
                String table,
        @Setting(
                        "Interfaces whose frames are dropped at the ingress hook already, the"
                                + " cheapest place under a flood; all are covered behind it.")
                List<String> ingress,
        @Setting("What becomes of the bans in the kernel when the sensor ends: keep or lift.")
                OnExit onExit,
        @Setting("How long nft may take over a batch before it is killed: 1s to 5m.")
                Duration timeout,
        @Setting("The nft program: a name to be found in the usual folders, or a path.")
                String program) {
    /** What becomes of bans in the kernel when the sensor ends in good order. */
    public enum OnExit {
        /** They run out by themselves, and a sensor started before takes them over. */
        KEEP,
        LIFT
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_.:@-]{1,15}");

    public static final NftConfig DEFAULTS =
            new NftConfig("ips", List.of(), OnExit.KEEP, Duration.ofSeconds(10), "nft");

    public NftConfig {
        Settings.form(
                NAME.matcher(table).matches(),
                "table",
                table,
                "a letter and then letters, digits, _ or -, up to 64 in all");
        ingress = List.copyOf(ingress);
        for (String each : ingress) {
            Settings.form(INTERFACE.matcher(each).matches(), "ingress", each, "interface names");
        }
        Settings.within("timeout", timeout, Duration.ofSeconds(1), Duration.ofMinutes(5));
        Settings.form(
                !program.isBlank() && !program.startsWith("-"),
                "program",
                program,
                "a name or a path");
    }
}
