package dev.sluice.contract.document;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import dev.sluice.contract.document.Tree.Entry;
import dev.sluice.contract.document.Tree.Mapping;
import dev.sluice.contract.document.Tree.Scalar;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code google.protobuf.Any}: a mapping with {@code "@type"}. A type that is not known here
 * loses nothing: it is kept as an {@code xds.type.v3.TypedStruct} that names the type, for whoever
 * uses the message to accept or refuse. For one document and one thread.
 */
final class AnyReader {
    private static final String TYPE = "@type";
    private static final String VALUE = "value";
    private static final String PREFIX = "type.googleapis.com/";

    private final DocumentTypes types;
    private final MessageReader messages;
    private final Findings findings;

    AnyReader(DocumentTypes types, MessageReader messages, Findings findings) {
        this.types = types;
        this.messages = messages;
        this.findings = findings;
    }

    void read(Tree tree, Message.Builder into, String path) {
        Optional<Mapping> mapping = messages.mapping(tree, path, Any.getDescriptor());
        if (mapping.isEmpty() || mapping.get().entries().isEmpty()) {
            return;
        }
        Optional<String> url = typeUrl(mapping.get(), path);
        if (url.isEmpty()) {
            return;
        }
        Any any =
                types.find(url.get())
                        .map(type -> known(mapping.get(), url.get(), type, path))
                        .orElseGet(() -> unknown(mapping.get(), url.get()));
        WellKnownReader.merge(into, any);
    }

    private Optional<String> typeUrl(Mapping mapping, String path) {
        Optional<Tree> type = entry(mapping, TYPE);
        if (type.orElse(null) instanceof Scalar scalar && !scalar.text().isEmpty()) {
            return Optional.of(scalar.text());
        }
        findings.add(
                MessageReader.join(path, TYPE),
                type.map(Tree::place).orElse(mapping.place()),
                type.map(Tree::shape).orElse("nothing"),
                "a type URL such as type.googleapis.com/google.protobuf.Duration",
                "say with \"@type\" what this is");
        return Optional.empty();
    }

    private Any known(Mapping mapping, String url, Descriptor type, String path) {
        DynamicMessage.Builder content = DynamicMessage.newBuilder(type);
        if (WellKnownReader.hasOwnForm(type)) {
            Optional<Tree> value = entry(mapping, VALUE);
            if (value.isEmpty()) {
                findings.add(
                        MessageReader.join(path, VALUE),
                        mapping.place(),
                        "nothing",
                        "a value of " + type.getFullName(),
                        "write it under `value`, beside \"@type\"");
            } else {
                messages.message(value.get(), content, path);
            }
        } else {
            messages.fields(mapping, content, path, Set.of(TYPE));
        }
        return Any.newBuilder()
                .setTypeUrl(url)
                .setValue(content.buildPartial().toByteString())
                .build();
    }

    private static Any unknown(Mapping mapping, String url) {
        Struct fields = FreeForm.struct(mapping).toBuilder().removeFields(TYPE).build();
        TypedStruct kept = TypedStruct.newBuilder().setTypeUrl(url).setValue(fields).build();
        return Any.newBuilder()
                .setTypeUrl(PREFIX + TypedStruct.getDescriptor().getFullName())
                .setValue(kept.toByteString())
                .build();
    }

    private static Optional<Tree> entry(Mapping mapping, String name) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().text().equals(name))
                .map(Entry::value)
                .findFirst();
    }
}
