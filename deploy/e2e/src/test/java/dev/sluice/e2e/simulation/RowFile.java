package dev.sluice.e2e.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file of a row that is run in virtual time. Immutable.
 *
 * @param name of the file
 * @param fields what it says
 */
record RowFile(String name, Part fields) {
    private static final Path FOLDER = Path.of("../../chaos/experiments/virtual");

    /** All that have this field, which tells kinds of rows apart, by their names. */
    static List<RowFile> with(String field) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted()
                    .map(RowFile::read)
                    .filter(file -> file.fields().values().containsKey(field))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RowFile read(Path file) {
        try {
            Object read =
                    new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
            return new RowFile(
                    String.valueOf(file.getFileName()), new Part(String.valueOf(file), map(read)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /**
     * A mapping in it.
     *
     * @param path where it is
     */
    record Part(String path, Map<?, ?> values) {
        Part {
            values = Map.copyOf(values);
        }

        /**
         * @throws IllegalArgumentException when it has others, or not all of these
         */
        void expect(Set<String> names) {
            if (!values.keySet().equals(names)) {
                throw new IllegalArgumentException(
                        path + " has " + values.keySet() + " (expected: " + names + ")");
            }
        }

        Part part(String name) {
            return new Part(
                    path + " " + name,
                    values.get(name) instanceof Map<?, ?> part ? part : Map.of());
        }

        double number(String name) {
            if (values.get(name) instanceof Number number) {
                return number.doubleValue();
            }
            throw new IllegalArgumentException(
                    path + " " + name + " is " + values.get(name) + " (expected: a number)");
        }

        Duration seconds(String name) {
            return Duration.ofMillis((long) (1_000 * number(name)));
        }

        /** From and to; empty when it is nothing such. */
        List<Integer> range(String name) {
            return values.get(name) instanceof List<?> ends && ends.size() == 2
                    ? ends.stream().map(end -> (Integer) end).toList()
                    : List.of();
        }
    }
}
