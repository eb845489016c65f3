package dev.sluice.control.catalog.image;

import dev.sluice.control.catalog.PersistentMap;
import dev.sluice.control.catalog.image.Shared.Likeness;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The shapes of a type and of everything that its values hold, made from the types themselves: what
 * is added to a record is in the next image without another word. Owned by the thread that makes
 * it; the shapes are for all.
 */
final class Shapes {
    private final Map<Class<?>, Shape> leaves = Leaves.all();
    private final Map<Type, Shape> made = new HashMap<>();
    private final Set<Type> withMaps = new HashSet<>();

    /**
     * @throws IllegalArgumentException when a type can't stand in an image; the message names it
     */
    Shape of(Type type) {
        Shape known = made.get(type);
        if (known == null) {
            known = make(type);
            made.put(type, known);
        }
        return known;
    }

    private Shape make(Type type) {
        if (type instanceof ParameterizedType generic) {
            return collection(generic);
        }
        Class<?> raw = (Class<?>) type;
        Shape leaf = leaves.get(raw);
        if (leaf != null) {
            return leaf;
        }
        if (raw.isEnum()) {
            return new Containers.Constants(List.of(raw.getEnumConstants()));
        }
        if (raw.isSealed()) {
            return cases(raw);
        }
        if (raw.isRecord()) {
            return record(raw);
        }
        throw new IllegalArgumentException(
                raw.getName() + " (expected a record, a sealed interface, an enum or a leaf)");
    }

    private Shape record(Class<?> type) {
        List<Shape> shapes = new ArrayList<>();
        boolean hasMap = false;
        for (RecordComponent component : type.getRecordComponents()) {
            Type of = component.getGenericType();
            shapes.add(of(of));
            hasMap |= withMaps.contains(of);
        }
        if (hasMap) {
            withMaps.add(type);
        }
        return new Shared(new RecordShape(type, shapes), hasMap ? Likeness.SAME : Likeness.EQUAL);
    }

    private Shape cases(Class<?> type) {
        List<Class<?>> permitted = List.of(type.getPermittedSubclasses());
        List<Shape> shapes = new ArrayList<>();
        for (Class<?> one : permitted) {
            shapes.add(of(one));
            if (withMaps.contains(one)) {
                withMaps.add(type);
            }
        }
        return new Containers.Cases(permitted, shapes);
    }

    private Shape collection(ParameterizedType type) {
        List<Shape> parts = new ArrayList<>();
        for (Type part : type.getActualTypeArguments()) {
            parts.add(of(part));
            if (withMaps.contains(part)) {
                withMaps.add(type);
            }
        }
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == PersistentMap.class) {
            withMaps.add(type);
            return new Containers.OfPersistentMap(parts.get(0), parts.get(1));
        }
        if (raw == Optional.class) {
            return new Containers.OfOptional(parts.getFirst());
        }
        if (raw == List.class) {
            return new Containers.OfList(parts.getFirst());
        }
        if (raw == Set.class) {
            return new Containers.OfSet(parts.getFirst());
        }
        if (raw == Map.class) {
            return new Containers.OfMap(parts.get(0), parts.get(1));
        }
        throw new IllegalArgumentException(
                type + " (expected PersistentMap, Optional, List, Set or Map)");
    }
}
