package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BanConfigTest {
    private static final BanConfig D = BanConfig.DEFAULTS;

    @Test
    void namesTheSettingAndItsRangeWhenRefusing() {
        assertEquals(
                "ban-time: 0s is out of range; give 1s to longest-ban; longest-ban is 1h",
                refused(() -> times(Duration.ZERO, D.longestBan())));
        assertEquals(
                "ban-time: 1h is out of range; give 1s to longest-ban; longest-ban is 60s",
                refused(() -> times(Duration.ofHours(1), Duration.ofMinutes(1))));
        assertEquals(
                "longest-ban: 721h is out of range; give 1s to 30d",
                refused(() -> times(D.banTime(), Duration.ofHours(721))));
        assertEquals(
                "repeat-factor: 0.5 is out of range; give 1 to 100", refused(() -> factor(0.5)));
        assertEquals(
                "repeat-factor: NaN is out of range; give 1 to 100",
                refused(() -> factor(Double.NaN)));
        assertEquals(
                "max-bans: 0 is out of range; give 1 to 16777216", refused(() -> sizes(0, 600)));
        assertEquals(
                "ban-budget: -1 is out of range; give 0 to 1000000", refused(() -> sizes(10, -1)));
    }

    @Test
    void growsBansByTheFactorUpToTheLongest() {
        assertEquals(Duration.ofSeconds(60).toNanos(), D.banTimeNs(0));
        assertEquals(Duration.ofSeconds(120).toNanos(), D.banTimeNs(1));
        assertEquals(Duration.ofHours(1).toNanos(), D.banTimeNs(6));
        assertEquals(Duration.ofHours(1).toNanos(), D.banTimeNs(Integer.MAX_VALUE));
    }

    private static String refused(Runnable making) {
        return assertThrows(IllegalArgumentException.class, making::run).getMessage();
    }

    private static BanConfig times(Duration banTime, Duration longest) {
        return config(banTime, D.repeatFactor(), longest, D.maxBans(), D.banBudget());
    }

    private static BanConfig factor(double factor) {
        return config(D.banTime(), factor, D.longestBan(), D.maxBans(), D.banBudget());
    }

    private static BanConfig sizes(int maxBans, int budget) {
        return config(D.banTime(), D.repeatFactor(), D.longestBan(), maxBans, budget);
    }

    private static BanConfig config(
            Duration banTime, double factor, Duration longest, int maxBans, int budget) {
        return new BanConfig(
                banTime,
                D.banScope(),
                factor,
                longest,
                D.repeatMemory(),
                maxBans,
                budget,
                D.campaignPause(),
                D.maxCampaigns(),
                D.spoofedSources(),
                D.ipv6SubnetAfter(),
                List.of());
    }
}
