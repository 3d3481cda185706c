package ips.core.block;

import ips.core.Setting;
import ips.core.packet.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

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
        @Setting("No ban grows longer than this by repetition.") Duration longestBan,
        @Setting("How long an ended ban is remembered against its address: 0s to 30d.")
                Duration repeatMemory,
        @Setting("Bans in force at once, 1 to 16777216; beyond it the one that ends first goes.")
                int maxBans,
        @Setting("New bans a minute, 0 to 1000000; beyond it offenders are told, not banned.")
                int banBudget,
        @Setting("An attack that pauses for this long has ended, and its return is alerted anew.")
                Duration campaignPause,
        @Setting("Attacks followed at once, 1 to 16777216; beyond it the eldest is let go.")
                int maxCampaigns,
        @Setting(
                        "While a destination is flooded, more unproven sources than this accused"
                                + " of it within a second are taken for forged and not banned.")
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
        between("longest-ban", longestBan, Duration.ofSeconds(1), MONTH);
        between("ban-time", banTime, Duration.ofSeconds(1), longestBan);
        between("repeat-memory", repeatMemory, Duration.ZERO, MONTH);
        between("campaign-pause", campaignPause, Duration.ofSeconds(1), Duration.ofDays(1));
        between("max-bans", maxBans, 1, 1 << 24);
        between("ban-budget", banBudget, 0, 1_000_000);
        between("max-campaigns", maxCampaigns, 1, 1 << 24);
        between("spoofed-sources", spoofedSources, 1, 1_000_000);
        if (ipv6SubnetAfter != 0) {
            between("ipv6-subnet-after", ipv6SubnetAfter, 2, 1000);
        }
        if (!(repeatFactor >= 1 && repeatFactor <= 100)) {
            throw new IllegalArgumentException("repeat-factor is 1 to 100, not " + repeatFactor);
        }
        allow = List.copyOf(allow);
    }

    /** How long a ban lasts after so many earlier ones of its address. */
    long banTimeNs(int repeat) {
        double longer = banTime.toNanos() * Math.pow(repeatFactor, repeat);
        return (long) Math.min(longer, longestBan.toNanos());
    }

    private static void between(String name, Duration value, Duration low, Duration high) {
        if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + text(low) + " to " + text(high) + ", not " + text(value));
        }
    }

    private static void between(String name, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(
                    name + " is " + low + " to " + high + ", not " + value);
        }
    }

    private static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
