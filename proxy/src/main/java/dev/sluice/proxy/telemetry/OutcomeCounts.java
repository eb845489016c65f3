package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import dev.sluice.proxy.observe.FaultMark;

/** Counts requests by how they ended. Owned by whoever holds the lock of its entry. */
final class OutcomeCounts {
    private long requests;
    private long successes;
    private long clientErrors;
    private long serverErrors;
    private long resets;
    private long timeouts;
    private long cancelled;
    private long underFault;

    void count(GateOutcome outcome) {
        requests++;
        underFault += outcome.fault() == FaultMark.NONE ? 0 : 1;
        switch (outcome.result()) {
            case SUCCESS -> successes++;
            case CLIENT_ERROR -> clientErrors++;
            case SERVER_ERROR -> serverErrors++;
            case RESET -> resets++;
            case TIMEOUT -> timeouts++;
            case CANCELLED -> cancelled++;
        }
    }

    GateEvidence.Outcomes read() {
        return new GateEvidence.Outcomes(
                requests,
                successes,
                clientErrors,
                serverErrors,
                resets,
                timeouts,
                cancelled,
                underFault);
    }
}
