package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.contract.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The fields of one object of the file, read with a problem for each that is wrong. Children add to
 * the same lists. For the one thread that reads.
 */
final class Fields {
    private final Source source;
    private final List<Problem> problems;
    private final List<String> notices;
    private final JsonNode node;
    private final String path;

    private Fields(
            Source source,
            List<Problem> problems,
            List<String> notices,
            JsonNode node,
            String path) {
        this.source = source;
        this.problems = problems;
        this.notices = notices;
        this.node = node;
        this.path = path;
    }

    static Fields root(Source.Read read) {
        return new Fields(read.source(), new ArrayList<>(), new ArrayList<>(), read.root(), "");
    }

    /** A value that stands in no file. */
    static Fields alone(JsonNode node) {
        return new Fields(Source.NONE, new ArrayList<>(), new ArrayList<>(), node, "");
    }

    JsonNode node() {
        return node;
    }

    Source source() {
        return source;
    }

    String place() {
        return source.place(path);
    }

    List<Problem> problems() {
        return problems;
    }

    List<String> notices() {
        return notices;
    }

    /** Says that this is accepted without effect. */
    void notice(String words) {
        notices.add(place() + ": " + words);
    }

    void problem(String got, String expected, String remedy) {
        problems.add(new Problem(place(), got, expected, remedy));
    }

    boolean has(String name) {
        return !get(name).isMissingNode();
    }

    /** The value; missing when it is not given or null. */
    JsonNode get(String name) {
        JsonNode value = node.path(name);
        return value.isNull() ? JsonNodeFactory.instance.missingNode() : value;
    }

    /** The field as a place of its own, whether it is there or not. */
    Fields at(String name) {
        return child(get(name), path.isEmpty() ? name : path + "." + name);
    }

    /** The field, which must be an object; an empty one after a problem. */
    Fields object(String name) {
        Fields field = at(name);
        if (field.node.isMissingNode() || !field.node.isObject()) {
            if (!field.node.isMissingNode()) {
                field.wrong("an object");
            }
            return child(JsonNodeFactory.instance.objectNode(), field.path);
        }
        return field;
    }

    /** The elements of the list; none when it is missing or wrong. */
    List<Fields> list(String name) {
        Fields field = at(name);
        if (field.node.isMissingNode()) {
            return List.of();
        }
        if (!field.node.isArray()) {
            field.wrong("a list");
            return List.of();
        }
        List<Fields> elements = new ArrayList<>();
        for (int i = 0; i < field.node.size(); i++) {
            elements.add(child(field.node.get(i), field.path + "[" + i + "]"));
        }
        return elements;
    }

    private Fields child(JsonNode value, String at) {
        return new Fields(source, problems, notices, value, at);
    }

    /** A text that must be there and not empty. */
    String required(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty() && !has(name)) {
            problem("no '" + name + "'", "'" + name + "'", "add it");
        } else if (text.isPresent() && text.get().isBlank()) {
            at(name).wrong("a text that is not empty");
        }
        return text.orElse("");
    }

    Optional<String> text(String name) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            at(name).wrong("a text");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    boolean flag(String name) {
        JsonNode value = get(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            at(name).wrong("true or false");
        }
        return value.asBoolean(false);
    }

    /** The word, which must be one of them; the first one when it is not given. */
    String word(String name, List<String> words) {
        Optional<String> given = text(name);
        if (given.isPresent() && !words.contains(given.get())) {
            at(name).wrong("one of " + String.join(", ", words));
        }
        return given.filter(words::contains).orElse(words.getFirst());
    }

    /** Names this object for fields that are not among {@code known}. */
    void onlyKnown(Collection<String> known) {
        node.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        at(name).notice("unknown field, without effect");
                    }
                });
    }

    /** Like {@link #onlyKnown}, for fields of our own: unknown ones are wrong. */
    void nothingBut(Collection<String> known) {
        node.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        at(name).problem(
                                        "an unknown field",
                                        "one of " + String.join(", ", known),
                                        "correct or remove it");
                    }
                });
    }

    void wrong(String expected) {
        String got =
                switch (node.getNodeType()) {
                    case ARRAY -> "a list";
                    case OBJECT -> "an object";
                    case NULL, MISSING -> "nothing";
                    default -> Problem.quote(node.asText());
                };
        problem(got, expected, "correct it");
    }
}
