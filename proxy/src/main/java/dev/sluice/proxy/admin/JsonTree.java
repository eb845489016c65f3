package dev.sluice.proxy.admin;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows immutable records as indented JSON (RFC 8259): components are members, alternatives of a
 * sealed interface name themselves in {@code "is"}. Owned by one thread.
 */
final class JsonTree {
    private final StringBuilder text = new StringBuilder();

    static String of(Object value) {
        JsonTree tree = new JsonTree();
        tree.value(value, 0);
        return tree.text.append('\n').toString();
    }

    private void value(@Nullable Object value, int depth) {
        switch (value) {
            case null -> text.append("null");
            case Optional<?> optional -> value(optional.orElse(null), depth);
            case Number number -> text.append(number);
            case Boolean bool -> text.append(bool);
            case Map<?, ?> map -> map(map, depth);
            case List<?> list -> list(list, depth);
            case Set<?> set -> list(set.stream().sorted().toList(), depth);
            case Record entry when entry.getClass().getRecordComponents().length > 0 ->
                    members(entry, depth);
            case Record entry -> quote(entry.getClass().getSimpleName());
            default -> quote(value.toString());
        }
    }

    private void members(Record entry, int depth) {
        text.append('{');
        String separator = "";
        if (entry.getClass().getInterfaces().length > 0) {
            line(depth + 1);
            quote("is");
            text.append(": ");
            quote(entry.getClass().getSimpleName());
            separator = ",";
        }
        for (RecordComponent component : entry.getClass().getRecordComponents()) {
            text.append(separator);
            separator = ",";
            line(depth + 1);
            quote(component.getName());
            text.append(": ");
            value(read(entry, component), depth + 1);
        }
        line(depth);
        text.append('}');
    }

    private static @Nullable Object read(Record entry, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(entry);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("component " + component, e);
        }
    }

    private void map(Map<?, ?> map, int depth) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry :
                map.entrySet().stream()
                        .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
                        .toList()) {
            text.append(separator);
            separator = ",";
            line(depth + 1);
            quote(entry.getKey().toString());
            text.append(": ");
            value(entry.getValue(), depth + 1);
        }
        text.append('}');
    }

    private void list(List<?> list, int depth) {
        text.append('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
            line(depth + 1);
            value(items.next(), depth + 1);
            text.append(items.hasNext() ? "," : "");
        }
        text.append(']');
    }

    private void line(int depth) {
        text.append('\n').repeat("  ", depth);
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
