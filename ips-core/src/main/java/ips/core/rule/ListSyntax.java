package ips.core.rule;

import java.util.ArrayList;
import java.util.List;

/** The lists in headers: nested in brackets, parted by commas, negated by an exclamation mark. */
final class ListSyntax {
    private ListSyntax() {}

    /** The members of {@code [a,[b,c],!d]}, brackets taken off; of anything else, itself. */
    static List<String> members(String text) {
        String inner = text.strip();
        if (!inner.startsWith("[")) {
            return List.of(inner);
        }
        if (!inner.endsWith("]")) {
            throw new IllegalArgumentException("unclosed bracket in " + text);
        }
        inner = inner.substring(1, inner.length() - 1);
        List<String> members = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (depth < 0) {
                throw new IllegalArgumentException("brackets do not pair in " + text);
            }
            if (c == ',' && depth == 0) {
                members.add(inner.substring(start, i).strip());
                start = i + 1;
            }
        }
        if (depth != 0) {
            throw new IllegalArgumentException("brackets do not pair in " + text);
        }
        String last = inner.substring(start).strip();
        if (!last.isEmpty() || members.isEmpty()) {
            members.add(last); // a comma behind the last member adds none
        }
        if (members.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("an empty member in " + text);
        }
        return members;
    }
}
