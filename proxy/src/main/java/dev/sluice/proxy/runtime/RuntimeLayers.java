package dev.sluice.proxy.runtime;

import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Layer;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Source;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The layers of a proxy with what is in each of them now. A change is seen whole by whoever reads
 * {@link #values} after it. Thread-safe.
 */
public final class RuntimeLayers {
    private final RuntimeSpec spec;
    private volatile State state;

    /**
     * What is in the layers that change.
     *
     * @param received by name of the resource
     * @param administered of the admin endpoint
     */
    private record State(
            Map<String, Map<String, RuntimeValue>> received,
            Map<String, RuntimeValue> administered,
            RuntimeValues merged) {}

    public RuntimeLayers(RuntimeSpec spec) {
        this.spec = spec;
        state = merged(spec, Map.of(), Map.of());
    }

    /** The values in force now. */
    public RuntimeValues values() {
        return state.merged();
    }

    /** The management server's layers, by name of the resource; those left out are empty. */
    public synchronized void receive(Map<String, Map<String, RuntimeValue>> layers) {
        state = merged(spec, Map.copyOf(layers), state.administered());
    }

    /** Whether {@link #administer} has a layer to change. */
    public boolean isAdministered() {
        return spec.layers().stream()
                .anyMatch(layer -> layer.source() instanceof Source.Administered);
    }

    /** Sets values of the layer of the admin endpoint; an empty one takes the key out. */
    public synchronized void administer(Map<String, Optional<RuntimeValue>> changes) {
        Map<String, RuntimeValue> next = new HashMap<>(state.administered());
        changes.forEach((key, value) ->
                value.ifPresentOrElse(set -> next.put(key, set), () -> next.remove(key)));
        state = merged(spec, state.received(), Map.copyOf(next));
    }

    /** Each layer with its values, the strongest last. */
    public List<Shown> shown() {
        State now = state;
        return spec.layers().stream()
                .map(layer ->
                        new Shown(
                                layer.name(),
                                new TreeMap<>(in(layer, now.received(), now.administered()))))
                .toList();
    }

    /**
     * A layer for people.
     *
     * @param values by key
     */
    public record Shown(String name, Map<String, RuntimeValue> values) {}

    private static State merged(
            RuntimeSpec spec,
            Map<String, Map<String, RuntimeValue>> received,
            Map<String, RuntimeValue> administered) {
        Map<String, RuntimeValue> all = new HashMap<>();
        for (Layer layer : spec.layers()) {
            all.putAll(in(layer, received, administered));
        }
        return new State(received, administered, new RuntimeValues(all));
    }

    private static Map<String, RuntimeValue> in(
            Layer layer,
            Map<String, Map<String, RuntimeValue>> received,
            Map<String, RuntimeValue> administered) {
        return switch (layer.source()) {
            case Source.Fixed(Map<String, RuntimeValue> values) -> values;
            case Source.Subscribed(String resource) -> received.getOrDefault(resource, Map.of());
            case Source.Administered() -> administered;
        };
    }
}
