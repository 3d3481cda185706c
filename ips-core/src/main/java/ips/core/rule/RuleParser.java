package ips.core.rule;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes files of rules apart: comments, lines continued by a backslash, headers, options. Errors
 * are collected, each with its place; the other rules are returned all the same.
 */
public final class RuleParser {
    private final List<Rule> rules = new ArrayList<>();
    private final List<RuleError> errors = new ArrayList<>();

    public List<Rule> rules() {
        return rules;
    }

    public List<RuleError> errors() {
        return errors;
    }

    /** Reads a file; bytes above 127 are taken as they are. */
    public void file(Path file) throws IOException {
        text(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    /** Reads a text as if it stood in the file. */
    public void text(String file, String text) {
        String[] lines = text.split("\n", -1);
        Joined joined = new Joined(file);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].endsWith("\r") ? chop(lines[i]) : lines[i];
            boolean continued = line.stripTrailing().endsWith("\\");
            String part = continued ? chop(line.stripTrailing()) : line;
            if (joined.isEmpty() && (part.isBlank() || part.stripLeading().startsWith("#"))) {
                continue;
            }
            joined.add(part, i + 1);
            if (!continued) {
                rule(joined);
                joined = new Joined(file);
            }
        }
        if (!joined.isEmpty()) {
            rule(joined);
        }
    }

    private static String chop(String text) {
        return text.substring(0, text.length() - 1);
    }

    /** Lines joined to one, which still knows where each character stood. */
    private static final class Joined {
        private final String file;
        private final StringBuilder text = new StringBuilder();
        private final List<int[]> starts = new ArrayList<>();

        Joined(String file) {
            this.file = file;
        }

        boolean isEmpty() {
            return starts.isEmpty();
        }

        void add(String part, int line) {
            starts.add(new int[] {text.length(), line});
            text.append(part);
        }

        int[] start(int at) {
            int[] found = starts.get(0);
            for (int[] each : starts) {
                if (each[0] <= at) {
                    found = each;
                }
            }
            return found;
        }

        int line(int at) {
            return start(at)[1];
        }

        int column(int at) {
            return at - start(at)[0] + 1;
        }

        RuleError error(int at, String keyword, String reason) {
            return new RuleError(file, line(at), column(at), keyword, reason);
        }
    }

    private void rule(Joined joined) {
        String text = joined.text.toString();
        int open = text.indexOf('(');
        int at = firstOf(text);
        if (open < 0) {
            errors.add(joined.error(at, "rule", "options in parentheses are missing"));
            return;
        }
        List<String> header = header(text.substring(0, open));
        if (header.size() != 7) {
            errors.add(
                    joined.error(
                            at,
                            "rule",
                            "expected action, protocol, source, port, direction, destination, port"
                                    + " before the parenthesis, not "
                                    + header.size()
                                    + " words"));
            return;
        }
        String direction = header.get(4);
        if (!direction.equals("->") && !direction.equals("<>")) {
            int place = text.indexOf(direction);
            errors.add(joined.error(place, "rule", "expected -> or <>, not " + direction));
            return;
        }
        int close = text.stripTrailing().length() - 1;
        if (text.charAt(close) != ')') {
            errors.add(joined.error(close, "rule", "the closing parenthesis is missing"));
            return;
        }
        List<Rule.Option> options = new ArrayList<>();
        if (!options(text, open + 1, close, joined, options)) {
            return;
        }
        rules.add(
                new Rule(
                        joined.file,
                        joined.line(at),
                        text.strip(),
                        header.get(0).toLowerCase(Locale.ROOT),
                        header.get(1).toLowerCase(Locale.ROOT),
                        header.get(2),
                        header.get(3),
                        direction.equals("<>"),
                        header.get(5),
                        header.get(6),
                        List.copyOf(options)));
    }

    private static int firstOf(String text) {
        int i = 0;
        while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Words of the header; a list in brackets is one word, white space within it left out. */
    private static List<String> header(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int depth = 0;
        for (char c : text.toCharArray()) {
            if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            }
            if (!Character.isWhitespace(c)) {
                word.append(c);
            } else if (depth <= 0 && word.length() > 0) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }

    private boolean options(
            String text, int from, int to, Joined joined, List<Rule.Option> options) {
        int start = from;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < to) {
                i++;
            } else if (c == ';') {
                option(text, start, i, joined, options);
                start = i + 1;
            }
        }
        if (!text.substring(start, to).isBlank()) {
            int at = start + firstOf(text.substring(start, to));
            String word = text.substring(at, to).strip().split("[\\s:]", 2)[0];
            errors.add(joined.error(at, word, "the semicolon behind it is missing"));
            return false;
        }
        return true;
    }

    private static void option(
            String text, int start, int end, Joined joined, List<Rule.Option> options) {
        String option = text.substring(start, end);
        if (option.isBlank()) {
            return;
        }
        int at = start + firstOf(option);
        int colon = option.indexOf(':');
        String keyword =
                (colon < 0 ? option : option.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
        String value = colon < 0 ? null : option.substring(colon + 1).strip();
        options.add(new Rule.Option(keyword, value, joined.line(at), joined.column(at)));
    }
}
