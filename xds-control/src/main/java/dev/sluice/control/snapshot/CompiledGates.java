package dev.sluice.control.snapshot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All gates as resources of the gate stream. A gate whose content is the same object as before is
 * not compiled again, so that a change costs one gate. Immutable.
 *
 * @param compiled by name
 */
public record CompiledGates(Map<GateName, Compiled> compiled) {
    private static final Pattern VERSION =
            Pattern.compile("([1-9]\\d{0,17})\\.([1-9]\\d{0,17})-[0-9a-f]{16}");

    /** None. */
    public static final CompiledGates NONE = new CompiledGates(Map.of());

    public CompiledGates {
        compiled = Map.copyOf(compiled);
    }

    /**
     * One gate.
     *
     * @param state that it was compiled from
     * @param resource {@code sluice.gate.v1.Gate}
     */
    public record Compiled(GateState state, Versioned resource) {}

    /** The gates of a catalog. */
    @SuppressWarnings(
            "ReferenceEquality") // an unchanged gate is the same object in the next catalog
    public CompiledGates next(Catalog catalog) {
        Map<GateName, Compiled> next = new HashMap<>();
        for (GateState gate : catalog.gates()) {
            Compiled before = compiled.get(gate.name());
            next.put(
                    gate.name(), before != null && before.state() == gate ? before : compile(gate));
        }
        return new CompiledGates(next);
    }

    /** Its version starts with its revision, so that a node that comes back says what it has. */
    private static Compiled compile(GateState gate) {
        Versioned content = Versioned.of(gate.resourceName(), GateWriter.write(gate.content()));
        return new Compiled(
                gate,
                new Versioned(
                        content.name(),
                        gate.revision() + "-" + content.version(),
                        content.message(),
                        content.references()));
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
