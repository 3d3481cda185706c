package ips.core.regex;

import ips.core.regex.Node.At;
import ips.core.regex.Node.Atomic;
import ips.core.regex.Node.BackReference;
import ips.core.regex.Node.Bytes;
import ips.core.regex.Node.Choice;
import ips.core.regex.Node.Condition;
import ips.core.regex.Node.Group;
import ips.core.regex.Node.Look;
import ips.core.regex.Node.Repeat;
import ips.core.regex.Node.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns a {@link Node} into a {@link Program}, forwards or from right to left. */
final class ProgramCompiler {
    /** Instructions at most; repetitions are unrolled. */
    static final int MAX_SIZE = 20_000;

    private byte[] op = new byte[64];
    private int[] x = new int[64];
    private int[] y = new int[64];
    private int size;
    private final List<ByteSet> sets = new ArrayList<>();
    private final boolean backwards;
    private int slots;
    private boolean regular = true;
    private boolean places;

    private ProgramCompiler(boolean backwards, int groups) {
        this.backwards = backwards;
        slots = Program.begun(groups + 1);
    }

    /** Instructions that match from where they are started. */
    static Program compile(Node node, int groups, boolean backwards) throws RegexSyntaxException {
        ProgramCompiler compiler = new ProgramCompiler(backwards, groups);
        compiler.emit(node);
        compiler.add(Program.MATCH, 0);
        return compiler.finish();
    }

    /** Instructions that match from any place behind where they are started, the first first. */
    static Program compileSearch(Node node, int groups) throws RegexSyntaxException {
        ProgramCompiler compiler = new ProgramCompiler(false, groups);
        int split = compiler.add(Program.SPLIT, 0);
        compiler.add(Program.BYTES, compiler.set(ByteSet.ALL));
        compiler.x[split + 1] = split;
        compiler.x[split] = compiler.size;
        compiler.y[split] = split + 1;
        compiler.emit(node);
        compiler.add(Program.MATCH, 0);
        return compiler.finish();
    }

    private Program finish() {
        return new Program(
                Arrays.copyOf(op, size),
                Arrays.copyOf(x, size),
                Arrays.copyOf(y, size),
                sets.toArray(new ByteSet[0]),
                slots,
                regular,
                places);
    }

    /** An instruction that goes on at the next. */
    private int add(byte operation, int operand) throws RegexSyntaxException {
        if (size == MAX_SIZE) {
            throw new RegexSyntaxException(
                    "larger than " + MAX_SIZE + " steps when repetitions are unrolled", 0);
        }
        if (size == op.length) {
            op = Arrays.copyOf(op, 2 * size);
            x = Arrays.copyOf(x, 2 * size);
            y = Arrays.copyOf(y, 2 * size);
        }
        op[size] = operation;
        x[size] = size + 1;
        y[size] = operand;
        return size++;
    }

    private int set(ByteSet set) {
        int index = sets.indexOf(set);
        if (index < 0) {
            index = sets.size();
            sets.add(set);
        }
        return index;
    }

    private void emit(Node node) throws RegexSyntaxException {
        if (node instanceof Bytes bytes) {
            add(Program.BYTES, set(bytes.set()));
        } else if (node instanceof Sequence sequence) {
            List<Node> parts = sequence.parts();
            for (int i = 0; i < parts.size(); i++) {
                emit(parts.get(backwards ? parts.size() - 1 - i : i));
            }
        } else if (node instanceof Choice choice) {
            choice(choice.branches(), List.of());
        } else if (node instanceof Repeat repeat) {
            repeat(repeat);
        } else if (node instanceof Group group) {
            add(Program.SAVE, Program.begun(group.number()));
            emit(group.body());
            add(Program.CLOSE, Program.begun(group.number()));
        } else if (node instanceof At at) {
            places = true;
            add(Program.PLACE, at.place().ordinal());
        } else if (node instanceof BackReference reference) {
            regular = false;
            byte code = reference.ignoreCase() ? Program.REFERENCE_CASELESS : Program.REFERENCE;
            add(code, Program.begin(reference.group()));
        } else if (node instanceof Condition condition) {
            regular = false;
            int test = add(Program.IF_SET, Program.begin(condition.group()));
            emit(condition.no());
            int exit = add(Program.JUMP, 0);
            x[test] = size;
            emit(condition.yes());
            x[exit] = size;
        } else if (node instanceof Atomic atomic) {
            regular = false;
            add(Program.ENTER, takeSlots(2));
            int slot = slots - 2;
            emit(atomic.body());
            add(Program.LEAVE_ATOMIC, slot);
        } else {
            look((Look) node);
        }
    }

    private int takeSlots(int count) {
        slots += count;
        return slots - count;
    }

    /**
     * @param back for each branch how far to step back before it; empty for not at all
     */
    private void choice(List<Node> branches, List<Integer> back) throws RegexSyntaxException {
        List<Integer> exits = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            boolean last = i == branches.size() - 1;
            int split = last ? -1 : add(Program.SPLIT, 0);
            if (!back.isEmpty()) {
                add(Program.BACK, back.get(i));
            }
            emit(branches.get(i));
            if (!last) {
                exits.add(add(Program.JUMP, 0));
                y[split] = size;
            }
        }
        for (int exit : exits) {
            x[exit] = size;
        }
    }

    private void look(Look look) throws RegexSyntaxException {
        regular = false;
        int slot = takeSlots(2);
        add(look.negative() ? Program.ENTER_NEGATIVE : Program.ENTER, slot);
        int skip = -1;
        if (look.negative()) {
            x[size - 1] = size + 1;
            skip = add(Program.JUMP, 0);
        }
        if (look.ahead()) {
            emit(look.body());
        } else {
            List<Node> branches =
                    look.body() instanceof Choice c ? c.branches() : List.of(look.body());
            choice(branches, branches.stream().map(Node::fixedLength).toList());
        }
        add(look.negative() ? Program.LEAVE_NEGATIVE : Program.LEAVE_LOOK, slot);
        if (skip >= 0) {
            x[skip] = size;
        }
    }

    private void repeat(Repeat repeat) throws RegexSyntaxException {
        Node body = repeat.body();
        boolean unlimited = repeat.max() == Node.UNLIMITED;
        if (unlimited && repeat.min() > 0) {
            emit(body, repeat.min() - 1);
            plus(body, repeat.greedy());
            return;
        }
        emit(body, repeat.min());
        if (unlimited) {
            // as (body+)?, so that an empty round ends the loop with its priority kept
            int split = option(repeat.greedy());
            plus(body, repeat.greedy());
            leave(split, repeat.greedy());
            return;
        }
        int[] splits = new int[repeat.max() - repeat.min()];
        for (int i = 0; i < splits.length; i++) {
            splits[i] = option(repeat.greedy());
            emit(body);
        }
        for (int split : splits) {
            leave(split, repeat.greedy());
        }
    }

    private void emit(Node body, int times) throws RegexSyntaxException {
        int before = size;
        for (int i = 0; i < times; i++) {
            emit(body);
            if (size == before) {
                return; // of nothing any number is nothing: nested, counting them would not end
            }
        }
    }

    private int option(boolean greedy) throws RegexSyntaxException {
        int split = add(Program.SPLIT, 0);
        if (!greedy) {
            y[split] = size;
        }
        return split;
    }

    private void leave(int split, boolean greedy) {
        if (greedy) {
            y[split] = size;
        } else {
            x[split] = size;
        }
    }

    private void plus(Node body, boolean greedy) throws RegexSyntaxException {
        int begin = size;
        if (body.nullable()) {
            int slot = takeSlots(1);
            add(Program.LOOP, slot);
            emit(body);
            int again = add(greedy ? Program.AGAIN : Program.AGAIN_LAZY, slot);
            x[again] = begin;
        } else {
            emit(body);
            int split = add(Program.SPLIT, 0);
            x[split] = greedy ? begin : split + 1;
            y[split] = greedy ? split + 1 : begin;
        }
    }
}
