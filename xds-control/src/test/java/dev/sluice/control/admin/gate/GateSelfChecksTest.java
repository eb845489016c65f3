package dev.sluice.control.admin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.GateSelfCheck;
import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.evidence.EvidenceTotals.ErringKeys;
import dev.sluice.control.judge.SelfCheck;
import dev.sluice.control.judge.SelfCheck.Split;
import dev.sluice.control.orchestrate.SelfChecks;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateSelfChecksTest {
    private static final GateName GATE = new GateName("g");

    @Test
    void a_gate_that_was_looked_at_tells_how_its_trials_stand() {
        var state =
                new SelfChecks.State(
                        new GateRevision(2, 9),
                        new PartsPerMillion(250_000),
                        new ErringKeys(Set.of(1L, 2L), Set.of(3L)),
                        new SelfCheck(List.of(new Split(3, 4, true), new Split(300, 1, true))),
                        List.of(true, true),
                        List.of(false, true),
                        16,
                        1);

        GateSelfCheck answer = new GateSelfChecks(_ -> Optional.of(state)).of(GATE);

        assertThat(answer)
                .isEqualTo(
                        GateSelfCheck.newBuilder()
                                .setName("gates/g")
                                .setRevision(
                                        dev.sluice.gate.v1.GateRevision.newBuilder()
                                                .setEpoch(2)
                                                .setNumber(9))
                                .setPartPpm(250_000)
                                .setErrorKeys(2)
                                .setSlowKeys(1)
                                .setErrorEValue(300)
                                .setSlowEValue(4)
                                .setLimit(200)
                                .setTrials(18)
                                .setAlarms(2)
                                .build());
    }

    @Test
    void a_gate_that_was_not_looked_at_yet_has_no_revision() {
        assertThat(new GateSelfChecks(_ -> Optional.empty()).of(GATE))
                .isEqualTo(GateSelfCheck.newBuilder().setName("gates/g").setLimit(200).build());
    }
}
