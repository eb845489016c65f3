package dev.sluice.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.experiment.Waits;
import dev.sluice.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The open loop on a clock that moves by its pauses only. */
class GeneratorTest {
    private final ManualClock clock = new ManualClock();
    private final List<Long> sent = new ArrayList<>();
    private long pausesLeft = Long.MAX_VALUE;

    private final Waits pace =
            new Waits() {
                @Override
                public Instant instant() {
                    return clock.instant();
                }

                @Override
                public long nanos() {
                    return clock.nanos();
                }

                @Override
                public boolean pause(Duration duration) {
                    clock.advance(duration);
                    return pausesLeft-- > 0;
                }

                @Override
                public boolean await(CompletableFuture<?> done, Duration most) {
                    return done.handle((_, _) -> true).join();
                }
            };

    /** 10 requests a second for a second. */
    private static LoadSettings settings(long seed) {
        return new LoadSettings(
                List.of(URI.create("http://127.0.0.1:1/"), URI.create("http://127.0.0.1:2/")),
                Set.of(),
                10,
                Duration.ofSeconds(1),
                5,
                Map.of(),
                "x-request-id",
                Optional.of(new LoadSettings.Writes(30, "PUT", "{value}")),
                Duration.ofSeconds(1),
                100,
                Optional.empty(),
                seed);
    }

    private CompletableFuture<Answer> answerAfter(Duration delay) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        clock.schedule(delay, () -> answer.complete(Ledgers.ok()));
        return answer;
    }

    @Test
    void a_plan_repeats_by_its_seed() {
        List<Planned> plan = Plan.of(settings(1));
        assertThat(plan).hasSize(10).isEqualTo(Plan.of(settings(1)));
        assertThat(plan).isNotEqualTo(Plan.of(settings(2)));
        assertThat(plan).extracting(Planned::intended).startsWith(0L, 100_000_000L, 200_000_000L);
    }

    @Test
    void slow_answers_do_not_slow_the_requests_down() {
        Generator generator =
                new Generator(
                        planned -> {
                            sent.add(clock.nanos());
                            return planned.id() < 10
                                    ? answerAfter(Duration.ofMillis(450))
                                    : CompletableFuture.completedFuture(Ledgers.ok());
                        },
                        pace,
                        100);
        List<Planned> plan = Plan.of(settings(1));
        Ledger ledger = generator.run(withEnd(plan));
        assertThat(sent.subList(0, 10)).isEqualTo(plan.stream().map(Planned::intended).toList());
        assertThat(ledger.entries().subList(0, 10))
                .allSatisfy(entry -> assertThat(entry.latency()).isEqualTo(450_000_000L));
    }

    /** One more request, late, so that the manual clock passes the others' answers. */
    private static List<Planned> withEnd(List<Planned> plan) {
        List<Planned> longer = new ArrayList<>(plan);
        longer.add(new Planned(10, "z", 0, Planned.Operation.READ, 2_000_000_000L));
        return longer;
    }

    @Test
    void latency_counts_from_the_intended_start_when_the_generator_is_late() {
        Generator generator =
                new Generator(
                        planned -> {
                            if (planned.id() == 0) {
                                clock.advance(Duration.ofMillis(350));
                            }
                            return CompletableFuture.completedFuture(Ledgers.ok());
                        },
                        pace,
                        100);
        List<Long> latencies =
                generator.run(Plan.of(settings(1))).entries().stream()
                        .map(entry -> entry.latency() / 1_000_000)
                        .toList();
        assertThat(latencies).startsWith(350L, 250L, 150L, 50L, 0L, 0L);
    }

    @Test
    void what_is_too_much_is_not_sent_and_said() {
        Generator generator =
                new Generator(
                        planned ->
                                planned.id() < 2
                                        ? answerAfter(Duration.ofMillis(250))
                                        : CompletableFuture.completedFuture(Ledgers.ok()),
                        pace,
                        2);
        Ledger ledger = generator.run(Plan.of(settings(1)).subList(0, 5));
        assertThat(ledger.entries())
                .extracting(Entry::answer)
                .containsExactly(
                        Ledgers.ok(),
                        Ledgers.ok(),
                        new Answer.NotSent(),
                        Ledgers.ok(),
                        Ledgers.ok());
    }

    @Test
    void a_load_that_is_ended_from_outside_plans_no_more() {
        pausesLeft = 4;
        Generator generator =
                new Generator(_ -> CompletableFuture.completedFuture(Ledgers.ok()), pace, 100);
        Ledger ledger = generator.run(Plan.of(settings(1)));
        assertThat(ledger.planned()).isEqualTo(5);
        assertThat(ledger.entries()).hasSize(5);
    }
}
