package dev.sluice.proxy.resource.cluster;

import dev.sluice.balancing.v1.PeakEwma;
import dev.sluice.proxy.resource.cluster.BalancingParser.Hashing;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Extensions.Config;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.HashFunction;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.HashKey;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Localities;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Panic;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.PanicTraffic;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.SlowStart;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads {@code load_balancing_policy}: as in Envoy the first policy of the list that is known here
 * is taken, whatever the others are. Empty after a problem. Stateless.
 */
final class BalancingPolicies {
    private static final Duration DECAY = Duration.ofSeconds(10);
    private static final Duration DEFAULT_RTT = Duration.ofMillis(30);

    private final Panic panic;
    private final Localities localities;

    private BalancingPolicies(Panic panic, Localities localities) {
        this.panic = panic;
        this.localities = localities;
    }

    static Optional<BalancingSpec> parse(LoadBalancingPolicy proto, Panic panic, Spot at) {
        return new BalancingPolicies(panic, Localities.EQUAL).first(proto, at);
    }

    private Optional<BalancingSpec> first(LoadBalancingPolicy proto, Spot at) {
        for (int i = 0; i < proto.getPoliciesCount(); i++) {
            Spot spot =
                    at.field("policies")
                            .index(i)
                            .field("typed_extension_config")
                            .field("typed_config");
            Optional<Config> config =
                    Extensions.config(
                            proto.getPolicies(i).getTypedExtensionConfig().getTypedConfig(), spot);
            if (config.isEmpty()) {
                return Optional.empty();
            }
            Optional<Reader> reader = reader(config.get());
            if (reader.isPresent()) {
                return reader.get().read(config.get(), spot);
            }
            spot.inert();
        }
        at.field("policies")
                .add(
                        "no policy that is known",
                        "round_robin, least_request, random, ring_hash, maglev, wrr_locality or"
                                + " sluice.balancing.v1.PeakEwma",
                        "add one of these to the list");
        return Optional.empty();
    }

    /** Reads one kind of policy. */
    @FunctionalInterface
    private interface Reader {
        Optional<BalancingSpec> read(Config config, Spot at);
    }

    private Optional<Reader> reader(Config config) {
        String type = config.type();
        int dot = type.lastIndexOf('.');
        Reader found =
                switch (type.startsWith("envoy.extensions.load_balancing_policies.")
                        ? type.substring(dot + 1)
                        : type) {
                    case "RoundRobin" -> this::roundRobin;
                    case "LeastRequest" -> this::leastRequest;
                    case "Random" -> this::random;
                    case "RingHash" -> this::ringHash;
                    case "Maglev" -> this::maglev;
                    case "WrrLocality" -> this::wrrLocality;
                    case "sluice.balancing.v1.PeakEwma" -> this::peakEwma;
                    default -> null;
                };
        return Optional.ofNullable(found);
    }

    private Optional<BalancingSpec> roundRobin(Config config, Spot at) {
        return Extensions.open(config, RoundRobin.getDefaultInstance(), at)
                .map(proto ->
                        spec(
                                new Policy.RoundRobin(
                                        slowStart(
                                                proto.hasSlowStartConfig(),
                                                proto.getSlowStartConfig(),
                                                at)),
                                proto.getLocalityLbConfig()));
    }

    private Optional<BalancingSpec> leastRequest(Config config, Spot at) {
        return Extensions.open(config, LeastRequest.getDefaultInstance(), at)
                .map(proto ->
                        spec(
                                new Policy.LeastRequest(
                                        choices(proto, at),
                                        proto.hasActiveRequestBias()
                                                ? Values.runtime(
                                                        proto.getActiveRequestBias(),
                                                        0,
                                                        at.field("active_request_bias"))
                                                : 1,
                                        slowStart(
                                                proto.hasSlowStartConfig(),
                                                proto.getSlowStartConfig(),
                                                at)),
                                proto.getLocalityLbConfig()));
    }

    private static int choices(LeastRequest proto, Spot at) {
        return switch (proto.getSelectionMethod()) {
            case FULL_SCAN -> Policy.LeastRequest.ALL;
            case N_CHOICES ->
                    proto.hasChoiceCount()
                            ? Values.number(
                                    proto.getChoiceCount(),
                                    BalancingParser.CHOICES,
                                    Policy.LeastRequest.ALL - 1,
                                    at.field("choice_count"))
                            : BalancingParser.CHOICES;
            case UNRECOGNIZED -> {
                at.field("selection_method").add("unknown", "N_CHOICES", "choose a known one");
                yield BalancingParser.CHOICES;
            }
        };
    }

    private Optional<BalancingSpec> random(Config config, Spot at) {
        return Extensions.open(config, Random.getDefaultInstance(), at)
                .map(proto -> spec(new Policy.Random(), proto.getLocalityLbConfig()));
    }

    @SuppressWarnings("deprecation") // use_hostname_for_hashing stood in the policy itself before
    private Optional<BalancingSpec> ringHash(Config config, Spot at) {
        return Extensions.open(config, RingHash.getDefaultInstance(), at)
                .map(proto ->
                        hashed(
                                BalancingParser.ring(
                                        proto.hasMinimumRingSize()
                                                ? proto.getMinimumRingSize().getValue()
                                                : BalancingParser.RING_LEAST,
                                        proto.hasMaximumRingSize()
                                                ? proto.getMaximumRingSize().getValue()
                                                : Policy.RingHash.LARGEST,
                                        new Hashing(
                                                function(proto, at),
                                                key(
                                                        proto.getUseHostnameForHashing()
                                                                || proto.getConsistentHashingLbConfig()
                                                                        .getUseHostnameForHashing())),
                                        at),
                                proto.hasLocalityWeightedLbConfig()));
    }

    private static HashFunction function(RingHash proto, Spot at) {
        return switch (proto.getHashFunction()) {
            case DEFAULT_HASH, XX_HASH -> HashFunction.XX_HASH;
            case MURMUR_HASH_2 -> HashFunction.MURMUR_HASH_2;
            case UNRECOGNIZED -> {
                at.field("hash_function").add("unknown", "XX_HASH", "choose a known one");
                yield HashFunction.XX_HASH;
            }
        };
    }

    private Optional<BalancingSpec> maglev(Config config, Spot at) {
        return Extensions.open(config, Maglev.getDefaultInstance(), at)
                .map(proto ->
                        hashed(
                                new Policy.Maglev(
                                        BalancingParser.tableSize(
                                                proto.hasTableSize(),
                                                proto.getTableSize(),
                                                at.field("table_size")),
                                        key(
                                                proto.getConsistentHashingLbConfig()
                                                        .getUseHostnameForHashing())),
                                proto.hasLocalityWeightedLbConfig()));
    }

    private Optional<BalancingSpec> wrrLocality(Config config, Spot at) {
        return Extensions.open(config, WrrLocality.getDefaultInstance(), at)
                .flatMap(proto ->
                        new BalancingPolicies(panic, Localities.WEIGHTED)
                                .first(
                                        proto.getEndpointPickingPolicy(),
                                        at.field("endpoint_picking_policy")));
    }

    private Optional<BalancingSpec> peakEwma(Config config, Spot at) {
        return Extensions.open(config, PeakEwma.getDefaultInstance(), at)
                .map(proto ->
                        new BalancingSpec(
                                new Policy.PeakEwma(
                                        proto.hasChoiceCount()
                                                ? Values.number(
                                                        proto.getChoiceCount(),
                                                        BalancingParser.CHOICES,
                                                        Integer.MAX_VALUE,
                                                        at.field("choice_count"))
                                                : BalancingParser.CHOICES,
                                        proto.hasDecayTime()
                                                ? Values.positive(
                                                        proto.getDecayTime(),
                                                        at.field("decay_time"))
                                                : DECAY,
                                        proto.hasDefaultRtt()
                                                ? Values.positive(
                                                        proto.getDefaultRtt(),
                                                        at.field("default_rtt"))
                                                : DEFAULT_RTT),
                                localities,
                                panic));
    }

    private BalancingSpec spec(Policy policy, LocalityLbConfig proto) {
        Localities weighted =
                proto.hasLocalityWeightedLbConfig() ? Localities.WEIGHTED : localities;
        PanicTraffic traffic =
                proto.getZoneAwareLbConfig().getFailTrafficOnPanic()
                        ? PanicTraffic.REFUSED
                        : panic.traffic();
        return new BalancingSpec(policy, weighted, new Panic(panic.thresholdPercent(), traffic));
    }

    private BalancingSpec hashed(Policy policy, boolean weighted) {
        return new BalancingSpec(policy, weighted ? Localities.WEIGHTED : localities, panic);
    }

    private static HashKey key(boolean hostName) {
        return hostName ? HashKey.HOST_NAME : HashKey.ADDRESS;
    }

    private static Optional<SlowStart> slowStart(boolean given, SlowStartConfig proto, Spot at) {
        Spot spot = at.field("slow_start_config");
        if (!given) {
            return Optional.empty();
        }
        return Optional.of(
                new SlowStart(
                        Values.positive(
                                proto.getSlowStartWindow(), spot.field("slow_start_window")),
                        proto.hasAggression()
                                ? Values.runtime(
                                        proto.getAggression(),
                                        Double.MIN_VALUE,
                                        spot.field("aggression"))
                                : 1,
                        proto.hasMinWeightPercent()
                                ? Values.percent(
                                                proto.getMinWeightPercent(),
                                                spot.field("min_weight_percent"))
                                        / 100
                                : BalancingParser.LEAST_SHARE));
    }
}
