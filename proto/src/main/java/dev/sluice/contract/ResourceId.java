package dev.sluice.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shape of a resource's own id, {@code [a-z]([a-z0-9-]{0,61}[a-z0-9])?} (RFC 1035 label,
 * AIP-122), and of names built from collections and ids. Stateless.
 */
public final class ResourceId {
    /** Length of the longest id. */
    public static final int LONGEST = 63;

    /** The shape in words, for {@link Problem#expected}. */
    public static final String SHAPE = "1..63 characters a-z, 0-9 and -, first a letter, last no -";

    private ResourceId() {}

    /** Whether {@code id} has the shape. */
    public static boolean isValid(String id) {
        int length = id.length();
        if (length == 0 || length > LONGEST) {
            return false;
        }
        if (!isLetter(id.charAt(0)) || id.charAt(length - 1) == '-') {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = id.charAt(i);
            if (!isLetter(c) && !isDigit(c) && c != '-') {
                return false;
            }
        }
        return true;
    }

    /**
     * The id as it is.
     *
     * @throws IllegalArgumentException when it has not the shape
     */
    static String require(String id) {
        if (!isValid(id)) {
            throw new IllegalArgumentException(
                    "id " + Problem.quote(id) + " (expected " + SHAPE + ")");
        }
        return id;
    }

    /**
     * The ids of a name that alternates the given collections and an id each, such as {@code
     * services/{service}/versions/{version}}; empty, after one problem was added, when the name has
     * another form or an id another shape.
     */
    static Optional<List<String>> parse(String name, Problems at, String... collections) {
        String[] parts = name.split("/", -1);
        List<String> ids = new ArrayList<>();
        boolean right = parts.length == 2 * collections.length;
        for (int i = 0; right && i < collections.length; i++) {
            right = parts[2 * i].equals(collections[i]) && isValid(parts[2 * i + 1]);
            ids.add(parts[2 * i + 1]);
        }
        if (right) {
            return Optional.of(ids);
        }
        at.add(Problem.quote(name), form(collections), "give the full resource name");
        return Optional.empty();
    }

    private static String form(String... collections) {
        StringBuilder form = new StringBuilder();
        for (String collection : collections) {
            String singular = collection.substring(0, collection.length() - 1);
            form.append(form.isEmpty() ? "" : "/").append(collection);
            form.append("/{").append(singular).append("}");
        }
        return form + ", each id " + SHAPE;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
