package dev.sluice.proxy.resource;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.RetrySpec;
import dev.sluice.proxy.snapshot.RetrySpec.Condition;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads retry policies; empty after a problem. Stateless. */
final class RetryParser {
    private static final int MOST_RETRIES = 1_000;
    private static final Duration BASE = Duration.ofMillis(25);
    private static final int MAX_FACTOR = 10;

    private RetryParser() {}

    static Optional<RetrySpec> parse(RetryPolicy proto, Spot at) {
        int before = at.problems().count();
        Set<Condition> conditions = conditions(proto.getRetryOn(), at.field("retry_on"));
        int retries =
                proto.hasNumRetries()
                        ? Values.number(
                                proto.getNumRetries(), 0, MOST_RETRIES, at.field("num_retries"))
                        : 1;
        Optional<Duration> perTry = perTry(proto, at.field("per_try_timeout"));
        Duration base = base(proto, at.field("retry_back_off"));
        Duration max = max(proto, base, at.field("retry_back_off").field("max_interval"));
        Set<Integer> codes = codes(proto, at.field("retriable_status_codes"));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new RetrySpec(conditions, codes, retries, perTry, base, max));
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

    /** Zero is Envoy's word for no limit of its own. */
    private static Optional<Duration> perTry(RetryPolicy proto, Spot at) {
        return proto.hasPerTryTimeout()
                ? Optional.of(Values.duration(proto.getPerTryTimeout(), at))
                        .filter(timeout -> !timeout.isZero())
                : Optional.empty();
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
