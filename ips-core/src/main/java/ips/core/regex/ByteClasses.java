package ips.core.regex;

import java.util.function.IntUnaryOperator;

/**
 * Bytes that no set of a program tells apart, as one class; and two classes more: a newline that is
 * the subject's last byte, and the subject's edge.
 */
final class ByteClasses {
    private static final int LABELS = 8;

    final int[] of = new int[256];

    /** The number of classes, the last two included. */
    final int count;

    final int finalNewline;
    final int edge;

    /** By class, what it is to a place beside it. */
    final int[] side;

    /** By set and class, whether the set has it. */
    final boolean[][] has;

    ByteClasses(Program program) {
        ByteSet[] sets = program.sets();
        int classes = 1;
        for (ByteSet set : sets) {
            classes = split(classes, b -> set.has(b) ? 1 : 0);
        }
        if (program.places()) {
            classes = split(classes, b -> Place.side(b, false));
        }
        int[] sample = new int[classes];
        for (int b = 0; b < 256; b++) {
            sample[of[b]] = b;
        }
        finalNewline = classes;
        edge = finalNewline + 1;
        count = edge + 1;
        side = new int[count];
        has = new boolean[sets.length][count];
        for (int c = 0; c < edge; c++) {
            int b = c == finalNewline ? '\n' : sample[c];
            side[c] = Place.side(b, c == finalNewline);
            for (int s = 0; s < sets.length; s++) {
                has[s][c] = sets[s].has(b);
            }
        }
        side[edge] = Place.EDGE;
    }

    /** Splits classes by a label of less than {@value #LABELS}; returns how many there are now. */
    private int split(int classes, IntUnaryOperator label) {
        int[] numbers = new int[classes * LABELS];
        int next = 0;
        for (int b = 0; b < 256; b++) {
            int key = of[b] * LABELS + label.applyAsInt(b);
            if (numbers[key] == 0) {
                numbers[key] = ++next;
            }
            of[b] = numbers[key] - 1;
        }
        return next;
    }
}
