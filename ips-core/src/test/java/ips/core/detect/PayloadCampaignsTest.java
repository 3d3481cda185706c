package ips.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.payload.Judgement;
import ips.core.payload.RequestVerdict;
import ips.core.payload.SomeVerdicts;
import ips.core.verdict.Action;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PayloadCampaignsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int DOUBTFUL = Judgement.CERTAIN - 1;
    private static final int CERTAIN = Judgement.CERTAIN;

    private final List<Verdict> raised = new ArrayList<>();
    private final PayloadCampaigns campaigns =
            new PayloadCampaigns(report -> raised.add((Verdict) report), 3, 60 * SECOND);
    private long nowNs = 1_700_000_000L * SECOND;

    private void request(int source, Kind kind, int score) {
        request(source, kind, score, Action.BAN);
    }

    private void request(int source, Kind kind, int score, Action most) {
        RequestVerdict verdict = SomeVerdicts.of(kind, score);
        campaigns.add(verdict, most, 0, source, 0, 99, 80, nowNs, 1);
        nowNs += SECOND;
    }

    private List<Action> actions() {
        return raised.stream().map(Verdict::action).toList();
    }

    @Test
    void oneDoubtfulRequestOnlyAlerts() {
        request(1, Kind.SQLI, DOUBTFUL);

        assertEquals(List.of(Action.ALERT), actions());
    }

    @Test
    void oneCertainRequestBans() {
        request(1, Kind.SQLI, CERTAIN);

        assertEquals(List.of(Action.BAN), actions());
    }

    @Test
    void severalDoubtfulRequestsBanWhateverTheirKinds() {
        request(1, Kind.SQLI, DOUBTFUL);
        request(1, Kind.XSS, DOUBTFUL);
        request(1, Kind.RCE, DOUBTFUL);

        assertEquals(List.of(Action.ALERT, Action.ALERT, Action.BAN), actions());
    }

    @Test
    void doubtfulRequestsOfDifferentSourcesDoNotAddUp() {
        for (int source = 1; source <= 100; source++) {
            request(source, Kind.SQLI, DOUBTFUL);
        }

        assertEquals(Set.of(Action.ALERT), new HashSet<>(actions()));
    }

    @Test
    void doubtfulRequestsFarApartDoNotAddUp() {
        for (int i = 0; i < 10; i++) {
            request(1, Kind.SQLI, DOUBTFUL);
            nowNs += 130 * SECOND;
        }

        assertEquals(Set.of(Action.ALERT), new HashSet<>(actions()));
    }

    @Test
    void aSourceThatIsNotProvenIsNeverBanned() {
        for (int i = 0; i < 10; i++) {
            request(1, Kind.SQLI, CERTAIN, Action.ALERT);
        }

        assertEquals(Set.of(Action.ALERT), new HashSet<>(actions()));
    }

    @Test
    void noSourceHidesAnother() {
        int sources = 20 * PayloadCampaigns.CAPACITY;
        for (int source = 1; source <= sources; source++) {
            nowNs -= SECOND;
            request(source, Kind.SQLI, CERTAIN);
        }
        campaigns.end(nowNs, 2);

        Set<Long> accused = new HashSet<>();
        raised.forEach(verdict -> accused.add(verdict.source().low()));
        assertEquals(sources, accused.size());
    }

    @Test
    void tellsWhatWasCountedWhenItsPlaceIsTaken() {
        request(1, Kind.SQLI, CERTAIN);
        nowNs -= SECOND;
        request(1, Kind.SQLI, CERTAIN);
        for (int source = 2; source < 20 * PayloadCampaigns.CAPACITY; source++) {
            request(source, Kind.SQLI, CERTAIN);
        }

        long most =
                raised.stream()
                        .filter(verdict -> verdict.source().low() == 1)
                        .mapToLong(Verdict::count)
                        .max()
                        .orElse(0);
        assertEquals(2, most);
    }
}
