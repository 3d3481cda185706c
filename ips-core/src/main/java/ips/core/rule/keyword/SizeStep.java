package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** The size of the buffer: {@code bsize}, {@code urilen}. */
final class SizeStep extends Step {
    private final NumberTest test;

    SizeStep(NumberTest test) {
        this.test = test;
    }

    /** The greatest size that fits. */
    int most() {
        return (int) Math.min(Integer.MAX_VALUE, test.most());
    }

    /** Whether a content is longer than a number it names that is not to be exceeded. */
    boolean refuses(byte[] content) {
        return test.excludes(content.length);
    }

    @Override
    int reach(int before) {
        return before;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection inspection) {
        return test.holds(buffer.length) && next.matches(buffer, inspection);
    }
}
