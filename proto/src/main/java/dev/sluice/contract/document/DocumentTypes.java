package dev.sluice.contract.document;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The message types that may stand in a {@code google.protobuf.Any}, by full name. Immutable.
 *
 * <p>A type URL names its type after the last {@code /}; what stands before is not looked at.
 */
public final class DocumentTypes {
    private final Map<String, Descriptor> byName;

    private DocumentTypes(Map<String, Descriptor> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The given types, and every type of their files and of the files that those import. */
    public static DocumentTypes of(Collection<Descriptor> types) {
        Map<String, Descriptor> byName = new HashMap<>();
        Set<String> seen = new HashSet<>();
        types.forEach(type -> addFile(type.getFile(), byName, seen));
        return new DocumentTypes(byName);
    }

    /** The type that a URL such as {@code type.googleapis.com/envoy.config…} names. */
    public Optional<Descriptor> find(String typeUrl) {
        return Optional.ofNullable(byName.get(nameOf(typeUrl)));
    }

    /** All of them. */
    public Collection<Descriptor> all() {
        return byName.values();
    }

    /** The type's full name in a type URL. */
    public static String nameOf(String typeUrl) {
        return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    }

    private static void addFile(
            FileDescriptor file, Map<String, Descriptor> byName, Set<String> seen) {
        if (!seen.add(file.getFullName())) {
            return;
        }
        file.getMessageTypes().forEach(type -> add(type, byName));
        file.getDependencies().forEach(dependency -> addFile(dependency, byName, seen));
    }

    private static void add(Descriptor type, Map<String, Descriptor> byName) {
        byName.put(type.getFullName(), type);
        type.getNestedTypes().forEach(nested -> add(nested, byName));
    }
}
