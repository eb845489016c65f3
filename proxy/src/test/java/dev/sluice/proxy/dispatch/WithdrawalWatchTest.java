package dev.sluice.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.plan.Withdrawal;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WithdrawalWatchTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private boolean killed;
    private int ended;

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private WithdrawalWatch watch() {
        Timers timers = new Timers(channel.eventLoop());
        WithdrawalWatch watch =
                new WithdrawalWatch(
                        timers,
                        Optional.of(new Withdrawal(Duration.ofSeconds(5), () -> killed)),
                        () -> ended++);
        watch.start(timers.now());
        return watch;
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void an_exchange_goes_on_for_one_grace_at_least_and_two_at_most() {
        WithdrawalWatch watch = watch();
        pass(7);
        killed = true;

        pass(7);
        assertThat(ended).as("7 s after the kill").isZero();
        pass(1);
        assertThat(ended).as("8 s after the kill").isEqualTo(1);
        pass(60);
        assertThat(ended).as("once only").isEqualTo(1);
        watch.stop();
    }

    @Test
    void a_kill_that_is_resumed_in_time_ends_nothing() {
        WithdrawalWatch watch = watch();
        killed = true;
        pass(6);
        killed = false;
        pass(60);

        assertThat(ended).isZero();
        watch.stop();
    }

    @Test
    void an_exchange_that_is_over_is_not_ended() {
        WithdrawalWatch watch = watch();
        killed = true;
        pass(6);
        watch.stop();
        pass(60);

        assertThat(ended).isZero();
    }
}
