package dev.sluice.proxy.route;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.route.Route.RouteHeaders;
import dev.sluice.proxy.snapshot.route.HashPolicySpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Selection;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.WeightedClusterSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeNumber;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Chooses the cluster of a request that no gate decides. Immutable. */
public sealed interface ClusterPicker {
    /**
     * The cluster of a request; empty when the header that should name it is missing.
     *
     * @param request the request
     * @param runtime values that may replace weights
     * @param random 64 uniform random bits, the same for all attempts of the request
     */
    Optional<Picked> pick(RequestView request, RuntimeValues runtime, long random);

    /**
     * A chosen cluster.
     *
     * @param cluster its name
     * @param headers changes of all levels, the weighted cluster's own included
     */
    record Picked(String cluster, RouteHeaders headers) {}

    /** Always the same. */
    record Fixed(Optional<Picked> picked) implements ClusterPicker {
        @Override
        public Optional<Picked> pick(RequestView request, RuntimeValues runtime, long random) {
            return picked;
        }
    }

    /** The one that a header names. */
    record ByHeader(String header, RouteHeaders headers) implements ClusterPicker {
        @Override
        public Optional<Picked> pick(RequestView request, RuntimeValues runtime, long random) {
            return request.header(header)
                    .filter(name -> !name.isEmpty())
                    .map(name -> new Picked(name.toString(), headers));
        }
    }

    /**
     * By weight, as in Envoy: a number modulo the total falls into one of the intervals that the
     * weights make in their order.
     *
     * @param weights of each interval
     * @param total of the weights, positive
     * @param picked cluster of each interval
     * @param selection what the number is
     * @param hash of the request
     */
    record Weighted(
            List<RuntimeNumber> weights,
            long total,
            List<Optional<Picked>> picked,
            Selection selection,
            RequestHash hash)
            implements ClusterPicker {

        static Weighted compile(
                ClusterChoice.Weighted spec,
                List<HashPolicySpec> policies,
                Function<WeightedClusterSpec, RouteHeaders> headers) {
            List<RuntimeNumber> weights = new ArrayList<>();
            List<Optional<Picked>> picked = new ArrayList<>();
            long total = 0;
            for (WeightedClusterSpec cluster : spec.clusters()) {
                total += cluster.weight();
                weights.add(new RuntimeNumber(key(spec, cluster), cluster.weight()));
                picked.add(Optional.of(new Picked(cluster.cluster(), headers.apply(cluster))));
            }
            return new Weighted(
                    weights, total, picked, spec.selection(), new RequestHash(policies));
        }

        @Override
        public Optional<Picked> pick(RequestView request, RuntimeValues runtime, long random) {
            long number =
                    switch (selection) {
                        case Selection.Random() -> random;
                        case Selection.Header(String name) ->
                                request.header(name).flatMap(Weighted::decimal).orElse(random);
                        case Selection.Hash() -> hash.of(request).orElse(random);
                    };
            long sum = sum(runtime);
            RuntimeValues inForce = sum == 0 ? RuntimeValues.NONE : runtime;
            long value = Long.remainderUnsigned(number, sum == 0 ? total : sum);
            int at = 0;
            long weight = inForce.number(weights.get(at));
            while (value >= weight) {
                value -= weight;
                at++;
                weight = inForce.number(weights.get(at));
            }
            return picked.get(at);
        }

        /** Of the weights in force; zero: those of the configuration count. */
        private long sum(RuntimeValues runtime) {
            long sum = 0;
            for (int i = 0; i < weights.size(); i++) {
                sum += runtime.number(weights.get(i));
            }
            return sum;
        }

        private static String key(ClusterChoice.Weighted spec, WeightedClusterSpec cluster) {
            return spec.runtimePrefix().isEmpty()
                    ? ""
                    : spec.runtimePrefix() + "." + cluster.cluster();
        }

        private static Optional<Long> decimal(CharSequence value) {
            try {
                return Optional.of(Long.parseUnsignedLong(value.toString()));
            } catch (NumberFormatException notANumber) {
                return Optional.empty();
            }
        }
    }
}
