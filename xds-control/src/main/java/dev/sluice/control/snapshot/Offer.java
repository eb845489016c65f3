package dev.sluice.control.snapshot;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a node may have next on its way to its target, by what it has acknowledged. Pure.
 *
 * <h2>One resource at a time</h2>
 *
 * Each resource goes on by itself, when what it names is there. Routes whose clusters the node has
 * are offered, though other structure is refused or not answered: a share, a rollback and a kill
 * are routes. What was refused keeps the content that the node accepted before.
 *
 * <p>A route table that the node does not have yet does not wait for a cluster that it refused:
 * there is nothing to stay with, and a part of a service is better than none.
 *
 * <h2>Nothing half</h2>
 *
 * What names something that the target itself lacks is a fault of the target, and is withheld with
 * everything that needs it.
 *
 * @param serving what the node may have now, with the place of the log of the target
 * @param old what becomes of what the target no longer has
 * @param pending names, by type, that wait for something to be acknowledged
 * @param withheld what is kept back until the target is whole
 */
public record Offer(
        Structure serving,
        Old old,
        Map<ResourceType, Set<String>> pending,
        List<Withheld> withheld) {
    public Offer {
        pending = Map.copyOf(pending);
        withheld = List.copyOf(withheld);
    }

    /**
     * A resource that is kept back.
     *
     * @param reason what it names that is not there
     */
    public record Withheld(ResourceType type, String name, String reason) {
        @Override
        public String toString() {
            return type.word() + " '" + name + "': " + reason;
        }
    }

    /**
     * The offer to a node.
     *
     * @param held what it has of each type
     * @param old whether what the target no longer has is kept
     */
    public static Offer of(Structure target, Map<ResourceType, Acknowledged> held, Old old) {
        return new Step(target, held, old).offer();
    }

    /** What becomes of clusters and endpoints that the target no longer has. */
    public enum Old {
        /** Something of the node may still use them. */
        KEPT,
        /** The node has the listeners and routes of the target and nothing else. */
        DROPPED
    }

    /** Names of a type that wait. */
    public Set<String> pending(ResourceType type) {
        return pending.getOrDefault(type, Set.of());
    }

    /**
     * Whether the node keeps what it has of a type and the target has not. A listener goes with the
     * coming of those that replace it.
     */
    public boolean keepsOld(ResourceType type) {
        return keepsOld(type, old, pending(type));
    }

    private static boolean keepsOld(ResourceType type, Old old, Set<String> waiting) {
        return switch (type) {
            case CLUSTER, ENDPOINT -> old == Old.KEPT;
            case LISTENER -> !waiting.isEmpty();
            case ROUTE -> false;
        };
    }

    /** What a resource may become now. */
    private enum Fate {
        OFFERED,
        /** Refused, or names something that is not there; what the node has stays. */
        STAYS,
        /** As STAYS, until the node acknowledges something. */
        WAITS
    }

    /** One computation. */
    private static final class Step {
        private final Structure target;
        private final Map<ResourceType, Acknowledged> held;
        private final Old old;
        private final Map<ResourceType, Set<String>> pending = new EnumMap<>(ResourceType.class);
        private final List<Withheld> withheld = new ArrayList<>();
        private final Set<Reference> missing = new HashSet<>();

        Step(Structure target, Map<ResourceType, Acknowledged> held, Old old) {
            this.target = target;
            this.held = held;
            this.old = old;
        }

        Offer offer() {
            Map<ResourceType, ResourceSet> sets = new EnumMap<>(ResourceType.class);
            sets.put(ResourceType.ENDPOINT, set(ResourceType.ENDPOINT, _ -> Fate.OFFERED));
            sets.put(ResourceType.CLUSTER, set(ResourceType.CLUSTER, _ -> Fate.OFFERED));
            sets.put(ResourceType.ROUTE, set(ResourceType.ROUTE, this::user));
            sets.put(ResourceType.LISTENER, set(ResourceType.LISTENER, this::user));
            return new Offer(
                    new Structure(target.epoch(), target.seq(), sets, target.former()),
                    old,
                    pending,
                    withheld);
        }

        private ResourceSet set(ResourceType type, Function<Place, Fate> rule) {
            Acknowledged has = held(type);
            Set<String> waiting = new HashSet<>();
            List<Versioned> offered = new ArrayList<>();
            for (Versioned resource : target.of(type).byName().values()) {
                switch (fate(new Place(type, resource), has, rule)) {
                    case OFFERED -> offered.add(resource);
                    case STAYS -> last(has, resource.name()).ifPresent(offered::add);
                    case WAITS -> {
                        waiting.add(resource.name());
                        last(has, resource.name()).ifPresent(offered::add);
                    }
                }
            }
            if (keepsOld(type, old, waiting)) {
                has.names().stream()
                        .filter(name -> !target.of(type).byName().containsKey(name))
                        .flatMap(name -> last(has, name).stream())
                        .forEach(offered::add);
            }
            if (!waiting.isEmpty()) {
                pending.put(type, Set.copyOf(waiting));
            }
            return target.of(type).with(offered);
        }

        private Fate fate(Place place, Acknowledged has, Function<Place, Fate> rule) {
            Optional<Reference> lack =
                    place.resource().references().stream()
                            .filter(named -> isMissing(named))
                            .findFirst();
            if (lack.isPresent()) {
                missing.add(new Reference(place.type(), place.resource().name()));
                withheld.add(
                        new Withheld(
                                place.type(),
                                place.resource().name(),
                                "names " + lack.get() + ", which is not there"));
                return Fate.STAYS;
            }
            return has.refuses(place.resource()) ? Fate.STAYS : rule.apply(place);
        }

        /** Whether the target lacks it, or has withheld it from a node that does not have it. */
        private boolean isMissing(Reference named) {
            return !target.of(named.type()).byName().containsKey(named.name())
                    || (missing.contains(named)
                            && !held(named.type()).names().contains(named.name()));
        }

        /** Routes, and listeners: they wait for what they use. */
        private Fate user(Place place) {
            boolean isNew = !held(place.type()).names().contains(place.resource().name());
            return place.resource().references().stream().allMatch(named -> isReady(named, isNew))
                    ? Fate.OFFERED
                    : Fate.WAITS;
        }

        private boolean isReady(Reference named, boolean forNew) {
            Acknowledged has = held(named.type());
            boolean isThere = has.names().contains(named.name());
            if (named.type() == ResourceType.ROUTE) {
                return isThere
                        || !pending.getOrDefault(ResourceType.ROUTE, Set.of())
                                .contains(named.name());
            }
            Optional<Versioned> resource =
                    Optional.ofNullable(target.of(named.type()).byName().get(named.name()));
            return !has.isAwaited(named.name())
                    || (forNew && resource.filter(has::refuses).isPresent())
                    || (isThere
                            && resource.stream()
                                    .flatMap(found -> found.references().stream())
                                    .allMatch(next -> isReady(next, forNew)));
        }

        private Acknowledged held(ResourceType type) {
            return held.getOrDefault(type, Acknowledged.NOTHING);
        }

        private static Optional<Versioned> last(Acknowledged has, String name) {
            return Optional.ofNullable(has.last().get(name));
        }
    }

    /** A resource of the target and its type. */
    private record Place(ResourceType type, Versioned resource) {}
}
