package ips.core.rule.keyword;

import java.util.LinkedHashMap;
import java.util.Map;

/** The variables of a rule, by the order in which they are set. */
final class DraftVariables {
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /** The number of one that was set before. */
    int number(String name) {
        Integer number = numbers.get(name);
        if (number == null) {
            throw new IllegalArgumentException("no number and no variable set before: " + name);
        }
        return number;
    }

    /** The number of one that is set now, perhaps once more. */
    int add(String name) {
        if (!name.matches("\\w[\\w.-]*")) {
            throw new IllegalArgumentException("no name of a variable: " + name);
        }
        Integer number = numbers.get(name);
        if (number != null) {
            return number;
        }
        if (numbers.size() == Inspection.VARIABLES) {
            throw new IllegalArgumentException("more than " + Inspection.VARIABLES + " variables");
        }
        numbers.put(name, numbers.size());
        return numbers.size() - 1;
    }
}
