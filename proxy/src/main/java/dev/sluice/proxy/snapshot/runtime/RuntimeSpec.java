package dev.sluice.proxy.snapshot.runtime;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The layers of runtime values, each over those before it (Envoy {@code LayeredRuntime}).
 * Immutable.
 *
 * @param layers with different names, the strongest last
 */
public record RuntimeSpec(List<Layer> layers) {
    /** No layer: no value ever replaces a setting. */
    public static final RuntimeSpec NONE = new RuntimeSpec(List.of());

    public RuntimeSpec {
        layers = List.copyOf(layers);
    }

    /** Names of the resources that layers are taken from. */
    public Set<String> resources() {
        Set<String> names = new TreeSet<>();
        layers.forEach(layer -> {
            if (layer.source() instanceof Source.Subscribed(String resource)) {
                names.add(resource);
            }
        });
        return names;
    }

    /**
     * One layer.
     *
     * @param name for people
     * @param source where its values come from
     */
    public record Layer(String name, Source source) {}

    /** Where the values of a layer come from. */
    public sealed interface Source {
        /** The bootstrap. */
        record Fixed(Map<String, RuntimeValue> values) implements Source {
            public Fixed {
                values = Map.copyOf(values);
            }
        }

        /** A resource of the management server (RTDS). */
        record Subscribed(String resource) implements Source {}

        /** The admin endpoint; empty at first, and gone with the process. */
        record Administered() implements Source {}
    }
}
