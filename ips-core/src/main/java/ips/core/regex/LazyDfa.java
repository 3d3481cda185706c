package ips.core.regex;

import ips.core.ColdPath;
import ips.core.HotPath;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Runs a program as a deterministic automaton whose states are made as the input asks for them
 * (Thompson 1968; Cox, "Regular Expression Matching in the Wild", 2010).
 *
 * <p>A state is a list of instructions in the order of their priority, and what lies beside the
 * place it is at, where the program asks for that. What it does on a class of bytes is computed
 * once, the conditions on places with it, since both sides are known by then:
 *
 * <pre>
 *   next[state * classes + class] = state' * 2 + (does it match before this byte), 0 if not known
 * </pre>
 *
 * <p>States are kept up to {@value #MAX_CELLS} transitions, or what the budget allows; then all are
 * forgotten. Each byte costs at most one pass over the program, which is counted as steps.
 */
@HotPath
final class LazyDfa {
    private static final int MAX_CELLS = 1 << 15;
    private static final int MAX_LISTED = 1 << 15;
    private static final int DEAD = 1;

    private final Program program;
    private final ByteClasses classes;
    private final boolean backwards;
    private final RegexBudget budget;

    // States, from 1.
    private int states;
    private int[] next;
    private int[] listAt;
    private int[] sideOf;
    private int[] table;
    private int[] lists;
    private int listed;
    private int maxStates;
    private int forgotten;

    // Scratch, by instruction.
    private final int[] visited;
    private final int[] taken;
    private final int[] stack;
    private final int[] list;
    private int generation;

    private int steps;

    /**
     * @param backwards whether it runs from right to left, and then for the longest match
     */
    LazyDfa(Program program, ByteClasses classes, boolean backwards, RegexBudget budget) {
        this.program = program;
        this.classes = classes;
        this.backwards = backwards;
        this.budget = budget;
        visited = new int[program.size()];
        taken = new int[program.size()];
        stack = new int[3 * program.size() + 2];
        list = new int[program.size()];
        maxStates = 4;
        next = new int[(maxStates + 1) * classes.count];
        listAt = new int[maxStates + 2];
        sideOf = new int[maxStates + 1];
        table = new int[16];
        lists = new int[Math.max(16, program.size())];
        forget();
    }

    private void forget() {
        Arrays.fill(next, 0);
        Arrays.fill(table, 0);
        forgotten++;
        states = 0;
        listed = 0;
        listAt[1] = 0;
        state(0, Place.EDGE); // the dead one: nothing left to do
    }

    /**
     * Runs from {@code from} towards {@code to}, forwards or backwards.
     *
     * @param start the subject's first byte
     * @param end behind the subject's last byte
     * @param limit steps at most
     * @return the position of the match (its end, or backwards its begin); -1 if there is none, -2
     *     if the steps did not suffice
     */
    int run(DirectBuffer buffer, int start, int end, int from, int to, int limit) {
        steps = 0;
        int[] classOf = classes.of;
        int width = classes.count;
        int state = startState(buffer, start, end, from);
        int found = -1;
        int at = from;
        int step = backwards ? -1 : 1;
        int peek = backwards ? -1 : 0;
        // the last byte of a subject may be a class of its own: its newline
        int plain = program.places() ? end - 1 : end;
        while (at != to) {
            int b = buffer.getByte(at + peek) & 0xff;
            int c = b == '\n' && at + peek >= plain ? classes.finalNewline : classOf[b];
            int entry = next[state * width + c];
            if (entry == 0) {
                if (steps > limit) {
                    return -2;
                }
                entry = learn(state, c);
            }
            if ((entry & 1) != 0) {
                found = at;
            }
            state = entry >> 1;
            if (state == DEAD) {
                return found;
            }
            at += step;
        }
        int beside = classes.edge;
        if (backwards ? to > start : to < end) {
            int b = buffer.getByte(to + peek) & 0xff;
            beside = b == '\n' && to + peek >= plain ? classes.finalNewline : classOf[b];
        }
        int entry = next[state * width + beside];
        if (entry == 0) {
            entry = learn(state, beside);
        }
        return (entry & 1) != 0 ? to : found;
    }

    private int startState(DirectBuffer buffer, int start, int end, int from) {
        int side = Place.EDGE;
        if (program.places()) {
            if (backwards ? from < end : from > start) {
                int at = backwards ? from : from - 1;
                side = Place.side(buffer.getByte(at) & 0xff, at == end - 1);
            }
        }
        list[0] = 0;
        return stateOrForget(1, side);
    }

    /** What the state does on a class. */
    private int learn(int state, int c) {
        byte[] op = program.op();
        int[] x = program.x();
        int[] y = program.y();
        int left = backwards ? classes.side[c] : sideOf[state];
        int right = backwards ? sideOf[state] : classes.side[c];
        boolean[][] has = classes.has;
        int mark = ++generation;
        int count = 0;
        int matched = 0;
        int first = listAt[state];
        int behind = listAt[state + 1];
        scan:
        for (int i = first; i < behind; i++) {
            int top = 0;
            stack[top++] = lists[i];
            while (top > 0) {
                int pc = stack[--top];
                if (visited[pc] == mark) {
                    if (op[pc] == Program.AGAIN || op[pc] == Program.AGAIN_LAZY) {
                        stack[top++] = pc + 1; // an empty round ends the loop
                    }
                    continue;
                }
                visited[pc] = mark;
                steps++;
                switch (op[pc]) {
                    case Program.BYTES -> {
                        int target = x[pc];
                        if (has[y[pc]][c] && taken[target] != mark) {
                            taken[target] = mark;
                            list[count++] = target;
                        }
                    }
                    case Program.SPLIT -> {
                        stack[top++] = y[pc];
                        stack[top++] = x[pc];
                    }
                    case Program.AGAIN -> {
                        stack[top++] = pc + 1;
                        stack[top++] = x[pc];
                    }
                    case Program.AGAIN_LAZY -> {
                        stack[top++] = x[pc];
                        stack[top++] = pc + 1;
                    }
                    case Program.PLACE -> {
                        if (Place.of(y[pc]).holds(left, right)) {
                            stack[top++] = x[pc];
                        }
                    }
                    case Program.MATCH -> {
                        matched = 1;
                        if (!backwards) {
                            break scan; // what follows has less priority
                        }
                    }
                    default -> stack[top++] = x[pc];
                }
            }
        }
        int before = forgotten;
        int to = stateOrForget(count, program.places() ? classes.side[c] : Place.EDGE);
        int entry = to << 1 | matched;
        if (forgotten == before) {
            next[state * classes.count + c] = entry;
        }
        return entry;
    }

    private int stateOrForget(int count, int side) {
        int state = state(count, count == 0 ? Place.EDGE : side);
        if (state == 0) {
            forget();
            state = state(count, side);
        }
        return state;
    }

    /** The state of the first {@code count} in {@code list}; 0 if there is no room for it. */
    private int state(int count, int side) {
        int hash = side + 31 * count;
        for (int i = 0; i < count; i++) {
            hash = 31 * hash + list[i];
        }
        hash ^= hash >>> 15;
        int mask = table.length - 1;
        int cell = hash & mask;
        while (table[cell] != 0) {
            if (isState(table[cell], count, side)) {
                return table[cell];
            }
            cell = cell + 1 & mask;
        }
        if (states == maxStates || listed + count > lists.length) {
            if (!grow(count)) {
                return 0;
            }
            return state(count, side);
        }
        int state = ++states;
        System.arraycopy(list, 0, lists, listed, count);
        listed += count;
        listAt[state + 1] = listed;
        sideOf[state] = side;
        table[cell] = state;
        return state;
    }

    private boolean isState(int state, int count, int side) {
        int at = listAt[state];
        if (sideOf[state] != side || listAt[state + 1] - at != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (lists[at + i] != list[i]) {
                return false;
            }
        }
        return true;
    }

    @ColdPath
    private boolean grow(int count) {
        if (listed + count > lists.length) {
            int length = Math.min(Math.max(MAX_LISTED, program.size()), 2 * lists.length);
            if (listed + count > length || !budget.take(4L * (length - lists.length))) {
                return false;
            }
            lists = Arrays.copyOf(lists, length);
        }
        if (states == maxStates) {
            int more = 2 * maxStates;
            if (more * classes.count > MAX_CELLS && states >= 4
                    || !budget.take(4L * maxStates * (classes.count + 6))) {
                return false;
            }
            maxStates = more;
            next = Arrays.copyOf(next, (maxStates + 1) * classes.count);
            listAt = Arrays.copyOf(listAt, maxStates + 2);
            sideOf = Arrays.copyOf(sideOf, maxStates + 1);
            rehash();
        }
        return true;
    }

    @ColdPath
    private void rehash() {
        table = new int[4 * maxStates];
        for (int state = 1; state <= states; state++) {
            int count = listAt[state + 1] - listAt[state];
            int hash = sideOf[state] + 31 * count;
            for (int i = 0; i < count; i++) {
                hash = 31 * hash + lists[listAt[state] + i];
            }
            hash ^= hash >>> 15;
            int cell = hash & table.length - 1;
            while (table[cell] != 0) {
                cell = cell + 1 & table.length - 1;
            }
            table[cell] = state;
        }
    }
}
