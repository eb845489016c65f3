package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.Criterion;
import dev.sluice.admin.v1.GetRampRequest;
import dev.sluice.admin.v1.JudgePolicy;
import dev.sluice.admin.v1.QueryCriterion;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceBlockingStub;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.Verdict;
import dev.sluice.admin.v1.Verdict.QueryReading;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes a sidecar and a page of the shop, and ramps are judged by what it
 * answers. The tests share a gate, and need no order.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealPrometheusIT {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int USERS_IN_A_PAUSE = 10;

    private static final String LAG =
            "max(max_over_time(shop_lag_seconds{version=\"{{version}}\"}[{{window}}]))";

    /** Of all requests so far, as the sidecar counts them. */
    private static final String SERVER_ERRORS =
            """
            (sum(sluice_requests_total{cluster="{{cluster}}", response_class="5xx"}) or vector(0))
            / sum(sluice_requests_total{cluster="{{cluster}}"})
            """;

    private static final List<WithoutData> WITHOUT_DATA =
            List.of(
                    new WithoutData(
                            "none", "sum(shop_unknown_seconds)", "the query found no series"),
                    new WithoutData(
                            "before",
                            "max(max_over_time(shop_old_seconds[{{window}}]))",
                            "the query found no series"),
                    new WithoutData("nan", "sum(shop_lag_seconds) * 0 / 0", "its value is NaN"),
                    new WithoutData("several", "shop_lag_seconds", "the query gives 2 series"),
                    new WithoutData("unreadable", "sum((", "the server answered 400: "),
                    new WithoutData(
                            "clash",
                            "shop_lag_seconds / on() shop_lag_seconds",
                            "the server answered 422: "),
                    new WithoutData(
                            "partial",
                            "sum(shop_lag_seconds) + (sum(up{from=\"elsewhere\"}) or vector(0))",
                            "the server warns: "));

    private final long minuteAgo = Instant.now().minusSeconds(60).toEpochMilli();
    private final Running running = new Running();
    private volatile int lagOfNew = 1;
    private RealPrometheus prometheus;
    private Caller users;
    private int nextUser;
    private Shop shop;
    private RampServiceBlockingStub ramps;

    /**
     * A query that gives nothing to judge by.
     *
     * @param trouble what the verdict says of it
     */
    private record WithoutData(String name, String query, String trouble) {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        H1Upstream page = running.keep(H1Upstream.start(_ -> page()));
        prometheus = running.keep(RealPrometheus.start(folder, page.port()));
        Site site = running.keep(Site.open(folder, "--query-allow", prometheus.url()));
        Site.Node sidecar = site.start(DataPlane.SLUICE_DELTA, "edge-1");
        prometheus.scrape(sidecar.admin());
        sidecar.process().awaitReady();
        shop = site.shop();
        users = site.usersAt(Site.EDGE);
        ramps = RampServiceGrpc.newBlockingStub(shop.api().channel());
        shop.setShare(10);
        users.tallyUntil(tally -> tally.containsKey("new"));
        prometheus.awaitReady();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @BeforeEach
    void both_arms_are_scraped_and_neither_lags() {
        lagOfNew = 1;
        String known =
                "sum(shop_lag_seconds) == 2"
                        + " and on() sluice_requests_total{cluster=\"services/shop/versions/new\"}";
        String answer = until(() -> prometheus.ask(known), text -> text.contains("\"value\""));
        assertThat(answer).contains("\"value\"");
    }

    @Test
    void a_step_goes_on_when_all_values_are_good() {
        Ramp.Builder plan = plan(50);
        plan.getJudgeBuilder()
                .addQueries(query("lag", LAG).setLimit(5))
                .addQueries(query("server-errors", SERVER_ERRORS).setLimit(0.01));
        create("fine", plan);

        Ramp ramp = await("fine", now -> now.getState() == RampState.SUCCEEDED);

        assertThat(ramp.getState()).as("%s", ramp).isEqualTo(RampState.SUCCEEDED);
        Verdict verdict = ramp.getHistory(0);
        assertThat(verdict.getOutcome()).isEqualTo(Verdict.Outcome.NON_INFERIOR);
        assertThat(verdict.getQueriesCount()).isEqualTo(2);
        QueryReading lag = reading(verdict, "lag");
        assertThat(List.of(lag.getLegacy(), lag.getNew())).containsExactly(1.0, 1.0);
        QueryReading errors = reading(verdict, "server-errors");
        assertThat(errors.hasNew()).isTrue();
        assertThat(errors.getNew()).isZero();
    }

    @Test
    void a_step_stays_without_data_and_goes_back_by_a_bad_value() {
        Ramp.Builder plan = plan(60);
        plan.getJudgeBuilder().addQueries(query("lag", LAG).setLimit(5));
        WITHOUT_DATA.forEach(odd ->
                plan.getJudgeBuilder()
                        .addQueries(
                                query(odd.name(), odd.query())
                                        .setAgainst(Criterion.Against.NOTHING)));
        create("odd", plan);

        Ramp ramp = await("odd", now -> isWithoutData(now.getVerdict()));

        assertThat(ramp.getVerdict().getOutcome())
                .as("%s", ramp)
                .isEqualTo(Verdict.Outcome.UNDECIDED);
        assertThat(ramp.getVerdict().getExplanation())
                .isEqualTo(
                        "none of gates/shop: no data, of the new arm: the query found no series");
        for (WithoutData odd : WITHOUT_DATA) {
            QueryReading reading = reading(ramp.getVerdict(), odd.name());
            assertThat(reading.getTrouble()).as(odd.name()).contains(odd.trouble());
            assertThat(reading.hasNew()).as(odd.name()).isFalse();
        }
        assertThat(ramp.getState()).isEqualTo(RampState.RUNNING);

        lagOfNew = 9;
        ramp = await("odd", now -> now.getState() == RampState.ROLLED_BACK);

        assertThat(ramp.getState()).as("%s", ramp).isEqualTo(RampState.ROLLED_BACK);
        assertThat(ramp.getStatusMessage())
                .contains("lag of gates/shop: 8.00000 (new 9.00000, legacy 1.00000), at most 5");
        assertThat(shop.gate().getSharePpm()).isZero();
    }

    /** Every odd query is asked, and the first is all that stands against the step. */
    private static boolean isWithoutData(Verdict verdict) {
        return verdict.getExplanation().startsWith("none of gates/shop")
                && verdict.getQueriesCount() > WITHOUT_DATA.size();
    }

    /** What the shop says of itself, with one sample that has stood there for a minute. */
    private H1Answer page() {
        return H1Answer.of(
                200,
                Headers.of("content-type", "text/plain; version=0.0.4"),
                Body.of(
                        """
                        shop_lag_seconds{version="legacy"} 1
                        shop_lag_seconds{version="new"} %d
                        shop_old_seconds 1 %d
                        """
                                .formatted(lagOfNew, minuteAgo)));
    }

    /** One step to a share; a false alarm by chance is as good as impossible. */
    private static Ramp.Builder plan(int percent) {
        return Ramp.newBuilder()
                .setTarget(Shop.GATE)
                .addSteps(
                        RampStep.newBuilder()
                                .setSharePpm(percent * 10_000)
                                .setMaxSoak(seconds(600)))
                .setJudge(
                        JudgePolicy.newBuilder()
                                .setAlphaPpm(1)
                                .setHarmBudgetPpm(100_000)
                                .setMinKeys(50));
    }

    private QueryCriterion.Builder query(String name, String text) {
        return QueryCriterion.newBuilder()
                .setName(name)
                .setUrl(prometheus.url())
                .setQuery(text)
                .setInARow(1)
                .setInterval(seconds(5))
                .setTimeout(seconds(30))
                .setWindow(seconds(10));
    }

    private static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    private void create(String id, Ramp.Builder plan) {
        Ramp unused =
                ramps.createRamp(
                        CreateRampRequest.newBuilder().setRampId(id).setRamp(plan).build());
    }

    /** The ramp as soon as it is as wanted; new users call all the while. */
    private Ramp await(String id, Predicate<Ramp> wanted) {
        GetRampRequest request = GetRampRequest.newBuilder().setName("ramps/" + id).build();
        return until(
                () -> {
                    for (int some = 0; some < USERS_IN_A_PAUSE; some++) {
                        String unused = users.ask(nextUser++);
                    }
                    return ramps.getRamp(request);
                },
                wanted);
    }

    /** Takes a value until it is as wanted, for a minute at most; returns the last. */
    private static <T> T until(Supplier<T> value, Predicate<T> wanted) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        T last = value.get();
        while (!wanted.test(last) && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE_NANOS);
            last = value.get();
        }
        return last;
    }

    private static QueryReading reading(Verdict verdict, String criterion) {
        return verdict.getQueriesList().stream()
                .filter(reading -> reading.getCriterion().equals(criterion))
                .findFirst()
                .orElseThrow(() -> new AssertionError(criterion + " in " + verdict));
    }
}
