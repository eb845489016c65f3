package dev.sluice.control.admin.operation;

import dev.sluice.admin.v1.CancelOperationRequest;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.ListOperationsRequest;
import dev.sluice.admin.v1.ListOperationsResponse;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceImplBase;
import dev.sluice.admin.v1.VerifyLogRequest;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.control.admin.desk.Caller;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.path.EventLog;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Operations over gRPC. Thread-safe. */
public final class OperationApi extends OperationServiceImplBase {
    private final Operations operations = new Operations();
    private final Desk desk;
    private final EventLog log;
    private final Executor executor;
    private final InstantSource clock;

    /**
     * @param executor runs what takes long; never the thread that reads or writes the log
     */
    public OperationApi(Desk desk, EventLog log, Executor executor, InstantSource clock) {
        this.desk = desk;
        this.log = log;
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public void verifyLog(VerifyLogRequest request, StreamObserver<Operation> observer) {
        String actor = Caller.current().principal().name();
        long total = desk.now().seq();
        LogVerification running =
                operations.running(() ->
                        new LogVerification(
                                "operations/" + UUID.randomUUID(),
                                actor,
                                total,
                                log,
                                executor,
                                clock));
        Desk.done(running.now(), observer);
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
        LogVerification operation = found(request.getName());
        operation.cancel();
        Desk.done(operation.now(), observer);
    }

    @Override
    public void watchOperation(WatchOperationRequest request, StreamObserver<Operation> observer) {
        LogVerification operation = found(request.getName());
        new OperationStream((ServerCallStreamObserver<Operation>) observer, operation, executor)
                .start();
    }

    private LogVerification found(String name) {
        return Desk.found(operations.find(name), name);
    }
}
