package dev.sluice.proxy.resource.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The class of every field of the Envoy messages that the proxy reads, by message and field. Held
 * as data in {@code field-classes.txt}. Immutable.
 */
public final class FieldClasses {
    private static final String FILE = "field-classes.txt";
    private static final FieldClasses STANDARD = parse(text());

    private final Map<String, Map<String, FieldClass>> byMessage;

    private FieldClasses(Map<String, Map<String, FieldClass>> byMessage) {
        this.byMessage = byMessage;
    }

    /** The classes that this proxy obeys. */
    public static FieldClasses standard() {
        return STANDARD;
    }

    /**
     * Reads classes as the file writes them.
     *
     * @throws IllegalArgumentException for a line that is none, or a field in two classes
     */
    static FieldClasses parse(String text) {
        Map<String, Map<String, FieldClass>> byMessage = new LinkedHashMap<>();
        Map<String, FieldClass> fields = Map.of();
        for (String line : text.split("\n", -1)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("+ ") || line.startsWith("~ ") || line.startsWith("- ")) {
                add(line, fields);
            } else {
                fields = new LinkedHashMap<>();
                byMessage.put(line.strip(), fields);
            }
        }
        return new FieldClasses(byMessage);
    }

    /** The messages of the table in its order, each with its fields. */
    public Map<String, Map<String, FieldClass>> all() {
        return byMessage;
    }

    /** The class of a field; empty when the table does not name it. */
    public Optional<FieldClass> of(String message, String field) {
        return Optional.ofNullable(byMessage.getOrDefault(message, Map.of()).get(field));
    }

    private static void add(String line, Map<String, FieldClass> fields) {
        int colon = line.indexOf(':');
        String names = line.substring(2, colon < 0 ? line.length() : colon);
        FieldClass fieldClass =
                switch (line.charAt(0)) {
                    case '+' -> new FieldClass.Implemented();
                    case '~' -> new FieldClass.Inert();
                    default -> new FieldClass.Refused(line.substring(colon + 1).strip());
                };
        if (fieldClass instanceof FieldClass.Refused != colon > 0) {
            throw new IllegalArgumentException(
                    "line '" + line + "' (expected a remedy exactly after '-'); correct " + FILE);
        }
        for (String name : names.strip().split(" ", -1)) {
            if (fields.put(name, fieldClass) != null) {
                throw new IllegalArgumentException(
                        "field '" + name + "' twice in " + FILE + "; remove one of the two");
            }
        }
    }

    private static String text() {
        try (InputStream in = FieldClasses.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
