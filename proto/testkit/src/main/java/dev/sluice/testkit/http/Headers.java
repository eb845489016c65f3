package dev.sluice.testkit.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Header fields as they stood on the wire: order, spelling and repetitions kept. Immutable.
 *
 * @param fields names and values, in order
 */
public record Headers(List<Field> fields) {
    /** No field at all. */
    public static final Headers NONE = new Headers(List.of());

    public Headers {
        fields = List.copyOf(fields);
    }

    /** One line of a header section. */
    public record Field(String name, String value) {}

    /**
     * Names and values in turn.
     *
     * @throws IllegalArgumentException for an odd number of words
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    namesAndValues.length + " words (expected: names and values in turn)");
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(fields);
    }

    /** These fields and one more at the end. */
    public Headers with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new Headers(more);
    }

    /** First value of the name, whatever its case. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** All values of the name, whatever its case, in order. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** Whether the name occurs, whatever its case. */
    public boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** {@code name: value} lines with CRLF, without the empty line at the end. */
    String wire() {
        return fields.stream()
                .map(field -> field.name() + ": " + field.value() + "\r\n")
                .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return fields.stream()
                .map(field -> field.name() + ": " + field.value())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
