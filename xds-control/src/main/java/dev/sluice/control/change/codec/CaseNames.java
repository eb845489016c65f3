package dev.sluice.control.change.codec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names under which the cases of sealed interfaces stand in the log; they outlive the names of
 * the classes. Immutable.
 */
final class CaseNames {
    private final Map<Class<?>, String> names;

    /**
     * @throws IllegalArgumentException when two cases of one interface share a name, or a case of
     *     an interface with named cases has none
     */
    CaseNames(Map<Class<?>, String> names) {
        this.names = Map.copyOf(names);
        for (Class<?> type : this.names.keySet()) {
            Map<String, Class<?>> seen = new HashMap<>();
            for (Class<?> sibling : type.getInterfaces()[0].getPermittedSubclasses()) {
                String name = this.names.get(sibling);
                if (name == null || seen.put(name, sibling) != null) {
                    throw new IllegalArgumentException(
                            sibling + " has the name " + name + " (expected one of its own)");
                }
            }
        }
    }

    Optional<String> name(Class<?> type) {
        return Optional.ofNullable(names.get(type));
    }

    Class<?> type(Class<?> sealed, String name, String path) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .filter(type -> name.equals(names.get(type)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                path
                                        + ".type: '"
                                        + name
                                        + "' (expected a case of "
                                        + sealed.getSimpleName()
                                        + ")"));
    }
}
