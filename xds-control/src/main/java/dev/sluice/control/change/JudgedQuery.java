package dev.sluice.control.change;

import dev.sluice.contract.GateName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a metrics server answered to one query about one gate during a step. Immutable.
 *
 * @param criterion name of the criterion that asks
 * @param looks the newest answers, oldest first, as many as the criterion counts in a row
 */
public record JudgedQuery(String criterion, GateName gate, List<Look> looks) {
    public JudgedQuery {
        looks = List.copyOf(looks);
    }

    /**
     * One round of asking.
     *
     * @param time when it was asked, by the clock of the control plane
     * @param legacy value of the legacy arm; empty when there was none, or it was not asked for
     * @param fresh value of the new arm; empty when there was none
     * @param trouble why a value is missing; empty when none is
     */
    public record Look(
            Instant time, Optional<Double> legacy, Optional<Double> fresh, String trouble) {}
}
