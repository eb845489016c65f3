package dev.sluice.proxy.balance;

import dev.sluice.proxy.balance.HashTable.Share;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.Endpoint.Availability;
import dev.sluice.proxy.endpoint.EndpointSet;
import dev.sluice.proxy.endpoint.EndpointSet.Locality;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Localities;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec.PriorityHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all loops know about how a cluster's requests are shared: the load of each priority and the
 * groups of endpoints that it goes to, as their health was when the plan was made. Tables of
 * consistent hashing are part of it, since they are large and the same for all loops. Immutable;
 * made anew by the configuration thread whenever endpoints or their health change.
 */
public final class BalancePlan {
    private final BalancingSpec spec;
    private final PriorityLoads loads;
    private final List<Tier> tiers;

    /** The groups of one priority. */
    record Tier(Group healthy, Group degraded, Group all) {
        Group of(Availability availability) {
            return switch (availability) {
                case HEALTHY -> healthy;
                case DEGRADED -> degraded;
                case UNAVAILABLE -> all;
            };
        }
    }

    /**
     * Endpoints among which one is chosen.
     *
     * @param endpoints possibly none
     * @param localities the same, by locality; only where localities count
     * @param table of a policy that hashes, unless there are no endpoints
     */
    record Group(List<Endpoint> endpoints, List<Weighted> localities, Optional<HashTable> table) {}

    /** A locality's endpoints of a group and how much of the group's load they get, above 0. */
    record Weighted(double weight, List<Endpoint> endpoints) {}

    private BalancePlan(BalancingSpec spec, PriorityLoads loads, List<Tier> tiers) {
        this.spec = spec;
        this.loads = loads;
        this.tiers = tiers;
    }

    /** The plan for these endpoints as they are now. */
    public static BalancePlan of(EndpointSet set, BalancingSpec spec) {
        List<List<Locality>> priorities =
                set.localities().isEmpty() ? List.of(List.of()) : set.priorities();
        PriorityLoads loads =
                PriorityLoads.of(
                        priorities.stream()
                                .map(one -> census(one, set.spec().priorityHealth()))
                                .toList(),
                        set.spec().overprovisioningPercent(),
                        spec.panic().thresholdPercent());
        double factor = set.spec().overprovisioningPercent() / 100.0;
        List<Tier> tiers =
                priorities.stream()
                        .map(one ->
                                new Tier(
                                        group(one, Availability.HEALTHY, spec, factor),
                                        group(one, Availability.DEGRADED, spec, factor),
                                        group(one, Availability.UNAVAILABLE, spec, factor)))
                        .toList();
        return new BalancePlan(spec, loads, tiers);
    }

    BalancingSpec spec() {
        return spec;
    }

    PriorityLoads loads() {
        return loads;
    }

    List<Tier> tiers() {
        return tiers;
    }

    private static PriorityLoads.Census census(List<Locality> localities, PriorityHealth unit) {
        PriorityLoads.Census census = PriorityLoads.Census.NOBODY;
        for (Locality locality : localities) {
            for (Endpoint endpoint : locality.endpoints()) {
                int weight = unit == PriorityHealth.BY_WEIGHT ? endpoint.weight() : 1;
                census = census.with(endpoint.availability(), weight);
            }
        }
        return census;
    }

    /**
     * @param wanted who belongs to the group; {@code UNAVAILABLE}: all
     */
    private static Group group(
            List<Locality> localities, Availability wanted, BalancingSpec spec, double factor) {
        List<Endpoint> endpoints = new ArrayList<>();
        List<Weighted> weighted = new ArrayList<>();
        for (Locality locality : localities) {
            List<Endpoint> within =
                    locality.endpoints().stream()
                            .filter(endpoint ->
                                    wanted == Availability.UNAVAILABLE
                                            || endpoint.availability() == wanted)
                            .toList();
            endpoints.addAll(within);
            double usable = (double) within.size() / Math.max(1, locality.endpoints().size());
            double weight = locality.spec().weight() * Math.min(1, factor * usable);
            if (weight > 0) {
                weighted.add(new Weighted(weight, within));
            }
        }
        boolean byLocality = spec.localities() == Localities.WEIGHTED && !weighted.isEmpty();
        List<Weighted> used = byLocality ? weighted : List.of();
        return new Group(endpoints, used, table(endpoints, used, spec.policy()));
    }

    private static Optional<HashTable> table(
            List<Endpoint> endpoints, List<Weighted> localities, Policy policy) {
        if (endpoints.isEmpty()) {
            return Optional.empty();
        }
        return switch (policy) {
            case Policy.RingHash ring ->
                    Optional.of(HashRing.of(shares(endpoints, localities), ring));
            case Policy.Maglev maglev ->
                    Optional.of(MaglevTable.of(shares(endpoints, localities), maglev));
            case Policy.RoundRobin _,
                    Policy.LeastRequest _,
                    Policy.Random _,
                    Policy.PeakEwma _,
                    Policy.OriginalDestination _ ->
                    Optional.empty();
        };
    }

    private static List<Share> shares(List<Endpoint> endpoints, List<Weighted> localities) {
        List<Weighted> all =
                localities.isEmpty() ? List.of(new Weighted(1, endpoints)) : localities;
        double whole = all.stream().mapToDouble(Weighted::weight).sum();
        List<Share> shares = new ArrayList<>();
        for (Weighted locality : all) {
            double sum = locality.endpoints().stream().mapToDouble(Endpoint::weight).sum();
            locality.endpoints()
                    .forEach(endpoint ->
                            shares.add(
                                    new Share(
                                            endpoint,
                                            endpoint.weight() / sum * locality.weight() / whole)));
        }
        return shares;
    }
}
