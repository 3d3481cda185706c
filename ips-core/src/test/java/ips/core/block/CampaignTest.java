package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import org.junit.jupiter.api.Test;

class CampaignTest {
    private static Verdict verdict(double seconds) {
        return BlockFixture.verdict(seconds, Kind.ICMP_FLOOD, "10.0.0.7", BanScope.ICMP, 100);
    }

    private static Verdict through(String tunnel, Verdict verdict) {
        return verdict.with(
                verdict.evidence()
                        .with(Evidence.TUNNEL_FROM, tunnel)
                        .with(Evidence.TUNNEL_TO, "203.0.113.1"));
    }

    /** What is raised at a tick has no frame that would tell. */
    @Test
    void keepsTheTunnelItCameThroughLast() {
        Campaign campaign = new Campaign(1, through("198.51.100.1", verdict(1)));
        campaign.add(through("198.51.100.2", verdict(2)));
        campaign.add(verdict(3));

        assertEquals(
                "{seen=100, threshold=50, tunnel_from=198.51.100.2, tunnel_to=203.0.113.1}",
                campaign.detection().evidence().values().toString());
    }
}
