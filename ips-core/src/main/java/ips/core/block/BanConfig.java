package ips.core.block;

import ips.core.Setting;
import ips.core.Settings;
import ips.core.packet.Cidr;
import java.time.Duration;
import java.util.List;

/** How offenders are banned and campaigns told; checked when made. */
public record BanConfig(
        @Setting("How long a first ban lasts after the last verdict: 1s to longest-ban.")
                Duration banTime,
        @Setting(
                        "evidence: a source that never proved its address loses only the class of"
                                + " packets it is accused of; all: every ban is of the whole"
                                + " address.")
                Scope banScope,
        @Setting("Each earlier ban of an address makes the next this many times longer: 1 to 100.")
                double repeatFactor,
        @Setting("No ban grows longer than this by repetition: 1s to 30d.") Duration longestBan,
        @Setting("How long an ended ban is remembered against its address: 0s to 30d.")
                Duration repeatMemory,
        @Setting("Bans in force at once, 1 to 16777216; beyond it the one that ends first goes.")
                int maxBans,
        @Setting("New bans a minute, 0 to 1000000; beyond it offenders are told, not banned.")
                int banBudget,
        @Setting(
                        "An attack that pauses for this long, 1s to 1d, has ended; its return is alerted anew.")
                Duration campaignPause,
        @Setting("Attacks followed at once, 1 to 16777216; beyond it the eldest is let go.")
                int maxCampaigns,
        @Setting(
                        "While a destination is flooded, more unproven sources than this accused"
                                + " of it within a second are taken for forged and not banned: 1 to"
                                + " 1000000.")
                int spoofedSources,
        @Setting(
                        "Addresses of one IPv6 /64 banned within ten minutes that make the ban one"
                                + " of the whole /64, 2 to 1000; 0 for never.")
                int ipv6SubnetAfter,
        @Setting("Addresses and networks never to be banned.") List<Cidr> allow) {
    /** How wide a ban is. */
    public enum Scope {
        EVIDENCE,
        ALL
    }

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MONTH = Duration.ofDays(30);

    public static final BanConfig DEFAULTS =
            new BanConfig(
                    Duration.ofSeconds(60),
                    Scope.EVIDENCE,
                    2,
                    Duration.ofHours(1),
                    Duration.ofHours(1),
                    65_536,
                    600,
                    Duration.ofSeconds(60),
                    65_536,
                    20,
                    8,
                    List.of());

    public BanConfig {
        Settings.within("longest-ban", longestBan, SECOND, MONTH);
        Settings.inRange(
                banTime.compareTo(SECOND) >= 0 && banTime.compareTo(longestBan) <= 0,
                "ban-time",
                Settings.text(banTime),
                "1s to longest-ban; longest-ban is " + Settings.text(longestBan));
        Settings.within("repeat-factor", repeatFactor, 1, 100);
        Settings.within("repeat-memory", repeatMemory, Duration.ZERO, MONTH);
        Settings.within("campaign-pause", campaignPause, SECOND, Duration.ofDays(1));
        Settings.within("max-bans", maxBans, 1, 1 << 24);
        Settings.within("ban-budget", banBudget, 0, 1_000_000);
        Settings.within("max-campaigns", maxCampaigns, 1, 1 << 24);
        Settings.within("spoofed-sources", spoofedSources, 1, 1_000_000);
        Settings.inRange(
                ipv6SubnetAfter == 0 || ipv6SubnetAfter >= 2 && ipv6SubnetAfter <= 1000,
                "ipv6-subnet-after",
                ipv6SubnetAfter,
                "2 to 1000; 0 for never");
        allow = List.copyOf(allow);
    }

    /** How long a ban lasts after so many earlier ones of its address. */
    long banTimeNs(int repeat) {
        double longer = banTime.toNanos() * Math.pow(repeatFactor, repeat);
        return (long) Math.min(longer, longestBan.toNanos());
    }
}
