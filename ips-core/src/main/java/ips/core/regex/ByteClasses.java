package ips.core.regex;

import java.util.HashMap;
import java.util.Map;

/**
 * Bytes that no set of a program tells apart, as one class; and two classes more: a newline that is
 * the subject's last byte, and the subject's edge.
 */
final class ByteClasses {
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
        Map<String, Integer> classes = new HashMap<>();
        int[] sample = new int[256];
        for (int b = 0; b < 256; b++) {
            StringBuilder key = new StringBuilder();
            for (ByteSet set : sets) {
                key.append(set.has(b) ? '1' : '0');
            }
            if (program.places()) {
                key.append(Place.side(b, false));
            }
            int number = classes.computeIfAbsent(key.toString(), k -> classes.size());
            of[b] = number;
            sample[number] = b;
        }
        finalNewline = classes.size();
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
}
