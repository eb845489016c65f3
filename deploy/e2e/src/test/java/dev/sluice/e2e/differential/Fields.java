package dev.sluice.e2e.differential;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of one mapping of a corpus file, which complains of what nobody asked for. One use. */
final class Fields {
    private final String place;
    private final Map<String, Object> values;
    private final Set<String> asked = new HashSet<>();

    Fields(String place, Map<String, Object> values) {
        this.place = place;
        this.values = values;
    }

    static Map<String, Object> map(String place, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(place + ": " + value + " (expected: a mapping)");
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, entry) -> copy.put(String.valueOf(key), entry));
        return copy;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key, String absent) {
        asked.add(key);
        return String.valueOf(values.getOrDefault(key, absent));
    }

    int number(String key, int absent) {
        return Integer.parseInt(text(key, Integer.toString(absent)));
    }

    List<?> list(String key) {
        asked.add(key);
        return values.get(key) instanceof List<?> list ? list : List.of();
    }

    List<String> texts(String key) {
        return list(key).stream().map(String::valueOf).toList();
    }

    Map<String, Object> object(String key) {
        asked.add(key);
        return map(place + " " + key, values.getOrDefault(key, Map.of()));
    }

    /** To be called last. */
    void done() {
        Set<String> unknown = new HashSet<>(values.keySet());
        unknown.removeAll(asked);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(place + ": unknown keys " + unknown);
        }
    }
}
