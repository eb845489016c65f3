package dev.sluice.demo.view;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampStep;
import java.time.Duration;
import java.time.Instant;

/** What a ramp will do next, and when, as a sentence. Stateless. */
final class NextMove {
    private NextMove() {}

    static String of(RampView.Look look) {
        Ramp ramp = look.ramp();
        return switch (ramp.getState()) {
            case RUNNING -> running(ramp, look.time());
            case PAUSED, WAITING_FOR_APPROVAL -> "a person decides: " + ramp.getStatusMessage();
            case SUCCEEDED -> "nothing: everybody is on the new version";
            case ROLLED_BACK -> "taken back to 0 %: " + ramp.getStatusMessage();
            case RAMP_STATE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    private static String running(Ramp ramp, Instant now) {
        if (!ramp.hasStepAppliedTime()) {
            return "waits until every sidecar decides by this share";
        }
        RampStep step = ramp.getSteps(ramp.getCurrentStep());
        Duration spent = Duration.between(instant(ramp.getStepAppliedTime()), now);
        Duration soakLeft = Duration.ofMillis(Durations.toMillis(step.getSoak())).minus(spent);
        Duration left = Duration.ofMillis(Durations.toMillis(step.getMaxSoak())).minus(spent);
        String there = there(ramp);
        boolean soaking = soakLeft.isPositive();
        return switch (step.getAdvance()) {
            case TIMED ->
                    soaking
                            ? there
                                    + " in "
                                    + Words.seconds(soakLeft)
                                    + ", unless the new arm is worse"
                            : there + " now";
            case JUDGED, ADVANCE_UNSPECIFIED ->
                    there
                            + (soaking ? " in " + Words.seconds(soakLeft) + ", if" : " as soon as")
                            + " the judge finds the new arm not worse"
                            + (soaking ? "" : "; asks a person in " + Words.seconds(left));
            case APPROVED -> there + " when a person approves";
            case UNRECOGNIZED -> "";
        };
    }

    private static String there(Ramp ramp) {
        int next = ramp.getCurrentStep() + 1;
        return next < ramp.getStepsCount()
                ? "to " + Words.percent(ramp.getSteps(next).getSharePpm())
                : "the ramp's end";
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
