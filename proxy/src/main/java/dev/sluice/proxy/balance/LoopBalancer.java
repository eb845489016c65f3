package dev.sluice.proxy.balance;

import dev.sluice.proxy.balance.BalancePlan.Group;
import dev.sluice.proxy.balance.BalancePlan.Weighted;
import dev.sluice.proxy.balance.PriorityLoads.Choice;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.Endpoint.Availability;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.PanicTraffic;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One loop's turns among the endpoints of a plan. Loop-owned. */
public final class LoopBalancer {
    private final BalancePlan plan;
    private final RandomGenerator random;
    private final Ticker ticker;

    /** By priority and availability; made when first needed. */
    private final List<Map<Availability, Balancer>> balancers = new ArrayList<>();

    public LoopBalancer(BalancePlan plan, RandomGenerator random, Ticker ticker) {
        this.plan = plan;
        this.random = random;
        this.ticker = ticker;
        plan.tiers().forEach(tier -> balancers.add(new EnumMap<>(Availability.class)));
    }

    /** The endpoint of a request; none when no endpoint may be used. */
    public Optional<Endpoint> choose(Pick pick) {
        Optional<Endpoint> chosen = once(pick, 0);
        for (int attempt = 1; attempt <= pick.reattempts(); attempt++) {
            if (chosen.isEmpty() || !pick.avoids(chosen.get())) {
                return chosen;
            }
            chosen = once(pick, attempt);
        }
        return chosen;
    }

    private Optional<Endpoint> once(Pick pick, int attempt) {
        long number = pick.hash().isPresent() ? pick.hash().getAsLong() : random.nextLong();
        Choice choice = plan.loads().choose(number);
        boolean panic = plan.loads().isInPanic(choice.priority());
        if (panic && plan.spec().panic().traffic() == PanicTraffic.REFUSED) {
            return Optional.empty();
        }
        Availability wanted = panic ? Availability.UNAVAILABLE : choice.availability();
        Group group = plan.tiers().get(choice.priority()).of(wanted);
        if (group.endpoints().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(balancer(choice.priority(), wanted, group).choose(number, attempt));
    }

    private Balancer balancer(int priority, Availability availability, Group group) {
        Map<Availability, Balancer> made = balancers.get(priority);
        Balancer known = made.get(availability);
        if (known == null) {
            known = balancer(group);
            made.put(availability, known);
        }
        return known;
    }

    private Balancer balancer(Group group) {
        if (group.table().isPresent()) {
            return new HashBalancer(group.table().get());
        }
        if (group.localities().isEmpty()) {
            return among(group.endpoints());
        }
        List<Balancer> within = new ArrayList<>();
        group.localities().forEach(locality -> within.add(among(locality.endpoints())));
        List<Double> weights = group.localities().stream().map(Weighted::weight).toList();
        return new LocalityBalancer(weights, within, random);
    }

    private Balancer among(List<Endpoint> endpoints) {
        return switch (plan.spec().policy()) {
            case Policy.RoundRobin(var slowStart) ->
                    new RoundRobinBalancer(
                            endpoints, new SlowStartWeight(slowStart, ticker), random);
            case Policy.LeastRequest least ->
                    new LeastRequestBalancer(
                            endpoints,
                            least,
                            new SlowStartWeight(least.slowStart(), ticker),
                            random);
            case Policy.Random() -> new RandomBalancer(endpoints, random);
            case Policy.PeakEwma ewma -> new PeakEwmaBalancer(endpoints, ewma, random, ticker);
            case Policy.RingHash _, Policy.Maglev _ ->
                    throw new IllegalStateException("a group that is hashed has a table");
            case Policy.OriginalDestination _ ->
                    throw new IllegalStateException("destinations are in no plan");
        };
    }
}
