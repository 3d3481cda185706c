package ips.core.regex;

/**
 * An expression as instructions, for both ways to run it.
 *
 * @param op what each instruction does
 * @param x first operand: the next instruction, or what the comment at the operation says
 * @param y second operand
 * @param sets the sets of {@link #BYTES}
 * @param slots places to remember: three for each group, and those of loops and looks
 * @param regular whether a {@link LazyDfa} can run it
 * @param places whether it has conditions on places
 */
record Program(
        byte[] op, int[] x, int[] y, ByteSet[] sets, int slots, boolean regular, boolean places) {
    /** Takes a byte of set y, goes on at x. */
    static final byte BYTES = 0;

    /** Tries x, then y. */
    static final byte SPLIT = 1;

    static final byte JUMP = 2;

    /** Remembers the position in slot y, where a group begins, goes on at x. */
    static final byte SAVE = 3;

    /** Goes on at x if place y holds. */
    static final byte PLACE = 4;

    /** The begin of a loop's body that may be empty: remembers the position in slot y. */
    static final byte LOOP = 5;

    /** Tries the body again at x, then the next instruction; slot y tells an empty round. */
    static final byte AGAIN = 6;

    /** As {@link #AGAIN}, leaving before trying again. */
    static final byte AGAIN_LAZY = 7;

    /** Begins a look or an atomic group: slots y, y + 1 remember stack and position. */
    static final byte ENTER = 8;

    /** As {@link #ENTER}; where the look fails, {@code x} of the next, a JUMP, goes on. */
    static final byte ENTER_NEGATIVE = 9;

    /** A look held: back to where it began, on at x. */
    static final byte LEAVE_LOOK = 10;

    /** What must not be seen was seen. */
    static final byte LEAVE_NEGATIVE = 11;

    /** An atomic group matched: forgets its other ways, on at x. */
    static final byte LEAVE_ATOMIC = 12;

    /** Steps back y bytes. */
    static final byte BACK = 13;

    /** The bytes of group y again. */
    static final byte REFERENCE = 14;

    static final byte REFERENCE_CASELESS = 15;

    static final byte MATCH = 16;

    /** Goes on at x if slot y is set, otherwise at the next instruction. */
    static final byte IF_SET = 17;

    /** The end of a group: its begin, from slot y, and the position are what it matched. */
    static final byte CLOSE = 18;

    int size() {
        return op.length;
    }

    /** The slot of where a group begins that has not ended yet: inside, it holds what it held. */
    static int begun(int group) {
        return 3 * group;
    }

    /** The slot of where what a group matched begins; its end is in the next. */
    static int begin(int group) {
        return 3 * group + 1;
    }
}
