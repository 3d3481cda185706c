package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.util.List;

/** What a rule asks of one buffer: transforms, then a chain of steps. Immutable. */
public final class BufferTest {
    /** Steps back that one test may take before it is given up. */
    private static final int BUDGET = 20_000;

    private final Buffer buffer;
    private final List<Transform> transforms;
    private final Step head;
    private final FastPattern fastPattern;
    private final boolean absent;
    private final boolean absentOr;
    private final boolean ofNothing;

    BufferTest(BufferDraft draft) {
        buffer = draft.buffer;
        transforms = List.copyOf(draft.transforms);
        fastPattern = draft.fastPattern();
        head = Step.chain(draft.steps);
        absent = draft.absent;
        absentOr = draft.absentOr;
        ofNothing = draft.negatedSought() == null;
    }

    /** Whether it is asked of an empty payload, too, when the stream beside it is looked at. */
    public boolean ofNothing() {
        return ofNothing;
    }

    public Buffer buffer() {
        return buffer;
    }

    /** Bytes that are there whenever the test holds, or null. */
    public FastPattern fastPattern() {
        return fastPattern;
    }

    /** Whether the test holds where there is no such buffer. */
    public boolean holdsIfAbsent() {
        return absent || absentOr;
    }

    /** Whether the test holds on a buffer that is there. */
    public boolean holds(ByteRange bytes, Inspection in) {
        if (absent) {
            return false;
        }
        in.position = 0;
        in.budget = BUDGET;
        ByteRange at = bytes;
        for (int i = 0; i < transforms.size(); i++) {
            at = transforms.get(i).apply(at, in.transformed(i));
        }
        return head.matches(at, in);
    }
}
