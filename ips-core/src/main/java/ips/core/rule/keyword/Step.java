package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.util.List;

/**
 * One test in the chain that a rule makes on a buffer: a content, an expression, a byte test. A
 * test that may match at several places asks the rest of the chain at each of them in turn.
 */
abstract class Step {
    /** The last step of a chain: everything before it held. */
    static final Step END =
            new Step() {
                @Override
                boolean matches(ByteRange buffer, Inspection inspection) {
                    return true;
                }
            };

    /** What follows; {@link #END} behind the last. */
    Step next = END;

    /** Whether a later test depends on where this one matched. */
    boolean anchorsOthers;

    /** Whether the test begins where the last one matched. */
    boolean relative() {
        return false;
    }

    /**
     * How many of the buffer's bytes, from the first on, lie before the place where a test relative
     * to it begins, at most; {@link FastPattern#ANYWHERE} where that is not known.
     *
     * @param before the same for the test before it
     */
    int reach(int before) {
        return FastPattern.ANYWHERE;
    }

    /** Whether this and all that follow hold. */
    abstract boolean matches(ByteRange buffer, Inspection inspection);

    /** Makes a chain of steps and returns its head. */
    static Step chain(List<Step> steps) {
        Step anchor = null;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            step.next = i + 1 < steps.size() ? steps.get(i + 1) : END;
            if (step instanceof Base64Step base64) {
                base64.chainDecoded();
            }
            if (step.relative() && anchor != null) {
                anchor.anchorsOthers = true;
            }
            if (step instanceof ContentStep || step instanceof PcreStep) {
                anchor = step;
            }
        }
        return steps.isEmpty() ? END : steps.get(0);
    }
}
