package dev.sluice.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalmTest {
    private static final Calm CALM = new Calm(200, Duration.ofMillis(250));

    @Test
    void quick_answers_are_calm() {
        assertThat(CALM.isAtTheEndOf(answers(200, 10))).isTrue();
    }

    @Test
    void too_few_answers_are_not() {
        assertThat(CALM.isAtTheEndOf(answers(199, 10))).isFalse();
    }

    @Test
    void one_late_answer_in_a_hundred_is_calm_and_one_more_is_not() {
        List<Entry> entries = answers(198, 10);
        entries.addAll(answers(2, 251));
        assertThat(CALM.isAtTheEndOf(entries)).isTrue();

        entries.add(answers(1, 251).getFirst());
        assertThat(CALM.isAtTheEndOf(entries)).isFalse();
    }

    @Test
    void what_was_late_before_the_latest_answers_does_not_count() {
        List<Entry> entries = answers(500, 9_000);
        entries.addAll(answers(200, 10));

        assertThat(CALM.isAtTheEndOf(entries)).isTrue();
    }

    private static List<Entry> answers(int count, long millis) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(
                    new Entry(
                            new Call.ReadCustomer(1),
                            Instant.EPOCH,
                            Duration.ofMillis(millis),
                            new Entry.Outcome.Lost("")));
        }
        return entries;
    }
}
