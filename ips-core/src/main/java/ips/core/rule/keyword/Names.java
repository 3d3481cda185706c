package ips.core.rule.keyword;

import java.util.HashMap;
import java.util.Map;

/** Gives the flowbits, flowints and host bits of a set of rules their numbers. */
public final class Names {
    private final Map<String, Integer> bits = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> hostBits = new HashMap<>();
    private final Map<String, DataSet> dataSets = new HashMap<>();

    int bit(String name) {
        return of(bits, name);
    }

    int number(String name) {
        return of(numbers, name);
    }

    int hostBit(String name) {
        return of(hostBits, name);
    }

    /** The name, where it holds no space. */
    static String withoutSpaces(String name) {
        if (name.contains(" ")) {
            throw new IllegalArgumentException("a space in the name " + name);
        }
        return name;
    }

    /** The data set of a name, or null. */
    DataSet dataSet(String name) {
        return dataSets.get(name);
    }

    int dataSets() {
        return dataSets.size();
    }

    void add(DataSet set) {
        dataSets.put(set.name, set);
    }

    private static int of(Map<String, Integer> names, String name) {
        return names.computeIfAbsent(name.strip(), each -> names.size());
    }
}
