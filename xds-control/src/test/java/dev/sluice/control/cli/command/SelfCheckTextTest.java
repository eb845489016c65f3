package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.GateSelfCheck;
import dev.sluice.gate.v1.GateRevision;
import org.junit.jupiter.api.Test;

class SelfCheckTextTest {
    @Test
    void alarms_stand_beside_the_trials_they_are_of() {
        var check =
                GateSelfCheck.newBuilder()
                        .setRevision(GateRevision.newBuilder().setEpoch(1).setNumber(4))
                        .setPartPpm(50_000)
                        .setErrorKeys(90)
                        .setSlowKeys(8)
                        .setErrorEValue(1.5)
                        .setSlowEValue(12.25)
                        .setLimit(200)
                        .setTrials(400)
                        .setAlarms(3)
                        .build();

        assertThat(SelfCheckText.of(check))
                .containsExactly(
                        "alarms:     3 of 400 trials with keys enough (0.75 %, expected at most"
                                + " 1 %)",
                        "now:        revision 1.4, 90 keys with an error, 8 with a slow answer, 5%"
                                + " of them against the rest",
                        "e-values:   errors at most 1.50, slowness at most 12.3; an alarm at 200");
    }

    @Test
    void what_nobody_looked_at_says_so() {
        assertThat(SelfCheckText.of(GateSelfCheck.getDefaultInstance()))
                .singleElement()
                .asString()
                .contains("not looked at yet");
    }
}
