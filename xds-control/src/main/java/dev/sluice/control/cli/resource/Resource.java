package dev.sluice.control.cli.resource;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Objects;

/** Reads and sets the fields that every resource has: {@code name} and {@code etag}. */
public final class Resource {
    private Resource() {}

    public static String name(Message resource) {
        return (String) resource.getField(field(resource, "name"));
    }

    public static String etag(Message resource) {
        return (String) resource.getField(field(resource, "etag"));
    }

    public static <R extends Message> R withName(R resource, String name) {
        return with(resource, "name", name);
    }

    public static <R extends Message> R withEtag(R resource, String etag) {
        return with(resource, "etag", etag);
    }

    @SuppressWarnings("unchecked") // a message's builder builds the same message
    private static <R extends Message> R with(R resource, String field, String value) {
        return (R) resource.toBuilder().setField(field(resource, field), value).build();
    }

    private static FieldDescriptor field(Message resource, String name) {
        return Objects.requireNonNull(resource.getDescriptorForType().findFieldByName(name));
    }
}
