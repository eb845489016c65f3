package dev.sluice.control.snapshot;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node has of one type by its own word. Immutable.
 *
 * @param isAsked whether it ever asked for the type; of one that it did not, nothing is waited for
 * @param only the names that it asks for, where it does not ask for the whole type though it could
 * @param names of the resources that it has in whatever version
 * @param last what it accepted last of each name, where that is known; it may have refused later
 *     content
 * @param refused versions by name that it refused when they came alone
 */
public record Acknowledged(
        boolean isAsked,
        Optional<Set<String>> only,
        Set<String> names,
        Map<String, Versioned> last,
        Map<String, String> refused) {
    /** Of a type that a node never asked for. */
    public static final Acknowledged NOTHING =
            new Acknowledged(false, Optional.empty(), Set.of(), Map.of(), Map.of());

    public Acknowledged {
        only = only.map(Set::copyOf);
        names = Set.copyOf(names);
        last = Map.copyOf(last);
        refused = Map.copyOf(refused);
    }

    /**
     * Whether the node will say that it has the resource. One that asks by name does so when
     * something that it has names the resource, and keeps to what it had until the resource comes.
     */
    boolean isAwaited(String name) {
        return isAsked && only.map(asked -> asked.contains(name)).orElse(true);
    }

    boolean refuses(Versioned resource) {
        return resource.version().equals(refused.get(resource.name()));
    }
}
