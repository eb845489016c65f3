package dev.sluice.control.lifecycle.ramp;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a criterion that a metrics server answers may ask for. Stateless but for the refusals. */
record QueryRules(Refusals refusals) {
    private static final int MOST = 8;
    private static final int LONGEST_URL = 2_048;
    private static final int LONGEST_QUERY = 4_096;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern PLACE = Pattern.compile("\\{\\{[^}]*}}");
    private static final List<String> PLACES =
            List.of(
                    QueryCriterion.ARM,
                    QueryCriterion.VERSION,
                    QueryCriterion.CLUSTER,
                    QueryCriterion.GATE,
                    QueryCriterion.WINDOW);

    void check(String path, List<QueryCriterion> queries) {
        new Ranges(refusals).number(path, queries.size(), 0, MOST);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < queries.size(); i++) {
            QueryCriterion query = queries.get(i);
            String at = path + "[" + i + "]";
            check(at, query);
            if (!names.add(query.name())) {
                refusals.invalid(
                        at + ".name",
                        Problem.quote(query.name()),
                        "a name that no other query of the policy has",
                        "give it another");
            }
        }
    }

    private void check(String at, QueryCriterion query) {
        Ranges ranges = new Ranges(refusals);
        QueryCriterion.Source source = query.source();
        QueryCriterion.Limit limit = query.limit();
        name(at + ".name", query.name(), "a-z, 0-9 and -, at most 63");
        source.bearerSecret()
                .ifPresent(secret ->
                        name(
                                at + ".bearer_secret",
                                secret,
                                "the name of a secret, not the secret"));
        ranges.text(at + ".url", source.url(), 1, LONGEST_URL);
        ranges.text(at + ".query", query.query(), 1, LONGEST_QUERY);
        ranges.number(at + ".in_a_row", limit.inARow(), 1, 10);
        ranges.duration(
                at + ".interval", source.interval(), Duration.ofSeconds(5), Duration.ofHours(1));
        ranges.duration(
                at + ".timeout", source.timeout(), Duration.ofSeconds(1), Duration.ofSeconds(30));
        ranges.duration(at + ".window", source.window(), Duration.ofSeconds(10), DAY);
        ranges.duration(at + ".max_age", limit.maxAge(), source.interval(), DAY);
        places(at + ".query", query);
    }

    private void places(String at, QueryCriterion query) {
        PLACE.matcher(query.query())
                .results()
                .map(found -> found.group())
                .filter(place -> !PLACES.contains(place))
                .forEach(place ->
                        refusals.invalid(
                                at,
                                Problem.quote(place),
                                "one of " + String.join(", ", PLACES),
                                "correct it"));
        if (query.limit().against() == Against.LEGACY && !query.tellsArms()) {
            refusals.invalid(
                    at,
                    "the same query for both arms",
                    "{{arm}}, {{version}} or {{cluster}} in it, since it is against LEGACY",
                    "select by one of these, or judge it against NOTHING");
        }
    }

    private void name(String at, String name, String expected) {
        if (!NAME.matcher(name).matches()) {
            refusals.invalid(at, Problem.quote(name), expected, "correct it");
        }
    }
}
