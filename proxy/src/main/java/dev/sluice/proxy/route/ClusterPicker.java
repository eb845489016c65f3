package dev.sluice.proxy.route;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.route.Route.RouteHeaders;
import dev.sluice.proxy.snapshot.route.HashPolicySpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Selection;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.WeightedClusterSpec;
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
     * @param random 64 uniform random bits, the same for all attempts of the request
     */
    Optional<Picked> pick(RequestView request, long random);

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
        public Optional<Picked> pick(RequestView request, long random) {
            return picked;
        }
    }

    /** The one that a header names. */
    record ByHeader(String header, RouteHeaders headers) implements ClusterPicker {
        @Override
        public Optional<Picked> pick(RequestView request, long random) {
            return request.header(header)
                    .filter(name -> !name.isEmpty())
                    .map(name -> new Picked(name.toString(), headers));
        }
    }

    /**
     * By weight, as in Envoy: a number modulo the total falls into one of the intervals that the
     * weights make in their order.
     *
     * @param ends end of each interval, exclusive, ascending
     * @param picked cluster of each interval
     * @param selection what the number is
     * @param hash of the request
     */
    record Weighted(
            List<Long> ends, List<Optional<Picked>> picked, Selection selection, RequestHash hash)
            implements ClusterPicker {

        static Weighted compile(
                ClusterChoice.Weighted spec,
                List<HashPolicySpec> policies,
                Function<WeightedClusterSpec, RouteHeaders> headers) {
            List<Long> ends = new ArrayList<>();
            List<Optional<Picked>> picked = new ArrayList<>();
            long end = 0;
            for (WeightedClusterSpec cluster : spec.clusters()) {
                end += cluster.weight();
                ends.add(end);
                picked.add(Optional.of(new Picked(cluster.cluster(), headers.apply(cluster))));
            }
            return new Weighted(ends, picked, spec.selection(), new RequestHash(policies));
        }

        @Override
        public Optional<Picked> pick(RequestView request, long random) {
            long number =
                    switch (selection) {
                        case Selection.Random() -> random;
                        case Selection.Header(String name) ->
                                request.header(name).flatMap(Weighted::decimal).orElse(random);
                        case Selection.Hash() -> hash.of(request).orElse(random);
                    };
            long value = Long.remainderUnsigned(number, ends.getLast());
            int at = 0;
            while (value >= ends.get(at)) {
                at++;
            }
            return picked.get(at);
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
