package dev.sluice.contract.document;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.util.List;
import java.util.Optional;

/**
 * Reads YAML 1.2 and JSON into protobuf messages by their descriptors, in protobuf's JSON mapping,
 * and reports everything that is wrong at once. Immutable, thread-safe.
 *
 * <h2>What is read</h2>
 *
 * Field names in snake_case and lowerCamelCase; enums by name or number; 64-bit numbers with or
 * without quotes; durations as {@code 1.5s}; times as in RFC 3339; {@code Any} with {@code
 * "@type"}. YAML anchors and aliases are followed. An empty value or {@code null} leaves a field
 * unset.
 *
 * <h2>What is refused</h2>
 *
 * Unknown fields, keys that come twice, two fields of one {@code oneof}, strings that are written
 * as bare numbers or truth values, values out of range, {@code yes} and {@code no}, a second
 * document, and whatever passes the {@link Limits}.
 *
 * <h2>Where problems are</h2>
 *
 * {@link Problem#path} is the place and the path in the names of the {@code .proto} file: {@code
 * proxy.yaml:12:7 static_resources.listeners[0].name}. The content of an {@code Any} continues the
 * path without a step of its own.
 */
public final class DocumentReader {
    private final DocumentTypes types;
    private final Limits limits;

    /** Reads with the standard limits. */
    public DocumentReader(DocumentTypes types) {
        this(types, Limits.STANDARD);
    }

    public DocumentReader(DocumentTypes types, Limits limits) {
        this.types = types;
        this.limits = limits;
    }

    /**
     * Reads one document.
     *
     * @param text YAML or JSON
     * @param source the document's name in problems, such as its file name
     * @param prototype the type to read, such as {@code Bootstrap.getDefaultInstance()}
     */
    public <M extends Message> Parsed<Document<M>> read(String text, String source, M prototype) {
        Findings findings = new Findings(limits.problems());
        Optional<Tree> tree = new TreeParser(source, limits, findings).parse(text);
        return tree.map(root -> message(root, "", prototype, findings))
                .orElseGet(() -> new Parsed.Refused<>(findings.problems()));
    }

    /**
     * Reads a message that arrived as a free-form struct, such as the value of a {@code
     * TypedStruct}.
     *
     * @param path where the struct stands, to begin the paths of problems with
     */
    public static <M extends Message> Parsed<M> read(
            Struct struct, String path, M prototype, DocumentTypes types) {
        Findings findings = new Findings(Limits.STANDARD.problems());
        Message.Builder builder = prototype.newBuilderForType();
        new MessageReader(types, findings)
                .message(FreeForm.tree(struct, Place.NONE), builder, path);
        return finish(builder, prototype, findings.problems());
    }

    private <M extends Message> Parsed<Document<M>> message(
            Tree root, String path, M prototype, Findings findings) {
        Message.Builder builder = prototype.newBuilderForType();
        MessageReader reader = new MessageReader(types, findings);
        reader.message(root, builder, path);
        Places places = new Places(root.place(), reader.places());
        return finish(builder, prototype, findings.problems())
                .map(message -> new Document<>(message, places));
    }

    @SuppressWarnings("unchecked") // a message's builder builds its own class
    private static <M extends Message> Parsed<M> finish(
            Message.Builder builder, M prototype, List<Problem> problems) {
        return problems.isEmpty()
                ? new Parsed.Ok<>((M) prototype.getClass().cast(builder.build()))
                : new Parsed.Refused<>(problems);
    }
}
