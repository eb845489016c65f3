package dev.sluice.proxy.resource.cluster;

import com.google.protobuf.UInt64Value;
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
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads how a cluster balances: {@code load_balancing_policy}, or {@code lb_policy} with the
 * configuration of its kind. Empty after a problem. Stateless.
 */
final class BalancingParser {
    static final double LEAST_SHARE = 0.1;
    static final int CHOICES = 2;
    static final int MAGLEV_SIZE = 65_537;
    static final long RING_LEAST = 1024;

    private BalancingParser() {}

    static Optional<BalancingSpec> parse(Cluster proto, Spot at) {
        CommonLbConfig common = proto.getCommonLbConfig();
        Panic panic = panic(common, at.field("common_lb_config"));
        if (proto.hasLoadBalancingPolicy()) {
            return BalancingPolicies.parse(
                    proto.getLoadBalancingPolicy(), panic, at.field("load_balancing_policy"));
        }
        Localities localities =
                common.hasLocalityWeightedLbConfig() ? Localities.WEIGHTED : Localities.EQUAL;
        return policy(proto, at).map(policy -> new BalancingSpec(policy, localities, panic));
    }

    private static Panic panic(CommonLbConfig proto, Spot at) {
        double threshold =
                proto.hasHealthyPanicThreshold()
                        ? Values.percent(
                                proto.getHealthyPanicThreshold(),
                                at.field("healthy_panic_threshold"))
                        : Panic.DEFAULT.thresholdPercent();
        PanicTraffic traffic =
                proto.getZoneAwareLbConfig().getFailTrafficOnPanic()
                        ? PanicTraffic.REFUSED
                        : PanicTraffic.TO_ALL;
        return new Panic((int) Math.round(threshold), traffic);
    }

    private static Optional<Policy> policy(Cluster proto, Spot at) {
        return switch (proto.getLbPolicy()) {
            case ROUND_ROBIN ->
                    Optional.of(
                            new Policy.RoundRobin(
                                    slowStart(
                                            proto.getRoundRobinLbConfig().hasSlowStartConfig(),
                                            proto.getRoundRobinLbConfig().getSlowStartConfig(),
                                            at.field("round_robin_lb_config"))));
            case RANDOM -> Optional.of(new Policy.Random());
            case LEAST_REQUEST ->
                    Optional.of(
                            leastRequest(
                                    proto.getLeastRequestLbConfig(),
                                    at.field("least_request_lb_config")));
            case RING_HASH -> Optional.of(ringHash(proto, at.field("ring_hash_lb_config")));
            case MAGLEV ->
                    Optional.of(
                            new Policy.Maglev(
                                    tableSize(
                                            proto.getMaglevLbConfig().hasTableSize(),
                                            proto.getMaglevLbConfig().getTableSize(),
                                            at.field("maglev_lb_config").field("table_size")),
                                    key(proto.getCommonLbConfig())));
            case CLUSTER_PROVIDED, LOAD_BALANCING_POLICY_CONFIG, UNRECOGNIZED -> {
                at.field("lb_policy")
                        .add(
                                proto.getLbPolicy().name(),
                                "ROUND_ROBIN, LEAST_REQUEST, RANDOM, RING_HASH or MAGLEV",
                                "choose one of these, or write load_balancing_policy");
                yield Optional.empty();
            }
        };
    }

    private static Policy leastRequest(Cluster.LeastRequestLbConfig proto, Spot at) {
        int choices =
                proto.hasChoiceCount()
                        ? Values.number(
                                proto.getChoiceCount(),
                                CHOICES,
                                Policy.LeastRequest.ALL - 1,
                                at.field("choice_count"))
                        : CHOICES;
        double bias =
                proto.hasActiveRequestBias()
                        ? Values.runtime(
                                proto.getActiveRequestBias(), 0, at.field("active_request_bias"))
                        : 1;
        return new Policy.LeastRequest(
                choices,
                bias,
                slowStart(proto.hasSlowStartConfig(), proto.getSlowStartConfig(), at));
    }

    private static Policy ringHash(Cluster proto, Spot at) {
        var config = proto.getRingHashLbConfig();
        HashFunction function =
                switch (config.getHashFunction()) {
                    case XX_HASH -> HashFunction.XX_HASH;
                    case MURMUR_HASH_2 -> HashFunction.MURMUR_HASH_2;
                    case UNRECOGNIZED -> {
                        at.field("hash_function").add("unknown", "XX_HASH", "choose a known one");
                        yield HashFunction.XX_HASH;
                    }
                };
        return ring(
                config.hasMinimumRingSize() ? config.getMinimumRingSize().getValue() : RING_LEAST,
                config.hasMaximumRingSize()
                        ? config.getMaximumRingSize().getValue()
                        : Policy.RingHash.LARGEST,
                new Hashing(function, key(proto.getCommonLbConfig())),
                at);
    }

    /** What is hashed and how. */
    record Hashing(HashFunction function, HashKey key) {}

    static Policy ring(long least, long most, Hashing hashing, Spot at) {
        if (most < 1 || most > Policy.RingHash.LARGEST) {
            at.field("maximum_ring_size")
                    .add(
                            Long.toUnsignedString(most),
                            "1.." + Policy.RingHash.LARGEST,
                            "write a size in this range");
        }
        if (least < 0 || least > most) {
            at.field("minimum_ring_size")
                    .add(
                            Long.toUnsignedString(least),
                            "at most the maximum ring size, " + most,
                            "write a smaller one");
        }
        return new Policy.RingHash(least, most, hashing.function(), hashing.key());
    }

    static int tableSize(boolean given, UInt64Value size, Spot at) {
        if (!given) {
            return MAGLEV_SIZE;
        }
        long value = size.getValue();
        if (value < 2 || value > Policy.Maglev.LARGEST || !isPrime(value)) {
            at.add(
                    Long.toUnsignedString(value),
                    "a prime in 2.." + Policy.Maglev.LARGEST,
                    "write such a prime, for example " + MAGLEV_SIZE);
            return MAGLEV_SIZE;
        }
        return (int) value;
    }

    private static boolean isPrime(long value) {
        for (long divisor = 2; divisor * divisor <= value; divisor++) {
            if (value % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    private static HashKey key(CommonLbConfig common) {
        return common.getConsistentHashingLbConfig().getUseHostnameForHashing()
                ? HashKey.HOST_NAME
                : HashKey.ADDRESS;
    }

    private static Optional<SlowStart> slowStart(
            boolean given, Cluster.SlowStartConfig proto, Spot at) {
        Spot spot = at.field("slow_start_config");
        if (!given) {
            return Optional.empty();
        }
        Duration window =
                Values.positive(proto.getSlowStartWindow(), spot.field("slow_start_window"));
        double aggression =
                proto.hasAggression()
                        ? Values.runtime(
                                proto.getAggression(), Double.MIN_VALUE, spot.field("aggression"))
                        : 1;
        double least =
                proto.hasMinWeightPercent()
                        ? Values.percent(
                                        proto.getMinWeightPercent(),
                                        spot.field("min_weight_percent"))
                                / 100
                        : LEAST_SHARE;
        return Optional.of(new SlowStart(window, aggression, least));
    }
}
