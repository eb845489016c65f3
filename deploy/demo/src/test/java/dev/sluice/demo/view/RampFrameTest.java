package dev.sluice.demo.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.Verdict;
import dev.sluice.admin.v1.Verdict.Outcome;
import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import dev.sluice.demo.load.Call;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Entry.Outcome.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The picture of a ramp says what a person asks, and fits the terminal. */
class RampFrameTest {
    private static final Instant APPLIED = Instant.parse("2026-11-01T10:00:00Z");
    private static final TerminalSize USUAL = TerminalSize.USUAL;

    private final Ramp.Builder ramp =
            Ramp.newBuilder()
                    .setState(RampState.RUNNING)
                    .addSteps(step(10_000, RampStep.Advance.TIMED))
                    .addSteps(step(250_000, RampStep.Advance.JUDGED))
                    .addSteps(step(1_000_000, RampStep.Advance.TIMED))
                    .setCurrentStep(1)
                    .setStepAppliedTime(Timestamps.fromMillis(APPLIED.toEpochMilli()))
                    .setVerdict(
                            Verdict.newBuilder()
                                    .setOutcome(Outcome.UNDECIDED)
                                    .setExplanation("too few keys"));

    @Test
    void says_the_phase_the_share_both_arms_the_verdict_and_what_happens_next() {
        assertThat(lines(USUAL, List.of(entry(1, Arm.NEW, 200), entry(2, Arm.LEGACY, 200))))
                .as("the whole picture")
                .anyMatch(line -> line.equals("  phase   expand, [RAMP], soak"))
                .anyMatch(line -> line.startsWith("  25 %") && line.endsWith("step 2 of 3"))
                .anyMatch(line -> line.matches("  new +1 +0 +4\\.0 +4\\.0"))
                .anyMatch(line -> line.matches("  legacy +1 +0 +4\\.0 +4\\.0"))
                .anyMatch(line -> line.equals("  judge   undecided: too few keys"))
                .anyMatch(line -> line.startsWith("  next    to 100 % in 9 s, if the judge"));
    }

    @Test
    void names_the_first_error_of_the_step() {
        assertThat(lines(USUAL, List.of(entry(1, Arm.NEW, 200), entry(7, Arm.NEW, 500))))
                .as("the whole picture")
                .anyMatch(line -> line.startsWith("  error   first in this step: user 7, 500"));
    }

    @Test
    void a_ramp_that_was_taken_back_shows_share_0_and_why() {
        ramp.setState(RampState.ROLLED_BACK).setStatusMessage("an arm failed");

        assertThat(lines(USUAL, List.of()))
                .as("the whole picture")
                .anyMatch(line -> line.startsWith("  0 %"))
                .anyMatch(line -> line.equals("  next    taken back to 0 %: an arm failed"));
    }

    @Test
    void no_picture_is_wider_or_higher_than_the_terminal() {
        ramp.getVerdictBuilder().setExplanation("word ".repeat(80));
        for (int columns = 24; columns <= 130; columns++) {
            for (int rows = 2; rows <= 40; rows++) {
                List<String> lines =
                        lines(
                                new TerminalSize(columns, rows),
                                List.of(entry(1, Arm.NEW, 500), entry(2, Arm.LEGACY, 200)));
                assertThat(lines).as("at %d x %d", columns, rows).hasSizeLessThan(rows);
                int width = columns;
                assertThat(lines)
                        .as("at %d x %d", columns, rows)
                        .allMatch(line -> line.length() <= width);
            }
        }
    }

    private List<String> lines(TerminalSize size, List<Entry> seen) {
        Step past = Step.of(10_000, Outcome.NON_INFERIOR, seen);
        Step present = Step.of(250_000, Outcome.UNDECIDED, seen);
        RampView.Look look =
                new RampView.Look(
                        ramp.build(),
                        "expand, [RAMP], soak",
                        Collections.nCopies(6, past),
                        present,
                        APPLIED.plusSeconds(3));
        return new RampFrame(Paint.NONE, size).lines(look);
    }

    private static RampStep step(int sharePpm, RampStep.Advance advance) {
        return RampStep.newBuilder()
                .setSharePpm(sharePpm)
                .setSoak(Durations.fromSeconds(12))
                .setMaxSoak(Durations.fromSeconds(120))
                .setAdvance(advance)
                .build();
    }

    private static Entry entry(int user, Arm arm, int status) {
        GateDecision decision =
                new GateDecision(
                        GateName.parse("gates/orders").orThrow(),
                        Optional.of(new GateRevision(1, 2)),
                        arm,
                        arm == Arm.NEW ? Mode.COMPLETE : Mode.OFF,
                        Reason.SHARE,
                        Optional.empty(),
                        OptionalInt.of(1),
                        new PartsPerMillion(250_000),
                        new GateDecision.Key.NotRead());
        String servedBy = arm == Arm.NEW ? "orders/new" : "orders/legacy";
        return new Entry(
                new Call.ReadOrder(user),
                APPLIED,
                Duration.ofMillis(4),
                new Answered(status, servedBy, Optional.of(decision), Optional.empty(), "body"));
    }
}
