package ips.cli.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How component names become keys, and which word somebody may have meant. */
public final class Keys {
    private Keys() {}

    /** {@code synFlood} to {@code syn-flood}. */
    static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** The known key nearest to a wrong one, if any is near: a third of its letters may differ. */
    public static Optional<String> nearest(String wrong, Collection<String> known) {
        String word = kebab(wrong).replace('_', '-');
        return known.stream()
                .filter(key -> Math.abs(word.length() - key.length()) <= mostEdits(word, key))
                .filter(key -> distance(word, key) <= mostEdits(word, key))
                .min(Comparator.comparingInt(key -> distance(word, key)));
    }

    private static int mostEdits(String word, String key) {
        return Math.max(1, Math.max(word.length(), key.length()) / 3);
    }

    /** Levenshtein's edit distance, with a swap of neighbours as one edit. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + replace);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
