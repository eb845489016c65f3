package dev.sluice.proxy.resource.route;

import dev.sluice.contract.Problem;
import dev.sluice.contract.document.DocumentTypes;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RetrySpec.Condition;
import io.envoyproxy.envoy.config.route.v3.HedgePolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads retry policies; empty after a problem. Stateless. */
final class RetryParser {
    private static final int MOST_RETRIES = 1_000;
    private static final Duration BASE = Duration.ofMillis(25);
    private static final int MAX_FACTOR = 10;
    private static final Duration LONGEST_RESET = Duration.ofMinutes(5);
    private static final String PREVIOUS_HOSTS_NAME = "envoy.retry_host_predicates.previous_hosts";
    private static final String PREVIOUS_HOSTS =
            "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";

    private RetryParser() {}

    static Optional<RetrySpec> parse(RetryPolicy proto, Spot at) {
        int before = at.problems().count();
        Set<Condition> conditions = conditions(proto.getRetryOn(), at.field("retry_on"));
        int retries =
                proto.hasNumRetries()
                        ? Values.number(
                                proto.getNumRetries(), 0, MOST_RETRIES, at.field("num_retries"))
                        : 1;
        RetrySpec.PerTry perTry =
                new RetrySpec.PerTry(
                        Values.duration(proto.getPerTryTimeout(), at.field("per_try_timeout")),
                        Values.duration(
                                proto.getPerTryIdleTimeout(), at.field("per_try_idle_timeout")),
                        RetrySpec.Slow.GIVEN_UP);
        Duration base = base(proto, at.field("retry_back_off"));
        Duration max = max(proto, base, at.field("retry_back_off").field("max_interval"));
        List<HeaderMatcher> headers =
                matchers(proto.getRetriableHeadersList(), at.field("retriable_headers"));
        List<HeaderMatcher> requestHeaders =
                matchers(
                        proto.getRetriableRequestHeadersList(),
                        at.field("retriable_request_headers"));
        Optional<RetrySpec.RateLimited> limited =
                rateLimited(proto, at.field("rate_limited_retry_back_off"));
        RetrySpec.HostSelection hosts = hosts(proto, at);
        Set<Integer> codes = codes(proto, at.field("retriable_status_codes"));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new RetrySpec(
                                new RetrySpec.Retriable(conditions, codes, headers, requestHeaders),
                                retries,
                                perTry,
                                new RetrySpec.BackOff(base, max, limited),
                                hosts));
    }

    /** What a hedge policy says of slow attempts. */
    static RetrySpec.Slow slow(HedgePolicy proto) {
        return proto.getHedgeOnPerTryTimeout() ? RetrySpec.Slow.HEDGED : RetrySpec.Slow.GIVEN_UP;
    }

    private static List<HeaderMatcher> matchers(
            List<io.envoyproxy.envoy.config.route.v3.HeaderMatcher> protos, Spot at) {
        List<HeaderMatcher> matchers = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            MatcherParser.header(protos.get(i), at.index(i).problems()).ifPresent(matchers::add);
        }
        return matchers;
    }

    private static Optional<RetrySpec.RateLimited> rateLimited(RetryPolicy proto, Spot at) {
        if (!proto.hasRateLimitedRetryBackOff()) {
            return Optional.empty();
        }
        var limited = proto.getRateLimitedRetryBackOff();
        List<RetrySpec.ResetHeader> headers = new ArrayList<>();
        Spot spot = at.field("reset_headers");
        for (int i = 0; i < limited.getResetHeadersCount(); i++) {
            RetryPolicy.ResetHeader header = limited.getResetHeaders(i);
            RetrySpec.ResetFormat format =
                    header.getFormat() == RetryPolicy.ResetHeaderFormat.UNIX_TIMESTAMP
                            ? RetrySpec.ResetFormat.UNIX_TIMESTAMP
                            : RetrySpec.ResetFormat.SECONDS;
            MatcherParser.headerName(header.getName(), spot.index(i).field("name").problems())
                    .ifPresent(name -> headers.add(new RetrySpec.ResetHeader(name, format)));
        }
        if (headers.isEmpty()) {
            spot.add("no header", "at least one", "name a header, such as retry-after");
        }
        Duration max =
                limited.hasMaxInterval()
                        ? Values.positive(limited.getMaxInterval(), at.field("max_interval"))
                        : LONGEST_RESET;
        return Optional.of(new RetrySpec.RateLimited(headers, max));
    }

    private static RetrySpec.HostSelection hosts(RetryPolicy proto, Spot at) {
        RetrySpec.PreviousHosts previous = RetrySpec.PreviousHosts.ALLOWED;
        for (int i = 0; i < proto.getRetryHostPredicateCount(); i++) {
            var predicate = proto.getRetryHostPredicate(i);
            String type = DocumentTypes.nameOf(predicate.getTypedConfig().getTypeUrl());
            if (type.equals(PREVIOUS_HOSTS) || predicate.getName().equals(PREVIOUS_HOSTS_NAME)) {
                previous = RetrySpec.PreviousHosts.AVOIDED;
            } else {
                at.field("retry_host_predicate")
                        .index(i)
                        .add(
                                Problem.quote(predicate.getName()),
                                PREVIOUS_HOSTS_NAME,
                                "use this predicate, or remove it");
            }
        }
        long reattempts = proto.getHostSelectionRetryMaxAttempts();
        if (reattempts < 0 || reattempts > MOST_RETRIES) {
            at.field("host_selection_retry_max_attempts")
                    .add(Long.toString(reattempts), "0.." + MOST_RETRIES, "write less");
            return RetrySpec.HostSelection.ANY;
        }
        return new RetrySpec.HostSelection(previous, reattempts == 0 ? 1 : (int) reattempts);
    }

    private static Set<Condition> conditions(String words, Spot at) {
        Set<Condition> conditions = EnumSet.noneOf(Condition.class);
        for (String part : words.split(",", -1)) {
            String word = part.strip();
            if (word.isEmpty()) {
                continue;
            }
            Optional<Condition> condition =
                    Arrays.stream(Condition.values())
                            .filter(known -> known.word().equals(word))
                            .findFirst();
            condition.ifPresent(conditions::add);
            if (condition.isEmpty()) {
                at.add(
                        Problem.quote(word),
                        Arrays.stream(Condition.values())
                                .map(Condition::word)
                                .collect(Collectors.joining(", ")),
                        "use words of this list");
            }
        }
        return conditions;
    }

    private static Duration base(RetryPolicy proto, Spot at) {
        if (!proto.hasRetryBackOff()) {
            return BASE;
        }
        if (!proto.getRetryBackOff().hasBaseInterval()) {
            at.add("no base_interval", "base_interval", "write it, or remove retry_back_off");
            return BASE;
        }
        return Values.positive(
                proto.getRetryBackOff().getBaseInterval(), at.field("base_interval"));
    }

    private static Duration max(RetryPolicy proto, Duration base, Spot at) {
        if (!proto.getRetryBackOff().hasMaxInterval()) {
            return base.multipliedBy(MAX_FACTOR);
        }
        Duration max = Values.positive(proto.getRetryBackOff().getMaxInterval(), at);
        if (max.compareTo(base) < 0) {
            at.add(max.toString(), "at least base_interval, " + base, "raise it");
        }
        return max;
    }

    private static Set<Integer> codes(RetryPolicy proto, Spot at) {
        Set<Integer> codes = new HashSet<>();
        for (int i = 0; i < proto.getRetriableStatusCodesCount(); i++) {
            int code = proto.getRetriableStatusCodes(i);
            if (code < 200 || code > 599) {
                at.index(i).add(Integer.toUnsignedString(code), "200..599", "write a final status");
            }
            codes.add(code);
        }
        return codes;
    }
}
