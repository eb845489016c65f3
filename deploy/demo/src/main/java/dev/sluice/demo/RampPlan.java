package dev.sluice.demo;

import com.google.protobuf.util.Durations;
import dev.sluice.admin.v1.JudgePolicy;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampStep;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ramp of both acts, from share 0. With 10,000 users the first percent has a hundred keys and
 * the last one leaves legacy a hundred: too few to show anything by, so these steps go on by time
 * (a degraded arm is still taken back); those between are judged.
 */
final class RampPlan {
    private static final int[] PERCENT = {1, 5, 25, 50, 99, 100};

    private RampPlan() {}

    /** The shares in parts per million, from 0 on. */
    static List<Integer> shares() {
        return IntStream.concat(IntStream.of(0), IntStream.of(PERCENT).map(p -> p * 10_000))
                .boxed()
                .toList();
    }

    /**
     * @param soak shortest stay in each step
     */
    static Ramp of(String target, Duration soak) {
        Ramp.Builder ramp =
                Ramp.newBuilder()
                        .setTarget(target)
                        .setJudge(JudgePolicy.newBuilder().setHarmBudgetPpm(20_000).setMinKeys(50));
        for (int percent : PERCENT) {
            boolean judged = percent >= 5 && percent <= 50;
            ramp.addSteps(
                    RampStep.newBuilder()
                            .setSharePpm(percent * 10_000)
                            .setSoak(Durations.fromMillis(soak.toMillis()))
                            .setMaxSoak(Durations.fromSeconds(120))
                            .setAdvance(judged ? RampStep.Advance.JUDGED : RampStep.Advance.TIMED));
        }
        return ramp.build();
    }
}
