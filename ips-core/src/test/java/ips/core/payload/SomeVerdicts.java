package ips.core.payload;

import ips.core.verdict.Kind;

/** Verdicts on requests as a judge with known scores would give them. */
public final class SomeVerdicts {
    private SomeVerdicts() {}

    /** An attack of that score. */
    public static RequestVerdict of(Kind kind, int score) {
        RequestVerdict verdict = new RequestVerdict();
        Judgement judgement = new Judgement();
        judgement.raise(score, "test", 0, 1);
        verdict.take(kind, PartKind.QUERY, judgement, new byte[] {'x'}, 1);
        verdict.decide(score, true);
        return verdict;
    }
}
