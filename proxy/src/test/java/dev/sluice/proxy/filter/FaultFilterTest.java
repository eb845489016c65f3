package dev.sluice.proxy.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.outcome.Outcome;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Abort;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Answer;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Delay;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Rate;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Scope;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Share;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultFilterTest {
    private static final Outcome ENDED =
            new Outcome(
                    200,
                    -1,
                    Set.of(),
                    "",
                    0,
                    0,
                    new ExchangeRecord.Times(1, 1, 1),
                    Optional.empty(),
                    ExchangeRecord.Result.SUCCESS,
                    AnsweredBy.PROXY,
                    List.of(),
                    FaultMark.NONE);

    private static final Peer PEER =
            new Peer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 2),
                    HttpProtocol.HTTP_1_1,
                    /* secure= */ false,
                    Optional.empty(),
                    Optional.empty());
    private static final Share ALL = new Share(100, 10_000);
    private static final Share HALF = new Share(50, 10_000);
    private static final Scope EVERYTHING = new Scope(List.of(), "", Set.of());
    private static final Optional<Abort> BY_HEADER = Optional.of(new Abort(Optional.empty(), ALL));
    private static final Optional<Delay> LATE =
            Optional.of(new Delay(Optional.of(Duration.ofSeconds(1)), ALL));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Timers timers = new Timers(channel.eventLoop());
    private final List<FilterAnswer> later = new ArrayList<>();
    private final Random random = new Random(1);
    private RuntimeValues runtime = RuntimeValues.NONE;

    FaultFilterTest() {
        channel.freezeTime();
    }

    private static FaultFilter filter(
            Optional<Delay> delay, Optional<Abort> abort, Optional<Rate> rate) {
        return FaultFilter.of(
                "fault", new HttpFaultSpec(delay, abort, rate, EVERYTHING, OptionalLong.empty()));
    }

    private static FaultFilter aborting(Scope scope, Share share) {
        return FaultFilter.of(
                "fault",
                new HttpFaultSpec(
                        Optional.empty(),
                        Optional.of(new Abort(Optional.of(new Answer.Http(503)), share)),
                        Optional.empty(),
                        scope,
                        OptionalLong.empty()));
    }

    private FilterAnswer ask(FaultFilter filter, String... fields) {
        HeaderBlock headers = new HeaderBlock();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        RequestHead head = new RequestHead("GET", "http", "shop", "/", headers);
        return filter.onRequest(
                new FilterRequest(
                        new ExchangeView(head, "/", PEER),
                        random,
                        runtime,
                        view -> Optional.of("shop")));
    }

    private static List<String> kinds(Injection injection) {
        return injection.faults().stream().map(InjectedFault::kind).toList();
    }

    private static int status(FilterAnswer answer) {
        return switch (answer) {
            case FilterAnswer.Answer own -> own.status();
            case FilterAnswer.Continue on -> 0;
            case FilterAnswer.Refuse refuse -> refuse.status();
            case FilterAnswer.Wait wait -> -1;
        };
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void a_filter_without_faults_lets_all_pass() {
        FilterAnswer answer = ask(filter(Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(status(answer)).isZero();
    }

    @Test
    void an_aborted_request_is_answered_as_envoy_does() {
        FilterAnswer.Answer answer = (FilterAnswer.Answer) ask(aborting(EVERYTHING, ALL));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("fault filter abort");
        assertThat(answer.details()).isEqualTo("fault_filter_abort");
        assertThat(kinds(answer.injection())).containsExactly("http_status");
    }

    @Test
    void an_aborted_grpc_call_gets_what_the_status_means_for_grpc() {
        FilterAnswer.Answer answer =
                (FilterAnswer.Answer)
                        ask(aborting(EVERYTHING, ALL), "content-type", "application/grpc");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().first("grpc-status")).hasToString("14");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "x-envoy-fault-abort-request, 418, 418",
        "x-envoy-fault-abort-request, 199, 0",
        "x-envoy-fault-abort-request, 600, 0",
        "x-envoy-fault-abort-request, 5o3, 0",
        "x-envoy-fault-abort-request, 9999999999999999999, 0",
        "x-envoy-fault-abort-grpc-request, 5, 200",
        "x-other, 1, 0"
    })
    void the_request_may_say_what_it_is_answered(String name, String value, int expected) {
        FaultFilter filter = filter(Optional.empty(), BY_HEADER, Optional.empty());

        assertThat(status(ask(filter, name, value))).isEqualTo(expected);
    }

    @Test
    void http_counts_before_grpc_where_the_request_asks_for_both() {
        FaultFilter filter = filter(Optional.empty(), BY_HEADER, Optional.empty());

        FilterAnswer answer =
                ask(
                        filter,
                        "x-envoy-fault-abort-grpc-request",
                        "5",
                        "x-envoy-fault-abort-request",
                        "500");

        assertThat(status(answer)).isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 1000", "junk, 1000"})
    void the_request_may_ask_for_a_smaller_share(String percentage, int expected) {
        FaultFilter filter = filter(Optional.empty(), BY_HEADER, Optional.empty());
        int aborted = 0;
        for (int i = 0; i < 1000; i++) {
            FilterAnswer answer =
                    ask(
                            filter,
                            "x-envoy-fault-abort-request",
                            "500",
                            "x-envoy-fault-abort-request-percentage",
                            percentage);
            aborted += status(answer) == 500 ? 1 : 0;
        }

        assertThat(aborted).as("of 1,000").isEqualTo(expected);
    }

    @Test
    void a_share_of_the_requests_is_drawn_and_never_more_than_was_configured() {
        FaultFilter filter =
                filter(
                        Optional.empty(),
                        Optional.of(new Abort(Optional.empty(), HALF)),
                        Optional.empty());
        int aborted = 0;
        for (int i = 0; i < 10_000; i++) {
            FilterAnswer answer =
                    ask(
                            filter,
                            "x-envoy-fault-abort-request",
                            "500",
                            "x-envoy-fault-abort-request-percentage",
                            "100");
            aborted += status(answer) == 500 ? 1 : 0;
        }

        assertThat(aborted).as("of 10,000 at 50 %").isBetween(4_700, 5_300);
    }

    @Test
    void only_requests_in_its_scope_are_concerned() {
        HeaderMatcher matcher =
                new HeaderMatcher(
                        "x-fail",
                        new HeaderMatcher.Test.Present(),
                        HeaderMatcher.Sense.HOLDS,
                        HeaderMatcher.Missing.ABSENT);
        FaultFilter headers = aborting(new Scope(List.of(matcher), "", Set.of()), ALL);
        FaultFilter cluster = aborting(new Scope(List.of(), "shop", Set.of()), ALL);
        FaultFilter elsewhere = aborting(new Scope(List.of(), "other", Set.of()), ALL);
        FaultFilter nodes = aborting(new Scope(List.of(), "", Set.of("n1")), ALL);

        assertThat(status(ask(headers))).as("without the header").isZero();
        assertThat(status(ask(headers, "x-fail", "1"))).as("with the header").isEqualTo(503);
        assertThat(status(ask(cluster))).as("to the cluster").isEqualTo(503);
        assertThat(status(ask(elsewhere))).as("to another cluster").isZero();
        assertThat(status(ask(nodes))).as("of nobody").isZero();
        assertThat(status(ask(nodes, "x-envoy-downstream-service-node", "n1")))
                .as("of the node")
                .isEqualTo(503);
    }

    @Test
    void a_delayed_request_goes_on_after_its_time_and_not_before() {
        FilterAnswer.Wait wait =
                (FilterAnswer.Wait) ask(filter(LATE, Optional.empty(), Optional.empty()));
        wait.what().start(timers, later::add);

        pass(999);
        assertThat(later).as("answers after 999 ms").isEmpty();
        pass(1);
        assertThat(later).as("answers after 1 s").hasSize(1);
        assertThat(status(later.getFirst())).as("0 goes on").isZero();
        assertThat(kinds(wait.injection())).containsExactly("delay");
    }

    @Test
    void a_delayed_request_that_is_aborted_too_waits_first() {
        FilterAnswer.Wait wait =
                (FilterAnswer.Wait)
                        ask(
                                filter(LATE, BY_HEADER, Optional.empty()),
                                "x-envoy-fault-abort-request",
                                "502");
        wait.what().start(timers, later::add);
        pass(1_000);

        assertThat(later).hasSize(1);
        assertThat(status(later.getFirst())).isEqualTo(502);
    }

    @Test
    void a_cancelled_wait_never_answers() {
        FilterAnswer.Wait wait =
                (FilterAnswer.Wait) ask(filter(LATE, Optional.empty(), Optional.empty()));
        wait.what().start(timers, later::add).run();
        pass(2_000);

        assertThat(later).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"250, -1", "0, 0", "-1, 0", "soon, 0"})
    void the_request_may_say_how_long_it_waits(String millis, int expected) {
        FaultFilter filter =
                filter(
                        Optional.of(new Delay(Optional.empty(), ALL)),
                        Optional.empty(),
                        Optional.empty());

        assertThat(status(ask(filter, "x-envoy-fault-delay-request", millis)))
                .as("-1 is a wait")
                .isEqualTo(expected);
    }

    @Test
    void an_answer_is_slowed_down_by_kib_per_second() {
        FaultFilter fixed =
                filter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Rate(OptionalLong.of(3), ALL)));
        FaultFilter byHeader =
                filter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Rate(OptionalLong.empty(), ALL)));

        assertThat(rate(ask(fixed))).isEqualTo(3_072);
        assertThat(rate(ask(byHeader, "x-envoy-fault-throughput-response", "1"))).isEqualTo(1_024);
        assertThat(rate(ask(byHeader, "x-envoy-fault-throughput-response", "0"))).isZero();
        assertThat(rate(ask(byHeader))).isZero();
    }

    private static long rate(FilterAnswer answer) {
        return ((FilterAnswer.Continue) answer).injection().bytesPerSecond();
    }

    @Test
    void no_more_requests_at_once_meet_faults_than_may() {
        HttpFaultSpec spec =
                new HttpFaultSpec(
                        LATE,
                        Optional.of(new Abort(Optional.of(new Answer.Http(503)), ALL)),
                        Optional.empty(),
                        EVERYTHING,
                        OptionalLong.of(1));
        FaultFilter filter = FaultFilter.of("fault", spec);
        FilterAnswer.Wait first = (FilterAnswer.Wait) ask(filter);
        FilterAnswer.Continue second = (FilterAnswer.Continue) ask(filter.with(spec));
        first.what().start(timers, later::add);
        pass(1_000);
        first.injection().over().accept(ENDED);
        ((FilterAnswer.Answer) later.getFirst()).injection().over().accept(ENDED);

        assertThat(second.injection().faults()).as("faults of the second").isEmpty();
        assertThat(second.events())
                .as("events of the second: no delay, no abort")
                .containsOnly(new FilterEvent("fault", FilterEvent.Kind.FAULTS_OVERFLOW))
                .hasSize(2);
        assertThat(status(later.getFirst())).as("the first is aborted too").isEqualTo(503);
        assertThat(status(ask(filter))).as("-1: there is room again").isEqualTo(-1);
        assertThat(status(ask(filter))).as("0: but for one").isZero();
    }

    @Test
    void runtime_values_replace_parts_of_a_configured_fault_and_make_none() {
        runtime =
                new RuntimeValues(
                        Map.of(
                                "fault.http.abort.abort_percent",
                                new RuntimeValue.Numeral("100", 100),
                                "fault.http.abort.http_status",
                                new RuntimeValue.Numeral("418", 418),
                                "fault.http.delay.fixed_duration_ms",
                                new RuntimeValue.Numeral("0", 0),
                                "fault.http.max_active_faults",
                                new RuntimeValue.Numeral("1", 1)));
        FaultFilter aborting = aborting(EVERYTHING, Share.NONE);

        assertThat(status(ask(aborting))).as("share and status").isEqualTo(418);
        assertThat(status(ask(aborting))).as("one more than may be active").isZero();
        assertThat(status(ask(filter(LATE, Optional.empty(), Optional.empty()))))
                .as("a delay of nothing")
                .isZero();
        assertThat(status(ask(filter(Optional.empty(), Optional.empty(), Optional.empty()))))
                .as("no abort is configured")
                .isZero();
    }

    @Test
    void a_runtime_value_that_is_no_status_counts_as_none() {
        runtime =
                new RuntimeValues(
                        Map.of(
                                "fault.http.abort.http_status",
                                new RuntimeValue.Numeral("600", 600)));

        assertThat(status(ask(aborting(EVERYTHING, ALL)))).isEqualTo(503);
    }
}
