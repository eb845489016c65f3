package dev.sluice.control.snapshot;

import com.google.protobuf.Any;
import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.PersistentMap;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All gates as resources of the gate stream. A gate whose content is the same object as before is
 * not compiled again, so that a change costs one gate. Immutable.
 *
 * @param compiled by name
 * @param source states of a catalog that these are, all of them; empty when they are of several
 */
public record CompiledGates(
        Map<GateName, Compiled> compiled, Optional<PersistentMap<GateName, GateState>> source) {
    private static final Pattern VERSION =
            Pattern.compile("([1-9]\\d{0,17})\\.([1-9]\\d{0,17})-[0-9a-f]{16}");

    /** None. */
    public static final CompiledGates NONE = new CompiledGates(Map.of());

    public CompiledGates {
        compiled = Map.copyOf(compiled);
    }

    /** Gates of several catalogs. */
    public CompiledGates(Map<GateName, Compiled> compiled) {
        this(compiled, Optional.empty());
    }

    /**
     * One gate.
     *
     * @param state that it was compiled from
     * @param resource {@code sluice.gate.v1.Gate}
     * @param wire the same as a response carries it, for all nodes
     */
    public record Compiled(GateState state, Versioned resource, Resource wire) {
        /** The same gate in a later catalog. */
        @SuppressWarnings("ReferenceEquality") // see CompiledGates.next
        private Compiled next(GateState gate) {
            if (state == gate) {
                return this;
            }
            return state.content().equals(gate.content())
                    ? new Compiled(gate, resource, wire)
                    : compile(gate);
        }
    }

    /** One gate of a catalog. */
    public static Optional<Compiled> compile(Catalog catalog, GateName name) {
        return catalog.gate(name).map(CompiledGates::compile);
    }

    /** The gates of a catalog. */
    @SuppressWarnings(
            "ReferenceEquality") // an unchanged gate is the same object in the next catalog
    public CompiledGates next(Catalog catalog) {
        if (source.isPresent() && source.get() == catalog.gateMap()) {
            return this; // as after most events, which are of nodes
        }
        Map<GateName, Compiled> next = new HashMap<>();
        for (GateState gate : catalog.gates()) {
            Compiled before = compiled.get(gate.name());
            next.put(gate.name(), before == null ? compile(gate) : before.next(gate));
        }
        return new CompiledGates(next, Optional.of(catalog.gateMap()));
    }

    /** Names of those that nodes see otherwise, or in one only. */
    @SuppressWarnings("ReferenceEquality") // what is not compiled again is the same object
    public Set<GateName> differing(CompiledGates other) {
        Set<GateName> names = new HashSet<>();
        if (compiled == other.compiled) {
            return names;
        }
        compiled.forEach((name, gate) -> {
            Compiled before = other.compiled.get(name);
            if (before == null || before.wire() != gate.wire()) {
                names.add(name);
            }
        });
        other.compiled.keySet().stream()
                .filter(name -> !compiled.containsKey(name))
                .forEach(names::add);
        return names;
    }

    /** Its version starts with its revision, so that a node that comes back says what it has. */
    private static Compiled compile(GateState gate) {
        Versioned content = Versioned.of(gate.resourceName(), GateWriter.write(gate.content()));
        String version = gate.revision() + "-" + content.version();
        return new Compiled(
                gate,
                new Versioned(content.name(), version, content.message(), content.references()),
                Resource.newBuilder()
                        .setName(content.name())
                        .setVersion(version)
                        .setResource(Any.pack(content.message()))
                        .build());
    }

    /** The revision in a version of ours. */
    public static Optional<GateRevision> revision(String version) {
        Matcher matcher = VERSION.matcher(version);
        return matcher.matches()
                ? Optional.of(
                        new GateRevision(
                                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    public Optional<Versioned> find(GateName name) {
        return Optional.ofNullable(compiled.get(name)).map(Compiled::resource);
    }
}
