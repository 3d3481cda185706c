package ips.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a classic BPF program together (Linux' networking/filter.rst): an accumulator A, a register
 * X, sixteen words of memory, jumps forward only. Labels are names, {@code null} the instruction
 * behind the jump.
 */
final class BpfProgram {
    /** An instruction: struct sock_filter. */
    record Instruction(int code, int whenTrue, int whenFalse, int k) {}

    // Codes of linux/bpf_common.h, combined; [k] is big-endian, of the frame.
    static final int LOAD_WORD = 0x20;
    static final int LOAD_HALF = 0x28;
    static final int LOAD_BYTE = 0x30;
    static final int LOAD_HALF_AT_X = 0x48;
    static final int LOAD_BYTE_AT_X = 0x50;
    static final int LOAD_CONSTANT = 0x00;
    static final int LOAD_LENGTH = 0x80;
    static final int LOAD_MEMORY = 0x60;
    static final int STORE_MEMORY = 0x02;

    /** {@code X = 4 * ([k] & 0xf)}: an IPv4 header's length. */
    static final int LOAD_X_HEADER_LENGTH = 0xb1;

    static final int ADD_X = 0x0c;
    static final int SUBTRACT = 0x14;
    static final int SUBTRACT_X = 0x1c;
    static final int MULTIPLY = 0x24;
    static final int OR_X = 0x4c;
    static final int AND = 0x54;
    static final int SHIFT_RIGHT = 0x74;
    static final int XOR_X = 0xac;
    static final int TO_X = 0x07;
    static final int TO_A = 0x87;
    static final int JUMP = 0x05;
    static final int IF_EQUAL = 0x15;
    static final int IF_AT_LEAST = 0x35;
    static final int IF_AT_LEAST_X = 0x3d;
    static final int IF_ANY_BIT = 0x45;
    static final int RETURN = 0x06;

    private static final int LONGEST_BRANCH = 255;

    private record Jump(int at, String whenTrue, String whenFalse) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Jump> jumps = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    BpfProgram add(int code, int k) {
        instructions.add(new Instruction(code, 0, 0, k));
        return this;
    }

    BpfProgram add(int code) {
        return add(code, 0);
    }

    BpfProgram branch(int code, int k, String whenTrue, String whenFalse) {
        jumps.add(new Jump(instructions.size(), whenTrue, whenFalse));
        return add(code, k);
    }

    BpfProgram jump(String to) {
        return branch(JUMP, 0, to, null);
    }

    /** Puts a label at the next instruction, or behind the last. */
    BpfProgram place(String label) {
        if (places.put(label, instructions.size()) != null) {
            throw new IllegalArgumentException(label + " is in two places");
        }
        return this;
    }

    /** The program, its jumps filled in. */
    List<Instruction> assemble() {
        List<Instruction> all = new ArrayList<>(instructions);
        for (Jump jump : jumps) {
            Instruction bare = all.get(jump.at);
            int whenTrue = distance(jump.at, jump.whenTrue);
            if (bare.code == JUMP) {
                all.set(jump.at, new Instruction(JUMP, 0, 0, whenTrue));
                continue;
            }
            int whenFalse = distance(jump.at, jump.whenFalse);
            if (Math.max(whenTrue, whenFalse) > LONGEST_BRANCH) {
                throw new IllegalStateException("too far to branch");
            }
            all.set(jump.at, new Instruction(bare.code, whenTrue, whenFalse, bare.k));
        }
        return all;
    }

    private int distance(int from, String label) {
        return label == null ? 0 : places.get(label) - from - 1;
    }
}
