package dev.sluice.control.lifecycle.structure;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Route;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.RouteSpec.Retry;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Expiry;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides about routes. Immutable. */
public record RouteRules(Catalog catalog, CommandContext context) {
    private static final int LAST_PRIORITY = 1_000_000;
    private static final int LARGEST_MATCH = 65_536;
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);

    /** Envoy's retry words that routes may name. */
    private static final Set<String> RETRY_WORDS =
            Set.of(
                    "5xx",
                    "gateway-error",
                    "reset",
                    "connect-failure",
                    "refused-stream",
                    "retriable-4xx",
                    "retriable-status-codes",
                    "cancelled",
                    "deadline-exceeded",
                    "internal",
                    "resource-exhausted",
                    "unavailable");

    /** Parts of a match that mean the same on every sidecar. */
    private static final Set<String> MATCH_FIELDS =
            Set.of(
                    "prefix",
                    "path",
                    "safe_regex",
                    "path_separated_prefix",
                    "case_sensitive",
                    "headers",
                    "query_parameters",
                    "grpc");

    public Decision create(RouteSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.route(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        }
        check(spec, refusals);
        refuseExpired(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.RoutePut(spec)));
    }

    public Decision update(RouteSpec spec) {
        Refusals refusals = new Refusals();
        Optional<Route> present = refusals.require(catalog.route(spec.name()), spec.name());
        present.ifPresent(route -> refusals.checkEtag(route, context));
        check(spec, refusals);
        if (present.filter(route -> route.spec().target().equals(spec.target())).isEmpty()) {
            refuseExpired(spec, refusals);
        }
        boolean same = present.filter(route -> route.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : List.of(new Event.RoutePut(spec)));
    }

    public Decision delete(RouteName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.route(name), name)
                .ifPresent(route -> refusals.checkEtag(route, context));
        return refusals.orElse(() -> List.of(new Event.RouteDeleted(name)));
    }

    private void refuseExpired(RouteSpec spec, Refusals refusals) {
        if (spec.target() instanceof RouteSpec.Target.ToVersion(var version)) {
            Expiry.refuse(catalog, context.time(), "version", version, refusals);
        }
    }

    private void check(RouteSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ServiceName service = spec.name().service();
        refusals.reference(catalog.service(service), "parent", service);
        ranges.number("priority", spec.priority(), 0, LAST_PRIORITY);
        checkMatch(spec.match(), refusals);
        checkMethods(spec.methods(), refusals);
        checkTarget(spec, refusals);
        ranges.duration("timeout", spec.timeout(), Duration.ZERO, LONGEST_TIMEOUT);
        spec.retry().ifPresent(retry -> checkRetry(retry, spec.timeout(), refusals, ranges));
        ranges.labels(spec.labels());
        checkReachable(spec, refusals);
    }

    private static void checkMatch(RouteMatch match, Refusals refusals) {
        if (match.getSerializedSize() > LARGEST_MATCH) {
            refusals.invalid(
                    "match",
                    match.getSerializedSize() + " bytes",
                    "at most " + LARGEST_MATCH + " bytes",
                    "match on less");
        }
        switch (match.getPathSpecifierCase()) {
            case PREFIX -> checkSlash("match.prefix", match.getPrefix(), refusals);
            case PATH -> checkSlash("match.path", match.getPath(), refusals);
            case PATH_SEPARATED_PREFIX ->
                    checkSlash(
                            "match.path_separated_prefix",
                            match.getPathSeparatedPrefix(),
                            refusals);
            case SAFE_REGEX -> checkRegex(match.getSafeRegex().getRegex(), refusals);
            case CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET ->
                    refusals.invalid(
                            "match",
                            match.getPathSpecifierCase(),
                            "path, prefix, path_separated_prefix or safe_regex",
                            "say which paths; prefix / is every path");
        }
        match.getAllFields().keySet().stream()
                .filter(field -> !MATCH_FIELDS.contains(field.getName()))
                .filter(field -> field.getContainingOneof() == null)
                .forEach(field ->
                        refusals.invalid(
                                "match." + field.getName(),
                                "set",
                                "no such condition",
                                "remove it; a gate's share and rules do this"));
    }

    private static void checkSlash(String path, String text, Refusals refusals) {
        if (!text.startsWith("/")) {
            refusals.invalid(path, Problem.quote(text), "a path from /", "begin it with a slash");
        }
    }

    private static void checkRegex(String regex, Refusals refusals) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            refusals.invalid(
                    "match.safe_regex.regex",
                    Problem.quote(regex),
                    "an RE2 expression: " + e.getDescription(),
                    "correct the expression");
        }
    }

    private static void checkMethods(List<String> methods, Refusals refusals) {
        for (int i = 0; i < methods.size(); i++) {
            String method = methods.get(i);
            if (!method.matches("[A-Z]{1,32}") || methods.indexOf(method) < i) {
                refusals.invalid(
                        "methods[" + i + "]",
                        Problem.quote(method),
                        "an HTTP method in upper case, each once",
                        "correct or remove it");
            }
        }
    }

    private void checkTarget(RouteSpec spec, Refusals refusals) {
        ServiceName service = spec.name().service();
        switch (spec.target()) {
            case RouteSpec.Target.ToGate(GateName gate) ->
                    refusals.reference(catalog.gate(gate), "gate", gate)
                            .map(RouteRules::serviceOf)
                            .ifPresent(of -> checkService("gate", gate, of, service, refusals));
            case RouteSpec.Target.ToVersion(VersionName version) -> {
                refusals.reference(catalog.version(version), "version", version);
                checkService("version", version, version.service(), service, refusals);
            }
        }
    }

    private static void checkService(
            String path, Object target, ServiceName of, ServiceName service, Refusals refusals) {
        if (!of.equals(service)) {
            refusals.invalid(
                    path,
                    target + ", of " + of,
                    "one of " + service,
                    "route to a gate or version of the route's own service");
        }
    }

    private static ServiceName serviceOf(GateState gate) {
        return VersionName.parse(gate.content().legacyCluster()).orThrow().service();
    }

    private static void checkRetry(
            Retry retry, Duration timeout, Refusals refusals, Ranges ranges) {
        ranges.number("retry.num_retries", retry.numRetries(), 1, 10);
        if (retry.retryOn().isEmpty()) {
            refusals.invalid("retry.retry_on", "none", "at least one", "say when to retry");
        }
        for (String word : retry.retryOn()) {
            if (!RETRY_WORDS.contains(word)) {
                refusals.invalid(
                        "retry.retry_on",
                        Problem.quote(word),
                        "one of " + RETRY_WORDS.stream().sorted().toList(),
                        "choose one of these words");
            }
        }
        Duration most = timeout.isZero() ? LONGEST_TIMEOUT : timeout;
        retry.perTryTimeout()
                .ifPresent(perTry ->
                        ranges.duration(
                                "retry.per_try_timeout", perTry, Duration.ofMillis(1), most));
    }

    /** Two routes of one service with one match and priority: the second is never reached. */
    private void checkReachable(RouteSpec spec, Refusals refusals) {
        catalog.routes().stream()
                .map(Route::spec)
                .filter(other -> !other.name().equals(spec.name()))
                .filter(other -> other.name().service().equals(spec.name().service()))
                .filter(other -> other.priority() == spec.priority())
                .filter(other -> other.match().equals(spec.match()))
                .filter(other -> overlaps(other.methods(), spec.methods()))
                .forEach(other ->
                        refusals.precondition(
                                "match",
                                "the match and priority of " + other.name(),
                                "a match or priority of its own",
                                "change one of the two; the name alone would decide"));
    }

    private static boolean overlaps(List<String> one, List<String> other) {
        return one.isEmpty() || other.isEmpty() || one.stream().anyMatch(other::contains);
    }
}
