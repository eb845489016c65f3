package dev.sluice.contract.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.fault.Selection.Identity;
import dev.sluice.contract.fault.Selection.Unit;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.PlainRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelectionTest {
    private static final Operation READ = new Operation("get", OperationClass.READ);
    private static final long SEED = 42;

    private static Selection share(int ppm, Unit unit) {
        return new Selection(
                Set.of(), Set.of(), List.of(), new PartsPerMillion(ppm), unit, Set.of());
    }

    @Test
    void all_of_what_is_asked_must_hold() {
        HeaderMatcher asked =
                new HeaderMatcher(
                        "x-test",
                        new HeaderMatcher.Test.Present(),
                        HeaderMatcher.Sense.HOLDS,
                        HeaderMatcher.Missing.ABSENT);
        Selection selection =
                new Selection(
                        Set.of("get"),
                        Set.of(OperationClass.READ),
                        List.of(asked),
                        PartsPerMillion.ALL,
                        Unit.ATTEMPT,
                        Set.of());
        PlainRequest with = PlainRequest.NOTHING.withHeader("x-test", "1");

        assertThat(selection.matches(READ, with)).as("all").isTrue();
        assertThat(selection.matches(READ, PlainRequest.NOTHING)).as("no header").isFalse();
        assertThat(selection.matches(new Operation("put", OperationClass.READ), with))
                .as("another operation")
                .isFalse();
        assertThat(selection.matches(new Operation("get", OperationClass.STREAM), with))
                .as("another class")
                .isFalse();
        assertThat(Selection.ALL.matches(READ, PlainRequest.NOTHING)).as("no limits").isTrue();
    }

    @Test
    void endpoints_narrow_to_themselves() {
        InetSocketAddress one = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80);
        InetSocketAddress other = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 81);
        Selection selection =
                new Selection(
                        Set.of(),
                        Set.of(),
                        List.of(),
                        PartsPerMillion.ALL,
                        Unit.ATTEMPT,
                        Set.of(one));

        assertThat(selection.meets(one)).as("its endpoint").isTrue();
        assertThat(selection.meets(other)).as("another port").isFalse();
        assertThat(Selection.ALL.meets(other)).as("no endpoints: any").isTrue();
    }

    @ParameterizedTest
    @EnumSource(Unit.class)
    void a_share_is_met_and_drawn_again_alike(Unit unit) {
        Selection quarter = share(250_000, unit);
        LongPredicate drawn = i -> quarter.draws(SEED, new Identity(i, i), 0);

        long hits = LongStream.rangeClosed(1, 20_000).filter(drawn).count();

        // 20,000 at 25 %: 5,000 expected, standard deviation 61; 5 of them either way.
        assertThat(hits).isBetween(4694L, 5306L);
        assertThat(LongStream.rangeClosed(1, 20_000).filter(drawn).count()).isEqualTo(hits);
    }

    @Test
    void another_seed_draws_others() {
        Selection half = share(500_000, Unit.REQUEST);

        assertThat(
                        LongStream.range(0, 1000)
                                .filter(i ->
                                        half.draws(1, new Identity(i, 0), 0)
                                                != half.draws(2, new Identity(i, 0), 0))
                                .count())
                .isBetween(400L, 600L);
    }

    @Test
    void attempts_are_drawn_anew_requests_and_keys_are_not() {
        Identity one = new Identity(5, 9);

        assertThat(drawsOfAttempts(share(500_000, Unit.ATTEMPT), one)).isBetween(30L, 70L);
        assertThat(drawsOfAttempts(share(500_000, Unit.REQUEST), one)).isIn(0L, 100L);
        assertThat(drawsOfAttempts(share(500_000, Unit.KEY), one)).isIn(0L, 100L);
    }

    private static long drawsOfAttempts(Selection selection, Identity who) {
        return LongStream.range(0, 100).filter(i -> selection.draws(SEED, who, (int) i)).count();
    }

    @Test
    void a_request_without_a_key_is_never_drawn_by_key() {
        assertThat(share(1_000_000, Unit.KEY).draws(SEED, new Identity(1, 0), 0)).isFalse();
        assertThat(share(1_000_000, Unit.KEY).draws(SEED, new Identity(1, 3), 0)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Unit.class)
    void what_a_fault_leaves_open_follows_from_what_is_drawn(Unit unit) {
        Selection all = share(1_000_000, unit);
        long detail = all.detail(SEED, new Identity(5, 9), 0);

        assertThat(all.detail(SEED, new Identity(5, 9), 0)).as("again").isEqualTo(detail);
        assertThat(all.detail(SEED + 1, new Identity(5, 9), 0)).as("seed").isNotEqualTo(detail);
        assertThat(all.detail(SEED, new Identity(6, 9), 0) == detail)
                .as("the same for another request")
                .isEqualTo(unit == Unit.KEY);
        assertThat(all.detail(SEED, new Identity(5, 8), 0) == detail)
                .as("the same for another key")
                .isEqualTo(unit != Unit.KEY);
        assertThat(all.detail(SEED, new Identity(5, 9), 1) == detail)
                .as("the same for another attempt")
                .isEqualTo(unit != Unit.ATTEMPT);
    }

    @Test
    void words_of_faults_are_those_of_the_contract() {
        assertThat(new Fault.CutBody(0).word()).isEqualTo("cut_body");
        assertThat(new Fault.Goaway().word()).isEqualTo("goaway");
    }
}
