package ips.core.verdict;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a verdict was raised, in names and values: which threshold, which counts.
 *
 * <p>Values are Long, Double, Boolean or String; strings may hold bytes from the wire and are
 * escaped by whoever writes them. The order of the names is kept.
 *
 * @param values immutable, in the order to be shown
 */
public record Evidence(Map<String, Object> values) {
    public static final Evidence NONE = new Evidence(Map.of());

    /** The sender of the outermost packet, where the offender's came through a tunnel. */
    public static final String TUNNEL_FROM = "tunnel_from";

    /** The receiver of that outermost packet. */
    public static final String TUNNEL_TO = "tunnel_to";

    public Evidence {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Names and values in turn: {@code Evidence.of("half_open", 51L, "threshold", 50L)}. */
    public static Evidence of(Object... namesAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            values.put(
                    (String) namesAndValues[i],
                    value instanceof Integer number ? Long.valueOf(number) : value);
        }
        return new Evidence(values);
    }

    /** The same with one more, at the end. */
    public Evidence with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Evidence(more);
    }

    /** {@code half_open=51 threshold=50}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (name, value) ->
                        text.append(text.isEmpty() ? "" : " ")
                                .append(name)
                                .append('=')
                                .append(value));
        return text.toString();
    }
}
