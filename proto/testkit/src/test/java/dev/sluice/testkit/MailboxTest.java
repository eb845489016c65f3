package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Mailbox<Integer> box = new Mailbox<>("a number");

    @Test
    void takes_in_order_and_keeps_a_record_of_all() {
        box.put(1);
        box.put(2);

        assertThat(box.next()).isEqualTo(1);
        assertThat(box.next()).isEqualTo(2);
        assertThat(box.received()).containsExactly(1, 2);
        assertThat(box.poll(Duration.ZERO)).isEmpty();
    }

    @Test
    void a_wish_leaves_the_others_in_place() {
        box.put(1);
        box.put(2);

        assertThat(box.next("that is even", number -> number % 2 == 0)).isEqualTo(2);
        assertThat(box.take()).isEqualTo(1);
    }

    @Test
    void waits_for_what_comes_later() {
        CompletableFuture<Integer> taken = CompletableFuture.supplyAsync(box::next);
        box.put(7);

        assertThat(Patience.await(taken, "the other thread")).isEqualTo(7);
    }
}
