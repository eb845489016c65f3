package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.decide.Baggage;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateFilter;
import dev.sluice.contract.gate.GateFilter.CarriedTrust;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.contract.match.LetterCase;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.PeerCertificate;
import dev.sluice.proxy.exchange.RequestHead;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateStepTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String IN = "sluice.orders=1.5.6.17";
    private static final Optional<RouteGate> ROUTE =
            Optional.of(
                    new RouteGate(
                            new RouteGate.Source.Named(TestGates.orders(1, g -> g).name()),
                            new Operation("read", OperationClass.READ)));

    private final GateTable table = new GateTable();
    private final TraceDecisions traces = new TraceDecisions();
    private final GateStep step = new GateStep(table, traces, () -> 0);

    private static Optional<GateFilter> trusting(CarriedTrust trust) {
        StringMatcher shop =
                new StringMatcher.Exact(WireText.of("spiffe://shop/ns/a"), LetterCase.SENSITIVE);
        return Optional.of(new GateFilter(trust, List.of(shop), GateFilter.Explain.NEVER));
    }

    private static ExchangeView request(Optional<String> identity, String... headers) {
        HeaderBlock block = new HeaderBlock();
        for (int i = 0; i < headers.length; i += 2) {
            block.add(headers[i], headers[i + 1]);
        }
        InetSocketAddress somewhere = InetSocketAddress.createUnresolved("c", 1);
        Peer peer =
                new Peer(
                        somewhere,
                        somewhere,
                        HttpProtocol.HTTP_1_1,
                        identity.isPresent(),
                        identity.map(uri -> new PeerCertificate("", "", List.of(uri), List.of())),
                        Optional.empty());
        return new ExchangeView(new RequestHead("GET", "http", "", "/", block), "/", peer);
    }

    private static ExchangeView request(String... headers) {
        return request(Optional.empty(), headers);
    }

    private GateAnswer ask(
            Optional<RouteGate> route, Optional<GateFilter> listener, ExchangeView request) {
        return (GateAnswer) step.decide(route, listener, request);
    }

    private GateDecision decide(CarriedTrust trust, ExchangeView request) {
        return ((GateAnswer.Decided) ask(ROUTE, trusting(trust), request)).decision();
    }

    private List<CharSequence> carried(CarriedTrust trust, ExchangeView request) {
        HeaderBlock upstream = request.head().headers().copy();
        GateAnswer answer = ask(ROUTE, trusting(trust), request);
        step.carry(answer, trusting(trust), request, upstream);
        return ExchangeView.values(upstream, Baggage.HEADER);
    }

    private void holdGate(int share) {
        table.offer(TestGates.orders(5, gate -> gate.setSharePpm(share)), NOW);
    }

    @Test
    void a_decision_from_somebody_untrusted_is_neither_honoured_nor_passed_on() {
        holdGate(0);
        ExchangeView request = request("x-user", "u", "baggage", "a=1," + IN + ",b=2");

        assertThat(decide(CarriedTrust.NOBODY, request).reason())
                .as("reason")
                .isEqualTo(Reason.SHARE);
        assertThat(String.join("|", carried(CarriedTrust.NOBODY, request)))
                .as("baggage")
                .startsWith("a=1,b=2|sluice.orders=1.5.1.")
                .doesNotContain("1.5.6.17");
    }

    @Test
    void of_mtls_peers_only_those_on_the_list_are_honoured() {
        holdGate(0);
        ExchangeView ours = request(Optional.of("spiffe://shop/ns/a"), "baggage", IN);
        ExchangeView others = request(Optional.of("spiffe://shop/ns/b"), "baggage", IN);
        ExchangeView clear = request("baggage", IN);

        assertThat(decide(CarriedTrust.MTLS_PEERS, ours).reason())
                .as("on the list")
                .isEqualTo(Reason.CARRIED);
        assertThat(decide(CarriedTrust.MTLS_PEERS, others).reason())
                .as("not on the list")
                .isEqualTo(Reason.MISSING_KEY);
        assertThat(decide(CarriedTrust.MTLS_PEERS, clear).reason())
                .as("without a certificate")
                .isEqualTo(Reason.MISSING_KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sluice.orders=1.4.6.17", // below the floor
                "sluice.orders=1.5.4.17", // a mode that is not in force
                "sluice.orders=0.0.6.17" // of an inline gate
            })
    void a_stale_decision_of_somebody_trusted_is_made_anew_and_replaced(String member) {
        holdGate(0);
        ExchangeView request = request("x-user", "u", "baggage", member);

        GateDecision decision = decide(CarriedTrust.ANY_PEER, request);

        assertThat(decision.reason()).as("reason").isEqualTo(Reason.CARRIED_STALE);
        assertThat(decision.arm()).as("arm").isEqualTo(Arm.LEGACY);
        assertThat(carried(CarriedTrust.ANY_PEER, request))
                .as("baggage")
                .singleElement()
                .asString()
                .startsWith("sluice.orders=1.5.1.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%6frders=1.5.6.17", "orders=1.5.6.%31", "orders=1.5.6.%", "orders=%zz"})
    void a_percent_encoded_or_malformed_member_of_ours_counts_as_none(String member) {
        holdGate(0);
        ExchangeView request = request("x-user", "u", "baggage", "k=%zz, sluice." + member);

        assertThat(decide(CarriedTrust.ANY_PEER, request).reason())
                .as("reason")
                .isEqualTo(Reason.SHARE);
        assertThat(String.join("|", carried(CarriedTrust.ANY_PEER, request)))
                .as("others' malformed members stay, ours go")
                .startsWith("k=%zz|sluice.orders=1.5.1.");
    }

    @Test
    void decisions_that_contradict_each_other_are_ambiguous_and_one_goes_on() {
        holdGate(0);
        ExchangeView request =
                request("x-user", "u", "baggage", IN, "baggage", "sluice.orders=1.5.1.18");

        assertThat(decide(CarriedTrust.ANY_PEER, request).reason())
                .as("reason")
                .isEqualTo(Reason.AMBIGUOUS);
        assertThat(carried(CarriedTrust.ANY_PEER, request)).as("baggage").hasSize(1);
    }

    @Test
    void without_settings_and_without_a_gate_baggage_passes_untouched() {
        ExchangeView request = request("baggage", IN + " ; p=1", "traceparent", TRACE);
        HeaderBlock upstream = request.head().headers().copy();
        GateAnswer none = ask(Optional.empty(), Optional.empty(), request);

        step.carry(none, Optional.empty(), request, upstream);
        step.hold(none, Optional.empty(), request);

        assertThat(ExchangeView.values(upstream, Baggage.HEADER)).containsExactly(IN + " ; p=1");
        assertThat(traces.isEmpty()).as("nothing is held").isTrue();
    }

    @Test
    void without_settings_the_called_side_passes_baggage_on_untouched() {
        ExchangeView request = request("baggage", IN, "traceparent", TRACE);
        HeaderBlock upstream = request.head().headers().copy();
        Optional<RouteGate> served =
                ROUTE.map(route ->
                        new RouteGate(route.source(), route.operation(), Optional.of(Arm.NEW)));
        GateAnswer answer = ask(served, Optional.empty(), request);

        step.carry(answer, Optional.empty(), request, upstream);
        step.hold(answer, Optional.empty(), request);

        assertThat(answer).isInstanceOf(GateAnswer.Served.class);
        assertThat(ExchangeView.values(upstream, Baggage.HEADER)).containsExactly(IN);
        assertThat(traces.isEmpty()).as("nothing is held").isTrue();
    }

    @Test
    void a_call_of_the_application_joins_the_request_but_never_holds() {
        holdGate(0);
        ExchangeView inbound = request("baggage", IN, "traceparent", TRACE);
        ExchangeView call = request("x-user", "u", "traceparent", TRACE);
        Optional<GateFilter> any = trusting(CarriedTrust.ANY_PEER);
        Optional<GateFilter> local = trusting(CarriedTrust.LOCAL_APPLICATION);
        TraceDecisions.Hold held = step.hold(ask(ROUTE, any, inbound), any, inbound);

        GateDecision joined = decide(CarriedTrust.LOCAL_APPLICATION, call);
        step.hold(ask(ROUTE, local, call), local, call);
        GateDecision elsewhere = decide(CarriedTrust.ANY_PEER, call);
        held.release();

        assertThat(joined.reason()).as("reason of the call").isEqualTo(Reason.CARRIED);
        assertThat(joined.arm()).as("arm of the call").isEqualTo(Arm.NEW);
        assertThat(elsewhere.reason()).as("not the application's").isEqualTo(Reason.SHARE);
        assertThat(traces.isEmpty()).as("after the request nothing is left").isTrue();
    }

    @Test
    void two_headers_of_a_trace_are_no_trace() {
        ExchangeView twice = request("baggage", IN, "traceparent", TRACE, "traceparent", TRACE);
        Optional<GateFilter> any = trusting(CarriedTrust.ANY_PEER);

        step.hold(new GateAnswer.NoGate(), any, twice);

        assertThat(traces.isEmpty()).as("nothing is held").isTrue();
    }

    @Test
    void a_fallback_takes_the_calls_that_follow_in_the_trace_along() {
        holdGate(1_000_000);
        Optional<GateFilter> local = trusting(CarriedTrust.LOCAL_APPLICATION);
        Optional<GateFilter> any = trusting(CarriedTrust.ANY_PEER);
        ExchangeView inbound = request("baggage", IN, "traceparent", TRACE);
        ExchangeView call = request("x-user", "u", "baggage", IN, "traceparent", TRACE);
        TraceDecisions.Hold held = step.hold(new GateAnswer.NoGate(), any, inbound);
        GateAnswer first = ask(ROUTE, local, call);
        HeaderBlock toLegacy = new HeaderBlock();

        step.carryFallback((GateAnswer.Decided) first, local, call, toLegacy);
        step.fellBack((GateAnswer.Decided) first, call);
        GateDecision next = decide(CarriedTrust.LOCAL_APPLICATION, call);
        held.release();

        assertThat(next.arm()).as("arm of the next call").isEqualTo(Arm.LEGACY);
        assertThat(ExchangeView.values(toLegacy, Baggage.HEADER))
                .as("what LEGACY carries on")
                .containsExactly("sluice.orders=1.5.1.17");
        assertThat(traces.isEmpty()).as("after the request nothing is left").isTrue();
    }
}
