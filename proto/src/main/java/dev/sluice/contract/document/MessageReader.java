package dev.sluice.contract.document;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.sluice.contract.document.Tree.Entry;
import dev.sluice.contract.document.Tree.Mapping;
import dev.sluice.contract.document.Tree.Scalar;
import dev.sluice.contract.document.Tree.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fills a message from a tree by the message's descriptor: one method for each shape that a field
 * can have. What is wrong becomes a finding and is left out, so that one pass finds everything. For
 * one document and one thread.
 */
final class MessageReader {
    private final Findings findings;
    private final ScalarReader scalars;
    private final WellKnownReader wellKnown;
    private final Map<String, Place> places = new HashMap<>();

    MessageReader(DocumentTypes types, Findings findings) {
        this.findings = findings;
        this.scalars = new ScalarReader(findings);
        this.wellKnown = new WellKnownReader(types, this, scalars, findings);
    }

    Map<String, Place> places() {
        return places;
    }

    /**
     * Reads any message: by its fields, or as its type is written when protobuf gives it a form.
     */
    void message(Tree tree, Message.Builder into, String path) {
        places.putIfAbsent(path, tree.place());
        if (WellKnownReader.hasOwnForm(into.getDescriptorForType())) {
            wellKnown.read(tree, into, path);
        } else {
            mapping(tree, path, into.getDescriptorForType())
                    .ifPresent(mapping -> fields(mapping, into, path, Set.of()));
        }
    }

    /** The fields of {@code mapping}, but for those named in {@code skipped}. */
    void fields(Mapping mapping, Message.Builder into, String path, Set<String> skipped) {
        Descriptor type = into.getDescriptorForType();
        Set<FieldDescriptor> seen = new HashSet<>();
        for (Entry entry : mapping.entries()) {
            String name = entry.key().text();
            if (skipped.contains(name)) {
                continue;
            }
            Optional<FieldDescriptor> found = FieldNames.find(type, name);
            if (found.isEmpty()) {
                unknown(entry, type, path);
            } else if (seen.add(found.get())) {
                field(entry, found.get(), into, join(path, found.get().getName()));
            } else {
                repeated(entry.key(), join(path, found.get().getName()));
            }
        }
    }

    /** The tree as a mapping; a finding and empty when it is something else. */
    Optional<Mapping> mapping(Tree tree, String path, Descriptor type) {
        if (!(tree instanceof Mapping mapping)) {
            findings.add(
                    path,
                    tree.place(),
                    tree.shape(),
                    "a mapping with fields of " + type.getFullName(),
                    "write `name: value` pairs below it");
            return Optional.empty();
        }
        mapping.repeated().forEach(key -> repeated(key, join(path, key.text())));
        return Optional.of(mapping);
    }

    private void field(Entry entry, FieldDescriptor field, Message.Builder into, String path) {
        places.put(path, entry.key().place());
        Tree value = entry.value();
        if (value instanceof Scalar scalar
                && scalar.isNull()
                && !WellKnownReader.readsNull(field)) {
            return;
        }
        if (field.isMapField()) {
            map(value, field, into, path);
        } else if (field.isRepeated()) {
            list(value, field, into, path);
        } else {
            one(entry, field, into, path);
        }
    }

    private void one(Entry entry, FieldDescriptor field, Message.Builder into, String path) {
        var oneof = field.getRealContainingOneof();
        if (oneof != null && into.hasOneof(oneof)) {
            findings.add(
                    path,
                    entry.key().place(),
                    field.getName() + " beside " + into.getOneofFieldDescriptor(oneof).getName(),
                    "one of " + FieldNames.list(oneof.getFields()),
                    "remove one of the two");
            return;
        }
        value(entry.value(), field, into, path).ifPresent(value -> into.setField(field, value));
    }

    private void list(Tree tree, FieldDescriptor field, Message.Builder into, String path) {
        if (!(tree instanceof Sequence sequence)) {
            findings.add(
                    path, tree.place(), tree.shape(), "a list", "write it as `[…]` or with `- `");
            return;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Tree item = sequence.items().get(i);
            String at = path + "[" + i + "]";
            places.put(at, item.place());
            value(item, field, into, at).ifPresent(value -> into.addRepeatedField(field, value));
        }
    }

    private void map(Tree tree, FieldDescriptor field, Message.Builder into, String path) {
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        Optional<Mapping> mapping = mapping(tree, path, field.getMessageType());
        if (mapping.isEmpty()) {
            return;
        }
        for (Entry entry : mapping.get().entries()) {
            String at = path + "[\"" + entry.key().text() + "\"]";
            places.put(at, entry.key().place());
            Message.Builder pair = into.newBuilderForField(field);
            Optional<Object> key = scalars.key(entry.key(), keyField, at);
            Optional<Object> value = value(entry.value(), valueField, pair, at);
            if (key.isPresent() && value.isPresent()) {
                pair.setField(keyField, key.get()).setField(valueField, value.get());
                into.addRepeatedField(field, pair.build());
            }
        }
    }

    /** One value of a field, for {@code owner}; empty when it is wrong, which is a finding. */
    private Optional<Object> value(
            Tree tree, FieldDescriptor field, Message.Builder owner, String path) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message.Builder builder = owner.newBuilderForField(field);
            message(tree, builder, path);
            return Optional.of(builder.buildPartial());
        }
        if (tree instanceof Scalar scalar && !scalar.isNull()) {
            return scalars.read(scalar, field, path);
        }
        findings.add(
                path,
                tree.place(),
                tree.shape(),
                "one value",
                "write a single " + FieldNames.kind(field));
        return Optional.empty();
    }

    private void unknown(Entry entry, Descriptor type, String path) {
        List<String> names = new ArrayList<>();
        type.getFields().forEach(field -> names.add(field.getName()));
        String name = entry.key().text();
        findings.add(
                join(path, name),
                entry.key().place(),
                "unknown field " + Words.quote(name),
                "a field of " + type.getFullName(),
                Words.nearest(name, names)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("remove it, or indent it under the message that it belongs to"));
    }

    private void repeated(Scalar key, String path) {
        findings.add(
                path,
                key.place(),
                "the key " + Words.quote(key.text()) + " a second time",
                "each key once",
                "remove one of the two");
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
