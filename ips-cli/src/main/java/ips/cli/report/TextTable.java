package ips.cli.report;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, as wide as their widest cell; numbers stand right, words left. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    /** A heading that ends in {@code >} makes its column stand right. */
    public TextTable(String... headings) {
        right = new boolean[headings.length];
        List<String> row = new ArrayList<>();
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].endsWith(">");
            row.add(right[i] ? headings[i].substring(0, headings[i].length() - 1) : headings[i]);
        }
        rows.add(row);
    }

    /** Adds a row with a cell for every heading. */
    public void row(String... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells of " + right.length);
        }
        rows.add(List.of(cells));
    }

    /** The lines, headings first, none with white space at its end. */
    public List<String> lines() {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP).append(right[i] ? pad + row.get(i) : row.get(i) + pad);
        }
        return line.toString().stripTrailing();
    }
}
