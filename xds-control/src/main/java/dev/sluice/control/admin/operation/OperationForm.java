package dev.sluice.control.admin.operation;

import com.google.rpc.Code;
import dev.sluice.admin.v1.BackedUp;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.LogVerified;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.RolledBack;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.orchestrate.OperationRunner;
import java.util.Optional;

/** Operations as they are shown. Thread-safe. */
final class OperationForm
        implements Form<Operation, OperationSpec, dev.sluice.control.catalog.Operation> {
    private final OperationRunner runner;

    OperationForm(OperationRunner runner) {
        this.runner = runner;
    }

    @Override
    public Operation write(dev.sluice.control.catalog.Operation operation, Catalog catalog) {
        var message =
                Operation.newBuilder()
                        .setName(operation.resourceName())
                        .setMetadata(metadata(operation))
                        .setDone(!operation.isRunning());
        operation.outcome().ifPresent(outcome -> write(outcome, operation.spec().work(), message));
        return message.build();
    }

    /** No message begins one: its method says what is done. */
    @Override
    public Optional<OperationSpec> read(Operation message, Problems at) {
        throw new UnsupportedOperationException("operations are begun by methods of their own");
    }

    private Operation.Metadata metadata(dev.sluice.control.catalog.Operation operation) {
        var metadata =
                Operation.Metadata.newBuilder()
                        .setKind(EventCodec.workName(operation.spec().work()))
                        .setSubject(operation.spec().work().subject())
                        .setActor(operation.actor().name())
                        .setReason(operation.reason())
                        .setStartTime(Times.write(operation.meta().createTime()));
        if (!operation.isRunning()) {
            metadata.setEndTime(Times.write(operation.meta().updateTime()));
        }
        switch (operation.spec().work()) {
            case OperationSpec.RollBack plan ->
                    metadata.setTotal(plan.shares().size()).setProgress(operation.steps());
            case OperationSpec.VerifyLog _, OperationSpec.BackUpLog _ ->
                    metadata.setTotal(total(operation)).setProgress(progress(operation));
        }
        return metadata.build();
    }

    private static long total(dev.sluice.control.catalog.Operation operation) {
        return operation.outcome().orElse(null) instanceof OperationOutcome.BackedUp backup
                ? backup.seq()
                : operation.begun();
    }

    private long progress(dev.sluice.control.catalog.Operation operation) {
        return operation
                .outcome()
                .map(outcome ->
                        switch (outcome) {
                            case OperationOutcome.LogVerified(long seq, _, _) -> seq;
                            case OperationOutcome.BackedUp backup -> backup.seq();
                            case OperationOutcome.RolledBack _, OperationOutcome.Failed _ -> 0L;
                        })
                .orElseGet(() -> runner.progress(operation.name()));
    }

    private static void write(
            OperationOutcome outcome, OperationSpec.Work work, Operation.Builder into) {
        switch (outcome) {
            case OperationOutcome.LogVerified(long seq, var digest, var problems) ->
                    into.setLogVerified(
                            LogVerified.newBuilder()
                                    .setSequence(seq)
                                    .setDigest(digest.hex())
                                    .addAllProblems(
                                            problems.stream().map(OperationForm::write).toList()));
            case OperationOutcome.BackedUp backup ->
                    into.setBackedUp(
                            BackedUp.newBuilder()
                                    .setFile(backup.file())
                                    .setReplica(backup.replica())
                                    .setSequence(backup.seq())
                                    .setDigest(backup.digest().hex())
                                    .setBytes(backup.bytes()));
            case OperationOutcome.RolledBack() -> into.setRolledBack(rolledBack(work));
            case OperationOutcome.Failed(var cause, var message) ->
                    into.setError(
                            Operation.Error.newBuilder()
                                    .setCode(Code.valueOf(cause.name()).getNumber())
                                    .setMessage(message));
        }
    }

    private static RolledBack rolledBack(OperationSpec.Work work) {
        var rolledBack = RolledBack.newBuilder();
        if (work instanceof OperationSpec.RollBack plan) {
            plan.shares().stream().map(PartsPerMillion::value).forEach(rolledBack::addSharesPpm);
        }
        return rolledBack.build();
    }

    private static Blocker write(Problem problem) {
        return Blocker.newBuilder()
                .setSubject(problem.path())
                .setGot(problem.got())
                .setExpected(problem.expected())
                .setRemedy(problem.remedy())
                .build();
    }
}
