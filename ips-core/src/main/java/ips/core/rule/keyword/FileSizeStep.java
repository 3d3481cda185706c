package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.nio.ByteOrder;

/** {@code filesize}: the number of bytes, which the buffer holds as a number. */
final class FileSizeStep extends Step {
    private final NumberTest test;

    FileSizeStep(NumberTest test) {
        this.test = test;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        long size = buffer.buffer.getLong(buffer.offset, ByteOrder.BIG_ENDIAN);
        return test.holds(size) && next.matches(buffer, in);
    }
}
