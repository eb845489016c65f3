package dev.sluice.control.admin.operation;

import dev.sluice.admin.v1.CancelOperationRequest;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.ListOperationsRequest;
import dev.sluice.admin.v1.ListOperationsResponse;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceImplBase;
import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.admin.v1.VerifyLogRequest;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Caller;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Identity;
import dev.sluice.control.path.EventLog;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Operations over gRPC. Thread-safe. */
public final class OperationApi extends OperationServiceImplBase {
    private static final int LONGEST_REASON = 1_024;

    private final Operations operations = new Operations();
    private final Desk desk;
    private final EventLog log;
    private final ScheduledExecutorService executor;
    private final InstantSource clock;

    /**
     * @param executor runs what takes long; never the thread that reads or writes the log
     */
    public OperationApi(
            Desk desk, EventLog log, ScheduledExecutorService executor, InstantSource clock) {
        this.desk = desk;
        this.log = log;
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public void verifyLog(VerifyLogRequest request, StreamObserver<Operation> observer) {
        String actor = Caller.current().principal().name();
        long total = desk.now().seq();
        Running running =
                operations.running(
                        LogVerification.KIND,
                        "",
                        () -> Running.begin(LogVerification.KIND, "", actor, total, clock),
                        made -> new LogVerification(made, log, executor).goOn());
        Desk.done(running.now(), observer);
    }

    @Override
    public void rollBack(RollBackRequest request, StreamObserver<Operation> observer) {
        Problems problems = Problems.root();
        Optional<RollbackPlan> plan = RollbackPlan.read(request, desk.now(), problems);
        Desk.refuseIfAny(problems.all());
        Identity caller = Caller.current();
        desk.check(
                new Command.Rollback(plan.orElseThrow().target()),
                Conditions.because(request.getReason(), "", /* validateOnly= */ true),
                () -> begin(plan.get(), caller, request.getReason()).now(),
                observer);
    }

    private Running begin(RollbackPlan plan, Identity caller, String reason) {
        return operations.running(
                GradualRollback.KIND,
                plan.target().name(),
                () ->
                        Running.begin(
                                GradualRollback.KIND,
                                plan.target().name(),
                                caller.principal().name(),
                                plan.shares().size(),
                                clock),
                made ->
                        new GradualRollback(
                                        made,
                                        plan,
                                        desk::now,
                                        desk.changes(),
                                        words ->
                                                step(
                                                        caller,
                                                        words + " of " + made.now().getName(),
                                                        reason),
                                        this::later)
                                .goOn());
    }

    private CommandContext step(Identity caller, String step, String reason) {
        String words = step + ": " + reason;
        return CommandContext.of(caller, clock.instant())
                .withReason(words.substring(0, Math.min(words.length(), LONGEST_REASON)));
    }

    private void later(Duration delay, Runnable action) {
        var unused = executor.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void getOperation(GetOperationRequest request, StreamObserver<Operation> observer) {
        Desk.done(found(request.getName()).now(), observer);
    }

    @Override
    public void listOperations(
            ListOperationsRequest request, StreamObserver<ListOperationsResponse> observer) {
        var answer = ListOperationsResponse.newBuilder();
        operations.all().forEach(operation -> answer.addOperations(operation.now()));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void cancelOperation(
            CancelOperationRequest request, StreamObserver<Operation> observer) {
        Running operation = found(request.getName());
        operation.cancel();
        Desk.done(operation.now(), observer);
    }

    @Override
    public void watchOperation(WatchOperationRequest request, StreamObserver<Operation> observer) {
        Running operation = found(request.getName());
        new OperationStream((ServerCallStreamObserver<Operation>) observer, operation, executor)
                .start();
    }

    private Running found(String name) {
        return Desk.found(operations.find(name), name);
    }
}
