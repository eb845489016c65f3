package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.QueryCriterion;
import dev.sluice.admin.v1.Verdict.QueryReading;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.spec.QueryCriterion.Bound;
import dev.sluice.control.change.spec.QueryCriterion.Limit;
import dev.sluice.control.change.spec.QueryCriterion.Source;
import dev.sluice.control.outward.Origins;
import java.time.Duration;
import java.util.Optional;

/** Criteria that a metrics server answers, on the wire. Stateless. */
final class QueryForm {
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int IN_A_ROW = 3;
    private static final int INTERVALS_OF_AGE = 4;

    private QueryForm() {}

    static QueryCriterion write(dev.sluice.control.change.spec.QueryCriterion criterion) {
        Source source = criterion.source();
        Limit limit = criterion.limit();
        return QueryCriterion.newBuilder()
                .setName(criterion.name())
                .setUrl(source.url())
                .setBearerSecret(source.bearerSecret().orElse(""))
                .setQuery(criterion.query())
                .setAgainst(CriterionWords.write(limit.against()))
                .setBound(
                        switch (limit.bound()) {
                            case AT_MOST -> QueryCriterion.Bound.AT_MOST;
                            case AT_LEAST -> QueryCriterion.Bound.AT_LEAST;
                        })
                .setLimit(limit.value())
                .setOnBreach(CriterionWords.write(limit.onBreach()))
                .setInARow(limit.inARow())
                .setInterval(Times.write(source.interval()))
                .setTimeout(Times.write(source.timeout()))
                .setWindow(Times.write(source.window()))
                .setMaxAge(Times.write(limit.maxAge()))
                .build();
    }

    static dev.sluice.control.change.spec.QueryCriterion read(QueryCriterion message, Problems at) {
        url(message.getUrl(), at.field("url"));
        Duration interval =
                message.hasInterval()
                        ? Times.read(message.getInterval(), at.field("interval"))
                        : INTERVAL;
        return new dev.sluice.control.change.spec.QueryCriterion(
                message.getName(),
                new Source(
                        message.getUrl(),
                        Optional.of(message.getBearerSecret()).filter(it -> !it.isEmpty()),
                        interval,
                        message.hasTimeout()
                                ? Times.read(message.getTimeout(), at.field("timeout"))
                                : TIMEOUT,
                        message.hasWindow()
                                ? Times.read(message.getWindow(), at.field("window"))
                                : WINDOW),
                message.getQuery(),
                limit(message, interval, at));
    }

    /** The newest look of a query. */
    static Optional<QueryReading> newest(JudgedQuery query) {
        if (query.looks().isEmpty()) {
            return Optional.empty();
        }
        JudgedQuery.Look look = query.looks().getLast();
        QueryReading.Builder message =
                QueryReading.newBuilder()
                        .setCriterion(query.criterion())
                        .setGate(query.gate().name())
                        .setTime(Times.write(look.time()))
                        .setTrouble(look.trouble());
        look.legacy().ifPresent(message::setLegacy);
        look.fresh().ifPresent(message::setNew);
        return Optional.of(message.build());
    }

    private static Limit limit(QueryCriterion message, Duration interval, Problems at) {
        return new Limit(
                CriterionWords.against(
                        message.getAgainst(), message.getAgainstValue(), at.field("against")),
                bound(message, at.field("bound")),
                finite(message.getLimit(), at.field("limit")),
                CriterionWords.onBreach(
                        message.getOnBreach(), message.getOnBreachValue(), at.field("on_breach")),
                Unsigned.orDefault(message.getInARow(), IN_A_ROW, at.field("in_a_row")),
                message.hasMaxAge()
                        ? Times.read(message.getMaxAge(), at.field("max_age"))
                        : interval.multipliedBy(INTERVALS_OF_AGE));
    }

    private static void url(String text, Problems at) {
        boolean usable =
                Origins.uri(text)
                        .filter(uri -> uri.getRawQuery() == null)
                        .flatMap(Origins::of)
                        .filter(origin -> origin.startsWith("http"))
                        .isPresent();
        if (!usable) {
            at.add(
                    Problem.quote(text),
                    "http://HOST or https://HOST, with a path or none",
                    "give the server without /api/v1/query");
        }
    }

    /** A number that is none is one problem, and can't be kept. */
    private static double finite(double limit, Problems at) {
        if (Double.isFinite(limit)) {
            return limit;
        }
        at.add(Double.toString(limit), "a finite number", "give a number");
        return 0;
    }

    private static Bound bound(QueryCriterion message, Problems at) {
        return switch (message.getBound()) {
            case BOUND_UNSPECIFIED, AT_MOST -> Bound.AT_MOST;
            case AT_LEAST -> Bound.AT_LEAST;
            case UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getBoundValue()),
                        "AT_MOST or AT_LEAST",
                        "choose one of these");
                yield Bound.AT_MOST;
            }
        };
    }
}
