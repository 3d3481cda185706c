package ips.core.payload;

import ips.core.payload.text.Text;

/**
 * Looks for one class of attack in one normalised value.
 *
 * <p>Owned by one thread; allocates nothing; its work is linear in the length of the text.
 */
public interface Judge {
    /** Raises {@code judgement} for what it finds; leaves it alone if there is nothing. */
    void judge(Text text, PartKind part, Judgement judgement);
}
