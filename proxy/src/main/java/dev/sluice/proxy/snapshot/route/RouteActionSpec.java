package dev.sluice.proxy.snapshot.route;

import dev.sluice.proxy.snapshot.header.HeaderMutations;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a route does. */
public sealed interface RouteActionSpec {
    /**
     * Sends the request to a cluster (Envoy {@code RouteAction}).
     *
     * @param cluster which one
     * @param timeouts how long it may take
     * @param retry absent: no retries
     * @param path how the path is rewritten
     * @param host how the host is rewritten
     * @param hashPolicies from what the hash of a request is made, for sticky weighted clusters
     * @param upgrades protocols, lower-case, that clients may or may not change to here, whatever
     *     the listener says
     * @param connect what becomes of CONNECT
     * @param mirrors where copies of requests go
     * @param numbering whether upstreams are told which attempt they get
     * @param clusterMissing status of the answer where the cluster is not configured: 503, 404 or
     *     500
     */
    record Forward(
            ClusterChoice cluster,
            RouteTimeoutSpec timeouts,
            Optional<RetrySpec> retry,
            PathRewrite path,
            HostRewrite host,
            List<HashPolicySpec> hashPolicies,
            Map<String, Boolean> upgrades,
            Connect connect,
            List<MirrorSpec> mirrors,
            Numbering numbering,
            int clusterMissing)
            implements RouteActionSpec {
        public Forward {
            mirrors = List.copyOf(mirrors);
            upgrades = Map.copyOf(upgrades);
            hashPolicies = List.copyOf(hashPolicies);
        }
    }

    /**
     * Answers with a redirect (Envoy {@code RedirectAction}). Absent parts stay as in the request.
     *
     * @param status 301, 302, 303, 307 or 308
     */
    record Redirect(
            int status,
            Optional<String> scheme,
            Optional<String> host,
            Optional<Integer> port,
            PathRewrite path,
            boolean stripQuery)
            implements RouteActionSpec {}

    /**
     * Answers by itself (Envoy {@code DirectResponseAction}).
     *
     * @param status 200..599
     * @param body may be empty
     */
    record DirectResponse(int status, String body) implements RouteActionSpec {}

    /** What becomes of a request with the method CONNECT. */
    enum Connect {
        /** The upstream gets it, as any other request. */
        GOES_ON,
        /**
         * The cluster's endpoints get what comes through the tunnel (Envoy {@code connect_config}).
         */
        ENDS_HERE
    }

    /**
     * Whether attempts have a number (Envoy {@code include_request_attempt_count} and {@code
     * include_attempt_count_in_response}).
     */
    enum Numbering {
        NONE,
        /** In {@code x-envoy-attempt-count}, from 1 on. */
        TOLD
    }

    /** Which cluster. */
    sealed interface ClusterChoice {
        record Single(String cluster) implements ClusterChoice {}

        /** Named by a header of the request. */
        record ByHeader(String header) implements ClusterChoice {}

        /**
         * By weight.
         *
         * @param clusters at least one
         * @param totalWeight sum of the weights, 1..2^32-1
         * @param runtimePrefix of the runtime values {@code PREFIX.CLUSTER} that may replace
         *     weights; empty: none may
         * @param selection what the random number is
         */
        record Weighted(
                List<WeightedClusterSpec> clusters,
                long totalWeight,
                String runtimePrefix,
                Selection selection)
                implements ClusterChoice {
            public Weighted {
                clusters = List.copyOf(clusters);
            }
        }
    }

    /** What chooses among weighted clusters. */
    sealed interface Selection {
        record Random() implements Selection {}

        /** The decimal value of a header, else random (Envoy {@code header_name}). */
        record Header(String name) implements Selection {}

        /** The hash by the route's hash policies, else random (Envoy {@code use_hash_policy}). */
        record Hash() implements Selection {}
    }

    /**
     * One cluster of several.
     *
     * @param cluster its name
     * @param weight 0..total
     * @param headers applied before the route's
     */
    record WeightedClusterSpec(String cluster, long weight, HeaderMutations headers) {}

    /** How a path is rewritten; the query stays. */
    sealed interface PathRewrite {
        record Keep() implements PathRewrite {}

        /** The matched prefix, or the whole path of an exact match, becomes this. */
        record Prefix(String replacement) implements PathRewrite {}

        /** The whole path becomes this. */
        record Whole(String path) implements PathRewrite {}

        /**
         * All matches of an RE2 expression become the substitution ({@code \1} refers to a group).
         */
        record Regex(String expression, String substitution) implements PathRewrite {}
    }

    /** How the authority is rewritten. */
    sealed interface HostRewrite {
        record Keep() implements HostRewrite {}

        record Literal(String host) implements HostRewrite {}

        /** The host name of the endpoint, where DNS named it. */
        record Auto() implements HostRewrite {}

        /** The value of a header, if present. */
        record FromHeader(String name) implements HostRewrite {}
    }
}
