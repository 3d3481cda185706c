package ips.core.block;

import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;

/**
 * How many sources with odd flags are reported between two ticks, before they did enough for a ban:
 * each is forged at the price of one segment. Judged for all workers' sources together; owned by
 * the block manager's thread.
 */
final class OddFlagAlerts {
    private static final int MOST_PER_TICK = 16;

    private final CampaignTable campaigns;
    private int left = MOST_PER_TICK;

    OddFlagAlerts(CampaignTable campaigns) {
        this.campaigns = campaigns;
    }

    void tick() {
        left = MOST_PER_TICK;
    }

    /** Whether a verdict is not to be told. */
    boolean withholds(Verdict verdict) {
        boolean limited =
                verdict.scope() == BanScope.ODD_FLAGS
                        && verdict.action() == Action.ALERT
                        && !campaigns.isOfCampaign(verdict);
        return limited && (campaigns.isDestinationFlooded(Kind.ODD_FLAG_FLOOD) || left-- <= 0);
    }
}
