package dev.sluice.control.catalog.image;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** The components of a record, in order; read through its constructor, which checks them. */
final class RecordShape implements Shape {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);
    private static final MethodType MAKER = MethodType.methodType(Object.class, Object[].class);

    private final Class<?> type;
    private final List<Shape> shapes;
    private final MethodHandle[] accessors;
    private final MethodHandle maker;

    /**
     * @param shapes of the components, in order
     */
    RecordShape(Class<?> type, List<Shape> shapes) {
        this.type = type;
        this.shapes = shapes;
        RecordComponent[] components = type.getRecordComponents();
        this.accessors =
                Arrays.stream(components)
                        .map(component -> accessor(component.getAccessor()))
                        .toArray(MethodHandle[]::new);
        this.maker = maker(type, components);
    }

    @Override
    public void write(Object value, ImageOutput out) throws IOException {
        for (int i = 0; i < accessors.length; i++) {
            shapes.get(i).write(component(i, value), out);
        }
    }

    @Override
    public Object read(ImageInput in) throws IOException {
        Object[] values = new Object[accessors.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = shapes.get(i).read(in);
        }
        try {
            return (Object) maker.invokeExact(values);
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Throwable broken) {
            throw new IllegalArgumentException(type.getSimpleName() + ": " + broken, broken);
        }
    }

    private Object component(int index, Object record) {
        try {
            return (Object) accessors[index].invokeExact(record);
        } catch (Throwable broken) {
            throw new IllegalStateException(type.getSimpleName() + ": " + broken, broken);
        }
    }

    private static MethodHandle accessor(Method method) {
        try {
            method.setAccessible(true);
            return LOOKUP.unreflect(method).asType(ACCESSOR);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method.toString(), e);
        }
    }

    private static MethodHandle maker(Class<?> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return LOOKUP.unreflectConstructor(constructor)
                    .asSpreader(Object[].class, types.length)
                    .asType(MAKER);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.toString(), e);
        }
    }
}
