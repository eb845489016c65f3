package dev.sluice.control.cli.resource;

import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Trouble;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a kind of resource name, such as {@code services/{id}/versions/{id}}. People may
 * leave out the collections: {@code customers/legacy}. Immutable.
 *
 * @param collections collections from the outside in; 1 or 2
 */
public record Shape(List<String> collections) {
    public Shape {
        collections = List.copyOf(collections);
    }

    /** The whole resource name of what a person wrote. */
    public String expand(String text) {
        List<String> parts = List.of(text.split("/", -1));
        if (isWhole(parts)) {
            return text;
        }
        if (parts.size() != collections.size() || parts.contains("")) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "name",
                    "'" + text + "'",
                    this + " or " + brief(),
                    "correct it");
        }
        return join(parts);
    }

    /** Whether this is a whole name of this shape. */
    public boolean fits(String name) {
        return isWhole(List.of(name.split("/", -1)));
    }

    /** The name without its collections: what {@link #expand} reads. */
    public String brief(String name) {
        List<String> parts = List.of(name.split("/", -1));
        return isWhole(parts) ? String.join("/", ids(parts)) : name;
    }

    /** Name of what a resource is in; empty when it is in nothing. */
    public String parent(String name) {
        int end = name.lastIndexOf('/', name.lastIndexOf('/') - 1);
        return end < 0 ? "" : name.substring(0, end);
    }

    /** Last segment of a name. */
    public static String id(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private boolean isWhole(List<String> parts) {
        if (parts.size() != 2 * collections.size() || parts.contains("")) {
            return false;
        }
        for (int i = 0; i < collections.size(); i++) {
            if (!parts.get(2 * i).equals(collections.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<String> ids(List<String> parts) {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i < parts.size(); i += 2) {
            ids.add(parts.get(i));
        }
        return ids;
    }

    private String join(List<String> ids) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            parts.add(collections.get(i));
            parts.add(ids.get(i));
        }
        return String.join("/", parts);
    }

    private String brief() {
        return collections.size() == 1 ? "{id}" : "{id}/{id}";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String collection : collections) {
            text.append(text.isEmpty() ? "" : "/").append(collection).append("/{id}");
        }
        return text.toString();
    }
}
