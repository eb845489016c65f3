package dev.sluice.control.change.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.change.spec.AddedLater;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON trees and back, one tree for one value: members sorted by name, an empty Optional
 * left out as is an empty list that was {@link AddedLater}, sets sorted, no member that the record
 * does not have. A record is an object of its components; a case of a sealed interface is an object
 * with its name under {@code type}.
 *
 * <p>Reading takes a missing list, set, map or Optional as empty, so that a component can be added
 * later; any other missing member and every unknown one is refused. Thread-safe.
 *
 * @param caseNames name of each case of each sealed interface
 * @param forms types that are not written as records
 */
record RecordJson(CaseNames caseNames, Map<Class<?>, Form<?>> forms) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TYPE = "type";

    RecordJson {
        forms = Map.copyOf(forms);
    }

    /** How a type that is not written as a record becomes a tree and is read again. */
    interface Form<T> {
        JsonNode write(T value);

        T read(JsonNode tree);
    }

    JsonNode write(Object value) {
        Form<Object> form = form(value.getClass());
        if (form != null) {
            return form.write(value);
        }
        return switch (value) {
            case String text -> NODES.textNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(requireFinite(number));
            case Enum<?> constant -> NODES.textNode(constant.name());
            case Record record -> writeRecord(record);
            case Set<?> set -> writeAll(new TreeSet<>(set));
            case List<?> list -> writeAll(list);
            case Map<?, ?> map -> writeMap(map);
            default -> throw new IllegalArgumentException("no form for " + value.getClass());
        };
    }

    <T> T read(JsonNode tree, Class<T> type) {
        return type.cast(readAs(tree, type, type.getSimpleName()));
    }

    private ObjectNode writeRecord(Record record) {
        Map<String, JsonNode> members = new TreeMap<>();
        caseNames
                .name(record.getClass())
                .ifPresent(name -> members.put(TYPE, NODES.textNode(name)));
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = valueOf(record, component);
            if (value instanceof Optional<?> optional) {
                optional.ifPresent(present -> members.put(component.getName(), write(present)));
            } else if (!isLeftOut(component, value)) {
                members.put(component.getName(), write(value));
            }
        }
        ObjectNode node = NODES.objectNode();
        node.setAll(members);
        return node;
    }

    private static boolean isLeftOut(RecordComponent component, Object value) {
        return component.isAnnotationPresent(AddedLater.class)
                && value instanceof Collection<?> all
                && all.isEmpty();
    }

    private ArrayNode writeAll(Collection<?> values) {
        ArrayNode node = NODES.arrayNode(values.size());
        values.forEach(value -> node.add(write(value)));
        return node;
    }

    private ObjectNode writeMap(Map<?, ?> map) {
        Map<String, JsonNode> members = new TreeMap<>();
        map.forEach((key, value) -> members.put((String) key, write(value)));
        ObjectNode node = NODES.objectNode();
        node.setAll(members);
        return node;
    }

    private Object readAs(JsonNode tree, Type type, String path) {
        if (type instanceof ParameterizedType generic) {
            return readGeneric(tree, generic, path);
        }
        Class<?> raw = (Class<?>) type;
        Form<Object> form = form(raw);
        if (form != null) {
            return form.read(tree);
        }
        if (raw.isEnum()) {
            return constant(raw, tree, path);
        }
        if (raw.isSealed()) {
            return readRecord(tree, caseNames.type(raw, tree.path(TYPE).asText(), path), path);
        }
        return raw.isRecord() ? readRecord(tree, raw, path) : readPlain(tree, raw, path);
    }

    private Object readGeneric(JsonNode tree, ParameterizedType type, String path) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == Map.class) {
            Map<String, Object> map = new TreeMap<>();
            tree.properties()
                    .forEach(entry ->
                            map.put(
                                    entry.getKey(),
                                    readAs(
                                            entry.getValue(),
                                            arguments[1],
                                            path + "." + entry.getKey())));
            return map;
        }
        List<Object> list = new ArrayList<>(tree.size());
        for (JsonNode element : tree) {
            list.add(readAs(element, arguments[0], path + "[" + list.size() + "]"));
        }
        return type.getRawType() == Set.class ? Set.copyOf(list) : list;
    }

    private Object readRecord(JsonNode tree, Class<?> type, String path) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        Set<String> known = new TreeSet<>(Set.of(TYPE));
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = readComponent(tree, components[i], path);
            known.add(components[i].getName());
        }
        for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        path + "." + name + ": unknown (a later version wrote it?)");
            }
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(path + ": " + e.getCause(), e);
        }
    }

    private Object readComponent(JsonNode tree, RecordComponent component, String path) {
        JsonNode member = tree.path(component.getName());
        String at = path + "." + component.getName();
        Type type = component.getGenericType();
        if (component.getType() == Optional.class) {
            Type of = ((ParameterizedType) type).getActualTypeArguments()[0];
            return member.isMissingNode() ? Optional.empty() : Optional.of(readAs(member, of, at));
        }
        if (member.isMissingNode() && !(type instanceof ParameterizedType)) {
            throw new IllegalArgumentException(at + ": missing");
        }
        return readAs(member, type, at);
    }

    private static Object readPlain(JsonNode tree, Class<?> type, String path) {
        if (type == String.class && tree.isTextual()) {
            return tree.textValue();
        }
        if (type == boolean.class && tree.isBoolean()) {
            return tree.booleanValue();
        }
        if ((type == int.class || type == Integer.class)
                && tree.canConvertToInt()
                && tree.isIntegralNumber()) {
            return tree.intValue();
        }
        if (type == long.class && tree.canConvertToLong() && tree.isIntegralNumber()) {
            return tree.longValue();
        }
        if ((type == double.class || type == Double.class) && tree.isNumber()) {
            return tree.doubleValue();
        }
        throw new IllegalArgumentException(path + ": " + tree + " (expected " + type + ")");
    }

    private static Object constant(Class<?> type, JsonNode tree, String path) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(tree.textValue())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                path + ": " + tree + " (expected one of " + List.of(type.getEnumConstants()) + ")");
    }

    private static Object valueOf(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("component " + component, e);
        }
    }

    private static double requireFinite(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(number + " (expected a finite number)");
        }
        return number;
    }

    @SuppressWarnings("unchecked") // forms maps each class to a form of that class
    private @Nullable Form<Object> form(Class<?> type) {
        return (Form<Object>) forms.get(type);
    }
}
