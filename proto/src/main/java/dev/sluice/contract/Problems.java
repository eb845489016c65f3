package dev.sluice.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects everything that is wrong with one document while it is parsed, each problem with its
 * path. A child ({@link #field}, {@link #index}) adds to the same list under a longer path. Owned
 * by the one thread that parses.
 */
public final class Problems {
    private final String path;
    private final List<Problem> found;

    private Problems(String path, List<Problem> found) {
        this.path = path;
        this.found = found;
    }

    /** An empty list for a whole document, whose fields have no prefix. */
    public static Problems root() {
        return at("");
    }

    /** An empty list for a part that stands at {@code path} of a larger document. */
    public static Problems at(String path) {
        return new Problems(path, new ArrayList<>());
    }

    /** The same list, for the field {@code name} of what this one is for. */
    public Problems field(String name) {
        return new Problems(path.isEmpty() ? name : path + "." + name, found);
    }

    /** The same list, for the element {@code index} (from 0) of what this one is for. */
    public Problems index(int index) {
        return new Problems(path + "[" + index + "]", found);
    }

    /** The same list, for the entry {@code key} of the map that this one is for. */
    public Problems key(String key) {
        return new Problems(path + "[\"" + key + "\"]", found);
    }

    /** Adds a problem at this place; the words are those of {@link Problem}. */
    public void add(String got, String expected, String remedy) {
        found.add(new Problem(path, got, expected, remedy));
    }

    /** Adds problems that another parser found, under their own paths. */
    public void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    /** The value, or nothing after its problems were added here. */
    public <T> Optional<T> take(Parsed<T> parsed) {
        return switch (parsed) {
            case Parsed.Ok<T>(T value) -> Optional.of(value);
            case Parsed.Refused<T>(List<Problem> problems) -> {
                found.addAll(problems);
                yield Optional.empty();
            }
        };
    }

    /** Where this is. */
    public String path() {
        return path;
    }

    /** How many problems the whole document has so far. */
    public int count() {
        return found.size();
    }

    /** Whether the whole document has no problem so far. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** A copy of all problems of the document, in the order of finding. */
    public List<Problem> all() {
        return List.copyOf(found);
    }

    /**
     * The end of a parse: what {@code value} makes when nothing is wrong, else all problems; {@code
     * value} is not called then, so it may rely on every part being there.
     */
    public <T> Parsed<T> finish(Supplier<T> value) {
        return found.isEmpty() ? new Parsed.Ok<>(value.get()) : new Parsed.Refused<>(all());
    }
}
