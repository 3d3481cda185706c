package ips.core.regex;

import ips.core.ColdPath;
import ips.core.HotPath;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Runs a program by trying one way after another, for what no automaton can do: looks, back
 * references, atomic groups. Exponential in the worst case, so every step is counted.
 *
 * <p>The stack holds pairs: a place in the program and a position to go back to, or a slot (as its
 * complement) and what it held before.
 */
@HotPath
final class Backtracker {
    private static final int MAX_STACK = 1 << 18;

    /** In place of the next instruction: this way leads nowhere. */
    private static final int FAIL = -1;

    private final byte[] op;
    private final int[] x;
    private final int[] y;
    private final ByteSet[] sets;
    private final RegexBudget budget;
    private final int[] slots;
    private int[] stack = new int[64];
    private int top;
    private int steps;

    Backtracker(Program program, RegexBudget budget) {
        op = program.op();
        x = program.x();
        y = program.y();
        sets = program.sets();
        this.budget = budget;
        slots = new int[program.slots()];
    }

    /** What a slot holds after a match, see {@link Program#begin}. */
    int slot(int number) {
        return slots[number];
    }

    /** Steps of the last run. */
    int steps() {
        return steps;
    }

    /**
     * Matches at one position.
     *
     * @return the match's end; -1 if there is none, -2 if steps or memory did not suffice
     */
    int run(DirectBuffer buffer, int start, int end, int from, int limit) {
        Arrays.fill(slots, -1);
        top = 0;
        steps = slots.length >>> 4; // clearing them, at each place anew
        int pc = 0;
        int at = from;
        while (true) {
            if (++steps > limit || top + 8 > stack.length && !grow()) {
                return -2;
            }
            switch (op[pc]) {
                case Program.BYTES -> {
                    boolean has = at < end && sets[y[pc]].has(buffer.getByte(at) & 0xff);
                    at++;
                    pc = has ? x[pc] : FAIL;
                }
                case Program.SPLIT -> {
                    push(y[pc], at);
                    pc = x[pc];
                }
                case Program.SAVE, Program.LOOP -> {
                    save(y[pc], at);
                    pc = x[pc];
                }
                case Program.CLOSE -> {
                    save(y[pc] + 1, slots[y[pc]]);
                    save(y[pc] + 2, at);
                    pc = x[pc];
                }
                case Program.AGAIN, Program.AGAIN_LAZY -> pc = again(pc, at);
                case Program.PLACE -> {
                    Place place = Place.of(y[pc]);
                    pc =
                            place.holds(left(buffer, start, at), right(buffer, end, at))
                                    ? x[pc]
                                    : FAIL;
                }
                case Program.ENTER, Program.ENTER_NEGATIVE -> pc = enter(pc, at);
                case Program.LEAVE_LOOK -> {
                    at = slots[y[pc] + 1];
                    cut(slots[y[pc]]);
                    pc = x[pc];
                }
                case Program.LEAVE_NEGATIVE -> {
                    undoTo(slots[y[pc]]);
                    pc = FAIL;
                }
                case Program.LEAVE_ATOMIC -> {
                    cut(slots[y[pc]]);
                    pc = x[pc];
                }
                case Program.BACK -> {
                    at -= y[pc];
                    pc = at >= start ? x[pc] : FAIL;
                }
                case Program.REFERENCE, Program.REFERENCE_CASELESS -> {
                    at = behindReference(buffer, pc, at, end);
                    pc = at >= 0 ? x[pc] : FAIL;
                }
                case Program.IF_SET -> pc = slots[y[pc]] >= 0 ? x[pc] : pc + 1;
                case Program.MATCH -> {
                    return at;
                }
                default -> pc = x[pc];
            }
            if (pc == FAIL) {
                pc = retreat();
                if (pc == FAIL) {
                    return -1;
                }
                at = stack[top + 1];
            }
        }
    }

    /** Another round of a loop, or what follows it: an empty round was the last. */
    private int again(int pc, int at) {
        boolean lazy = op[pc] == Program.AGAIN_LAZY;
        if (slots[y[pc]] == at) {
            return pc + 1;
        }
        push(lazy ? x[pc] : pc + 1, at);
        return lazy ? pc + 1 : x[pc];
    }

    /** Begins a look or an atomic group. */
    private int enter(int pc, int at) {
        save(y[pc], top + 4);
        save(y[pc] + 1, at);
        if (op[pc] == Program.ENTER_NEGATIVE) {
            push(pc + 1, at);
        }
        return x[pc];
    }

    /**
     * Takes what was pushed last off, until it is another way: that one's place in the program, and
     * its position is left above the stack; {@link #FAIL} where there is none.
     */
    private int retreat() {
        while (top > 0) {
            top -= 2;
            int what = stack[top];
            if (what >= 0) {
                return what;
            }
            slots[~what] = stack[top + 1];
        }
        return FAIL;
    }

    /** The position behind what a group matched, if the same stands at {@code at}; otherwise -1. */
    private int behindReference(DirectBuffer buffer, int pc, int at, int end) {
        int begin = slots[y[pc]];
        int length = slots[y[pc] + 1] - begin;
        boolean caseless = op[pc] == Program.REFERENCE_CASELESS;
        steps += Math.max(0, length);
        boolean same =
                begin >= 0
                        && length >= 0
                        && at + length <= end
                        && same(buffer, begin, at, length, caseless);
        return same ? at + length : -1;
    }

    private void push(int pc, int at) {
        stack[top] = pc;
        stack[top + 1] = at;
        top += 2;
    }

    private void save(int slot, int value) {
        push(~slot, slots[slot]);
        slots[slot] = value;
    }

    /** Forgets other ways above a height; what slots held before stays known. */
    private void cut(int height) {
        int kept = height;
        for (int i = height; i < top; i += 2) {
            if (stack[i] < 0) {
                stack[kept] = stack[i];
                stack[kept + 1] = stack[i + 1];
                kept += 2;
            }
        }
        top = kept;
    }

    /** Goes back to a height without taking any other way. */
    private void undoTo(int height) {
        while (top > height) {
            top -= 2;
            if (stack[top] < 0) {
                slots[~stack[top]] = stack[top + 1];
            }
        }
    }

    private static int left(DirectBuffer buffer, int start, int at) {
        return at == start ? Place.EDGE : Place.side(buffer.getByte(at - 1) & 0xff, false);
    }

    private static int right(DirectBuffer buffer, int end, int at) {
        return at == end ? Place.EDGE : Place.side(buffer.getByte(at) & 0xff, at == end - 1);
    }

    private static boolean same(
            DirectBuffer buffer, int one, int other, int length, boolean ignoreCase) {
        for (int i = 0; i < length; i++) {
            int a = buffer.getByte(one + i);
            int b = buffer.getByte(other + i);
            boolean letters = (a | 0x20) == (b | 0x20) && (a | 0x20) >= 'a' && (a | 0x20) <= 'z';
            if (a != b && !(ignoreCase && letters)) {
                return false;
            }
        }
        return true;
    }

    @ColdPath
    private boolean grow() {
        int length = 2 * stack.length;
        if (length > MAX_STACK || !budget.take(4L * stack.length)) {
            return false;
        }
        stack = Arrays.copyOf(stack, length);
        return true;
    }
}
