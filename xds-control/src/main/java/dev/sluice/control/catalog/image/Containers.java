package dev.sluice.control.catalog.image;

import dev.sluice.control.catalog.PersistentMap;
import dev.sluice.control.catalog.PersistentMap.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shapes of what holds other values. */
final class Containers {
    private static final int MOST = 1 << 26;

    private Containers() {}

    /** The constants of an enum, by their place. */
    record Constants(List<?> all) implements Shape {
        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            out.putNumber(all.indexOf(value));
        }

        @Override
        public Object read(ImageInput in) throws IOException {
            return all.get(in.count(all.size() - 1));
        }
    }

    /** The cases of a sealed interface: which one, then the value. */
    record Cases(List<Class<?>> types, List<Shape> shapes) implements Shape {
        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            int index = types.indexOf(value.getClass());
            out.putNumber(index);
            shapes.get(index).write(value, out);
        }

        @Override
        public Object read(ImageInput in) throws IOException {
            return shapes.get(in.count(shapes.size() - 1)).read(in);
        }
    }

    /** A value or none. */
    record OfOptional(Shape of) implements Shape {
        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            Optional<?> optional = (Optional<?>) value;
            out.putNumber(optional.isPresent() ? 1 : 0);
            if (optional.isPresent()) {
                of.write(optional.get(), out);
            }
        }

        @Override
        public Object read(ImageInput in) throws IOException {
            return in.count(1) == 1 ? Optional.of(of.read(in)) : Optional.empty();
        }
    }

    /** Values in their order. */
    record OfList(Shape of) implements Shape {
        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            writeAll((List<?>) value, of, out);
        }

        @Override
        public Object read(ImageInput in) throws IOException {
            return List.copyOf(readAll(of, in));
        }
    }

    /** Values in their natural order, so that one set is one text. */
    record OfSet(Shape of) implements Shape {
        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            writeAll(new TreeSet<>((Set<?>) value), of, out);
        }

        @Override
        public Object read(ImageInput in) throws IOException {
            return Set.copyOf(readAll(of, in));
        }
    }

    /** Entries in the order of their keys. */
    record OfMap(Shape keys, Shape values) implements Shape {
        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            Map<?, ?> map = new TreeMap<>((Map<?, ?>) value);
            out.putNumber(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                keys.write(entry.getKey(), out);
                values.write(entry.getValue(), out);
            }
        }

        @Override
        public Object read(ImageInput in) throws IOException {
            Map<Object, Object> map = new LinkedHashMap<>();
            int count = in.count(MOST);
            for (int i = 0; i < count; i++) {
                Object key = keys.read(in);
                map.put(key, values.read(in));
            }
            return map;
        }
    }

    /** The tree beneath the map, with what it shares with older and younger ones. */
    static final class OfPersistentMap implements Shape {
        private final Shape root;

        OfPersistentMap(Shape keys, Shape values) {
            this.root = new OfOptional(new Shared(new Branch(keys, values), Shared.Likeness.SAME));
        }

        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            root.write(((PersistentMap<?, ?>) value).root(), out);
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // the tree of a map of these types
        public Object read(ImageInput in) throws IOException {
            return PersistentMap.of((Optional) root.read(in));
        }
    }

    /** One entry of such a tree, and what is beneath it. */
    private static final class Branch implements Shape {
        private final Shape keys;
        private final Shape values;
        private final Shape below;

        Branch(Shape keys, Shape values) {
            this.keys = keys;
            this.values = values;
            this.below = new OfOptional(new Shared(this, Shared.Likeness.SAME));
        }

        @Override
        public void write(Object value, ImageOutput out) throws IOException {
            Tree<?, ?> tree = (Tree<?, ?>) value;
            below.write(tree.left(), out);
            keys.write(tree.key(), out);
            values.write(tree.value(), out);
            below.write(tree.right(), out);
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // the parts of a tree of these types
        public Object read(ImageInput in) throws IOException {
            Optional left = (Optional) below.read(in);
            Comparable key = (Comparable) keys.read(in);
            Object value = values.read(in);
            return Tree.of(key, value, left, (Optional) below.read(in));
        }
    }

    private static void writeAll(Collection<?> values, Shape of, ImageOutput out)
            throws IOException {
        out.putNumber(values.size());
        for (Object value : values) {
            of.write(value, out);
        }
    }

    private static List<Object> readAll(Shape of, ImageInput in) throws IOException {
        int count = in.count(MOST);
        List<Object> values = new ArrayList<>(Math.min(count, 1 << 12));
        for (int i = 0; i < count; i++) {
            values.add(of.read(in));
        }
        return values;
    }
}
