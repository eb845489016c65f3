package dev.sluice.proxy.operator;

import dev.sluice.proxy.exchange.HeaderBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Takes the fields that operators ask for out of messages. Stateless. */
public final class NamedFields {
    private NamedFields() {}

    /** The values of each name; a name without values is left out. */
    public static Map<String, List<String>> of(
            List<String> names, Function<String, List<String>> values) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> found = HashMap.newHashMap(names.size());
        for (String name : names) {
            List<String> those = values.apply(name);
            if (!those.isEmpty()) {
                found.put(name, those);
            }
        }
        return found;
    }

    /** The values of all fields of this lower-case name, in their order. */
    public static List<CharSequence> in(HeaderBlock fields, String name) {
        List<CharSequence> found = new ArrayList<>(1);
        for (int i = 0; i < fields.size(); i++) {
            if (name.contentEquals(fields.name(i))) {
                found.add(fields.value(i));
            }
        }
        return found;
    }
}
