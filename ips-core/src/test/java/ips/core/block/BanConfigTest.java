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
                "ban-time is 1s to 1h, not 0s",
                refused(() -> times(Duration.ZERO, D.longestBan())));
        assertEquals(
                "ban-time is 1s to 1m, not 1h",
                refused(() -> times(Duration.ofHours(1), Duration.ofMinutes(1))));
        assertEquals(
                "longest-ban is 1s to 720h, not 721h",
                refused(() -> times(D.banTime(), Duration.ofHours(721))));
        assertEquals("repeat-factor is 1 to 100, not 0.5", refused(() -> factor(0.5)));
        assertEquals("repeat-factor is 1 to 100, not NaN", refused(() -> factor(Double.NaN)));
        assertEquals("max-bans is 1 to 16777216, not 0", refused(() -> sizes(0, 600)));
        assertEquals("ban-budget is 0 to 1000000, not -1", refused(() -> sizes(10, -1)));
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
