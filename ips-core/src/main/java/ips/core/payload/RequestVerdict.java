package ips.core.payload;

import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * What a {@link RequestJudge} says of a request. Mutable and reused: valid until the next request
 * begins.
 */
public final class RequestVerdict {
    private static final int NAME = 64;
    private static final int EXCERPT = 160;

    private final byte[] name = new byte[NAME];
    private final byte[] excerpt = new byte[EXCERPT];
    private int nameLength;
    private int excerptLength;
    private Kind kind;
    private PartKind part;
    private String reason;
    private int score;
    private boolean attack;

    RequestVerdict() {
        clear();
    }

    void clear() {
        kind = null;
        part = null;
        reason = "";
        score = 0;
        attack = false;
        nameLength = 0;
        excerptLength = 0;
    }

    void copyFrom(RequestVerdict other) {
        kind = other.kind;
        part = other.part;
        reason = other.reason;
        score = other.score;
        attack = other.attack;
        nameLength = other.nameLength;
        excerptLength = other.excerptLength;
        System.arraycopy(other.name, 0, name, 0, nameLength);
        System.arraycopy(other.excerpt, 0, excerpt, 0, excerptLength);
    }

    void take(Kind kind, PartKind part, Judgement judgement, byte[] text, int length) {
        this.kind = kind;
        this.part = part;
        reason = judgement.reason();
        int from = Math.max(0, Math.min(judgement.start() - 16, length));
        int to = Math.min(length, from + EXCERPT);
        excerptLength = to - from;
        System.arraycopy(text, from, excerpt, 0, excerptLength);
    }

    void name(DirectBuffer buffer, int offset, int length) {
        nameLength = Math.min(NAME, length);
        if (nameLength > 0) {
            buffer.getBytes(offset, name, 0, nameLength);
        }
    }

    void decide(int score, boolean attack) {
        this.score = score;
        this.attack = attack;
    }

    /** Whether the score reaches the preset's threshold. */
    public boolean attack() {
        return attack;
    }

    /** The request's score, 0 to 250: 0 is nothing, 50 odd, from 100 on there is no doubt. */
    public int score() {
        return score;
    }

    /** Whether the score leaves no doubt. */
    public boolean certain() {
        return attack && score >= Judgement.CERTAIN;
    }

    /** The class of the highest score, or null if all is quiet. */
    public Kind kind() {
        return kind;
    }

    /** Where it stands, or null. */
    public PartKind part() {
        return part;
    }

    /** What decided: {@code union-select}. */
    public String reason() {
        return reason;
    }

    /** The part's name, at most {@value #NAME} bytes, escaped. Allocates. */
    public String partName() {
        return Judgement.escaped(name, 0, nameLength);
    }

    /**
     * The normalised value around what decided, at most {@value #EXCERPT} bytes, escaped.
     * Allocates.
     */
    public String excerpt() {
        return Judgement.escaped(excerpt, 0, excerptLength);
    }

    /** For the verdict that a detector raises. Allocates. */
    public Evidence evidence() {
        return Evidence.of(
                "part",
                part == null ? "" : part.name().toLowerCase(Locale.ROOT),
                "name",
                partName(),
                "pattern",
                reason,
                "excerpt",
                excerpt(),
                "score",
                score);
    }
}
