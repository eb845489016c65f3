package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.CarriedDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceDecisionsTest {
    private static final TraceId TRACE = new TraceId(1, 2);
    private static final CarriedDecision IN = decision("shop", Mode.COMPLETE, 7);
    private static final CarriedDecision OUT = decision("shop", Mode.OFF, 900_000);
    private static final CarriedDecision OTHER_SET = decision("stock", Mode.OFF, 8);

    private final TraceDecisions traces = new TraceDecisions();

    private static CarriedDecision decision(String id, Mode mode, int bucket) {
        return new CarriedDecision(
                id, Optional.of(new GateRevision(1, 3)), mode, OptionalInt.of(bucket));
    }

    private Carried joined() {
        return traces.join(TRACE, "shop", Carried.NOTHING);
    }

    @Test
    void a_call_has_the_decision_of_the_request_it_is_made_for_while_that_is_under_way() {
        TraceDecisions.Hold request = traces.hold(TRACE, List.of(IN, OTHER_SET));
        Carried during = joined();
        Carried elsewhere = traces.join(new TraceId(1, 3), "shop", Carried.NOTHING);
        request.release();

        assertThat(during).as("while the request is under way").isEqualTo(Carried.of(IN));
        assertThat(elsewhere).as("in another trace").isEqualTo(Carried.NOTHING);
        assertThat(joined()).as("after it").isEqualTo(Carried.NOTHING);
        assertThat(traces.size()).as("traces").isZero();
    }

    @Test
    void two_requests_under_way_that_agree_are_counted() {
        TraceDecisions.Hold first = traces.hold(TRACE, List.of(IN));
        TraceDecisions.Hold second = traces.hold(TRACE, List.of(IN));

        first.release();
        Carried left = joined();
        second.release();

        assertThat(left).as("with one left").isEqualTo(Carried.of(IN));
        assertThat(traces.isEmpty()).as("empty after both").isTrue();
    }

    @Test
    void two_requests_under_way_that_differ_are_ambiguous_until_one_ends() {
        TraceDecisions.Hold first = traces.hold(TRACE, List.of(IN));
        TraceDecisions.Hold second = traces.hold(TRACE, List.of(OUT));
        Carried both = joined();
        List<CarriedDecision> carriedOn = traces.join(TRACE, List.of());

        first.release();
        Carried one = joined();
        second.release();

        assertThat(both).as("with both").isEqualTo(Carried.CONFLICT);
        assertThat(carriedOn).as("carried on with both").isEmpty();
        assertThat(one).as("with one left").isEqualTo(Carried.of(OUT));
    }

    @Test
    void what_a_call_brings_itself_goes_before_the_trace_but_not_before_a_fallback() {
        TraceDecisions.Hold request = traces.hold(TRACE, List.of(IN));
        Carried brought = traces.join(TRACE, "shop", Carried.of(OUT));

        traces.fellBack(TRACE, OUT);
        Carried afterFallback = traces.join(TRACE, "shop", Carried.of(IN));
        List<CarriedDecision> carriedOn = traces.join(TRACE, List.of(IN));
        request.release();

        assertThat(brought).as("before").isEqualTo(Carried.of(OUT));
        assertThat(afterFallback).as("after a fallback").isEqualTo(Carried.of(OUT));
        assertThat(carriedOn).as("carried on").containsExactly(OUT);
        assertThat(traces.isEmpty()).as("the fallback ends with its request").isTrue();
    }

    @Test
    void a_fallback_in_a_trace_without_requests_under_way_is_kept_by_nobody() {
        traces.fellBack(TRACE, OUT);

        assertThat(traces.isEmpty()).as("empty").isTrue();
    }

    @Test
    void decisions_of_other_sets_are_carried_on_beside_what_a_call_brings() {
        traces.hold(TRACE, List.of(IN, OTHER_SET));

        assertThat(traces.join(TRACE, List.of(OUT))).containsExactly(OUT, OTHER_SET);
    }

    @Test
    void more_traces_than_there_is_room_for_are_counted_and_hold_nothing() {
        for (int i = 0; i < TraceDecisions.MOST_TRACES; i++) {
            traces.hold(new TraceId(9, i), List.of(IN));
        }

        TraceDecisions.Hold late = traces.hold(TRACE, List.of(IN));
        traces.hold(new TraceId(9, 0), List.of(IN));
        late.release();

        assertThat(joined()).as("the late one").isEqualTo(Carried.NOTHING);
        assertThat(traces.leftOut()).as("left out").isEqualTo(1);
        assertThat(traces.size()).as("traces").isEqualTo(TraceDecisions.MOST_TRACES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
            })
    void a_trace_id_is_read_from_this_version_and_later_ones(String header) {
        assertThat(TraceId.parse(header))
                .contains(new TraceId(0x0af7651916cd43ddL, 0x8448eb211c80319cL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more"
            })
    void a_malformed_one_is_none(String header) {
        assertThat(TraceId.parse(header)).isEmpty();
    }
}
