package dev.sluice.control.cli.bundle;

import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Which resources name which, found by the names in their fields; what is in another resource names
 * it. Stateless.
 */
final class References {
    private References() {}

    /** Those of the names that a resource depends on. */
    static Set<String> of(Message resource, String own, Set<String> names) {
        Set<String> found = new LinkedHashSet<>();
        collect(
                resource,
                text -> {
                    if (names.contains(text)) {
                        found.add(text);
                    }
                });
        for (int end = own.lastIndexOf('/'); end > 0; end = own.lastIndexOf('/', end - 1)) {
            if (names.contains(own.substring(0, end))) {
                found.add(own.substring(0, end));
            }
        }
        found.remove(own);
        return found;
    }

    /**
     * The same, each after those that it depends on, otherwise by rank and then by name. What
     * depends on itself in a circle comes where its rank says.
     */
    static <T> List<T> inOrder(
            List<T> things,
            Function<T, String> name,
            Function<T, Message> message,
            ToIntFunction<T> rank) {
        Map<String, T> open = new TreeMap<>();
        things.forEach(thing -> open.put(name.apply(thing), thing));
        Set<String> names = Set.copyOf(open.keySet());
        List<T> ordered = new ArrayList<>();
        things.stream()
                .sorted(Comparator.comparingInt(rank).thenComparing(name))
                .forEach(thing -> visit(thing, name, message, names, open, ordered));
        return ordered;
    }

    private static <T> void visit(
            T thing,
            Function<T, String> name,
            Function<T, Message> message,
            Set<String> names,
            Map<String, T> open,
            List<T> ordered) {
        String own = name.apply(thing);
        if (open.remove(own) == null) {
            return;
        }
        for (String needed : of(message.apply(thing), own, names)) {
            T other = open.get(needed);
            if (other != null) {
                visit(other, name, message, names, open, ordered);
            }
        }
        ordered.add(thing);
    }

    private static void collect(Message message, java.util.function.Consumer<String> texts) {
        for (Object value : message.getAllFields().values()) {
            if (value instanceof List<?> list) {
                list.forEach(element -> collectValue(element, texts));
            } else {
                collectValue(value, texts);
            }
        }
    }

    private static void collectValue(Object value, java.util.function.Consumer<String> texts) {
        switch (value) {
            case String text -> texts.accept(text);
            case MapEntry<?, ?> _ -> {} // labels name nothing
            case Message message -> collect(message, texts);
            default -> {}
        }
    }
}
