package dev.sluice.control.admin.operation;

import dev.sluice.admin.v1.Operation;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;

/**
 * One watch of an operation. A slow client skips how far it has come, never its end. Thread-safe by
 * its lock.
 */
final class OperationStream {
    private final ServerCallStreamObserver<Operation> observer;
    private final Running operation;
    private final Executor executor;
    private Operation told = Operation.getDefaultInstance();
    private boolean over;
    private Runnable ending = () -> {};

    OperationStream(
            ServerCallStreamObserver<Operation> observer, Running operation, Executor executor) {
        this.observer = observer;
        this.operation = operation;
        this.executor = executor;
    }

    synchronized void start() {
        observer.setOnCancelHandler(this::end);
        observer.setOnReadyHandler(() -> executor.execute(this::tell));
        ending = operation.watch(() -> executor.execute(this::tell));
        executor.execute(this::tell);
    }

    private synchronized void end() {
        over = true;
        ending.run();
    }

    private synchronized void tell() {
        Operation now = operation.now();
        if (over || !observer.isReady() || now.equals(told)) {
            return;
        }
        told = now;
        observer.onNext(now);
        if (now.getDone()) {
            end();
            observer.onCompleted();
        }
    }
}
