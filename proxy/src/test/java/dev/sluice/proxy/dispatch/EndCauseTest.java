package dev.sluice.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.plan.TimeLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndCauseTest {
    private static final TimeLimits LIMITS =
            new TimeLimits(
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(5),
                    Duration.ofHours(1),
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    TimeLimits.Telling.EXPECTED);

    @Test
    void a_late_answer_is_the_upstreams_fault() {
        assertThat(EndCause.timedOut(LIMITS))
                .isEqualTo(
                        new EndCause(
                                Refusal.UPSTREAM_TIMEOUT,
                                Result.TIMEOUT,
                                "no complete answer within PT15S"));
        assertThat(EndCause.stoodStill(LIMITS, /* requestEnded= */ true))
                .isEqualTo(
                        new EndCause(
                                Refusal.ANSWER_IDLE, Result.TIMEOUT, "no progress within PT5M"));
        assertThat(EndCause.tookTooLong(LIMITS, /* requestEnded= */ true))
                .isEqualTo(
                        new EndCause(
                                Refusal.STREAM_TOO_LONG,
                                Result.TIMEOUT,
                                "the stream did not end within PT1H"));
    }

    @Test
    void a_late_request_is_no_fault_of_the_upstream() {
        assertThat(EndCause.stoodStill(LIMITS, /* requestEnded= */ false))
                .returns(Refusal.REQUEST_IDLE, EndCause::refusal)
                .returns(Result.CANCELLED, EndCause::result);
        assertThat(EndCause.tookTooLong(LIMITS, /* requestEnded= */ false))
                .returns(Refusal.REQUEST_TOO_LONG, EndCause::refusal)
                .returns(Result.CANCELLED, EndCause::result);
    }

    @Test
    void a_broken_answer_says_how_its_upstream_broke_it() {
        StreamReset reset =
                new StreamReset(
                        StreamReset.Cause.PEER_RESET, /* unprocessed= */ true, "INTERNAL_ERROR");
        assertThat(EndCause.brokenOff(reset))
                .isEqualTo(
                        new EndCause(
                                Refusal.UPSTREAM_RESET,
                                Result.RESET,
                                "the answer broke off: INTERNAL_ERROR"));
    }

    @Test
    void peers_are_told_that_this_side_gave_up() {
        assertThat(EndCause.takenBack().reset())
                .returns(StreamReset.Cause.LOCAL, StreamReset::cause)
                .returns(false, StreamReset::unprocessed);
    }
}
