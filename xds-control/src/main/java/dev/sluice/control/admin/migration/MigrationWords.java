package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.StepReport;
import dev.sluice.contract.Problems;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.spec.MigrationSpec;
import java.util.Optional;

/** The words of migrations on the wire, each for the same word inside. Stateless. */
final class MigrationWords {
    private MigrationWords() {}

    static Migration.StoreKind write(StoreKind store) {
        return switch (store) {
            case SHARED -> Migration.StoreKind.SHARED;
            case SEPARATE -> Migration.StoreKind.SEPARATE;
        };
    }

    static Optional<StoreKind> store(Migration message, Problems at) {
        return switch (message.getStore()) {
            case SHARED -> Optional.of(StoreKind.SHARED);
            case SEPARATE -> Optional.of(StoreKind.SEPARATE);
            case STORE_KIND_UNSPECIFIED, UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getStoreValue()),
                        "SHARED or SEPARATE",
                        "say whether both versions use one store");
                yield Optional.empty();
            }
        };
    }

    static Migration.Risk write(MigrationSpec.Risk risk) {
        return switch (risk) {
            case LOW -> Migration.Risk.LOW;
            case MEDIUM -> Migration.Risk.MEDIUM;
            case HIGH -> Migration.Risk.HIGH;
            case CRITICAL -> Migration.Risk.CRITICAL;
        };
    }

    static MigrationSpec.Risk risk(Migration message, Problems at) {
        return switch (message.getRisk()) {
            case LOW -> MigrationSpec.Risk.LOW;
            case MEDIUM -> MigrationSpec.Risk.MEDIUM;
            case RISK_UNSPECIFIED, HIGH -> MigrationSpec.Risk.HIGH;
            case CRITICAL -> MigrationSpec.Risk.CRITICAL;
            case UNRECOGNIZED -> {
                unknown(message.getRiskValue(), "LOW, MEDIUM, HIGH or CRITICAL", at);
                yield MigrationSpec.Risk.HIGH;
            }
        };
    }

    static Migration.Compatibility write(MigrationSpec.Compatibility compatibility) {
        return switch (compatibility) {
            case NONE -> Migration.Compatibility.NONE;
            case BACKWARD -> Migration.Compatibility.BACKWARD;
            case FORWARD -> Migration.Compatibility.FORWARD;
            case FULL -> Migration.Compatibility.FULL;
        };
    }

    static MigrationSpec.Compatibility compatibility(Migration message, Problems at) {
        return switch (message.getCompatibility()) {
            case COMPATIBILITY_UNSPECIFIED, NONE -> MigrationSpec.Compatibility.NONE;
            case BACKWARD -> MigrationSpec.Compatibility.BACKWARD;
            case FORWARD -> MigrationSpec.Compatibility.FORWARD;
            case FULL -> MigrationSpec.Compatibility.FULL;
            case UNRECOGNIZED -> {
                unknown(message.getCompatibilityValue(), "NONE, BACKWARD, FORWARD or FULL", at);
                yield MigrationSpec.Compatibility.NONE;
            }
        };
    }

    static Migration.State write(dev.sluice.control.catalog.Migration.State state) {
        return switch (state) {
            case ACTIVE -> Migration.State.ACTIVE;
            case PAUSED -> Migration.State.PAUSED;
            case DONE -> Migration.State.FINISHED;
            case ABANDONED -> Migration.State.ABANDONED;
        };
    }

    static Migration.Progress write(dev.sluice.control.change.spec.Phase.Progress progress) {
        return switch (progress) {
            case PLANNED -> Migration.Progress.PLANNED;
            case STEPPING -> Migration.Progress.STEPPING;
            case MOVING -> Migration.Progress.MOVING;
            case RESTING -> Migration.Progress.RESTING;
        };
    }

    static Phase write(dev.sluice.control.change.spec.Phase phase) {
        return switch (phase) {
            case EXPAND -> Phase.EXPAND;
            case DUAL_WRITE -> Phase.DUAL_WRITE;
            case BACKFILL -> Phase.BACKFILL;
            case VERIFY -> Phase.VERIFY;
            case SHADOW -> Phase.SHADOW;
            case RAMP -> Phase.RAMP;
            case SOAK -> Phase.SOAK;
            case RAMP_DOWN -> Phase.RAMP_DOWN;
            case DRAIN -> Phase.DRAIN;
            case CONTRACT -> Phase.CONTRACT;
            case DONE -> Phase.DONE;
        };
    }

    static Optional<dev.sluice.control.change.spec.Phase> phase(
            Phase said, int number, Problems at) {
        for (var phase : dev.sluice.control.change.spec.Phase.values()) {
            if (write(phase) == said) {
                return Optional.of(phase);
            }
        }
        unknown(number, "a phase such as VERIFY", at);
        return Optional.empty();
    }

    static StepReport.Outcome write(MigrationReport.Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> StepReport.Outcome.SUCCEEDED;
            case FAILED -> StepReport.Outcome.FAILED;
        };
    }

    static MigrationReport.Outcome outcome(StepReport message, Problems at) {
        return switch (message.getOutcome()) {
            case SUCCEEDED -> MigrationReport.Outcome.SUCCEEDED;
            case FAILED -> MigrationReport.Outcome.FAILED;
            case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> {
                unknown(message.getOutcomeValue(), "SUCCEEDED or FAILED", at);
                yield MigrationReport.Outcome.FAILED;
            }
        };
    }

    private static void unknown(int got, String expected, Problems at) {
        at.add(Integer.toString(got), expected, "choose one of these");
    }
}
