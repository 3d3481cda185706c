package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** {@code dataset} and {@code datarep}: whether the buffer as a whole is among known values. */
final class DataSetStep extends Step {
    /** What is done with the value. */
    enum Command {
        IS_SET,
        IS_NOT_SET,
        SET,
        UNSET,
        REPUTATION
    }

    private final DataSet set;
    private final Command command;
    private final NumberTest reputation;

    /**
     * @param reputation for {@link Command#REPUTATION}
     */
    DataSetStep(DataSet set, Command command, NumberTest reputation) {
        this.set = set;
        this.command = command;
        this.reputation = reputation;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        DataSetMemory memory = in.dataSets;
        boolean holds =
                switch (command) {
                    case IS_SET -> memory.has(set, buffer);
                    case IS_NOT_SET -> !memory.has(set, buffer);
                    case SET -> memory.add(set, buffer);
                    case UNSET -> memory.remove(set, buffer);
                    case REPUTATION -> {
                        int found = memory.reputation(set, buffer);
                        yield found >= 0 && reputation.holds(found);
                    }
                };
        return holds && next.matches(buffer, in);
    }
}
