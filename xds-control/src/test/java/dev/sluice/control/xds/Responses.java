package dev.sluice.control.xds;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The answering side of a call without a network, as slow as a test wants. Owned by one thread. */
final class Responses<T> extends ServerCallStreamObserver<T> {
    private final Deque<T> untaken = new ArrayDeque<>();
    private final List<String> endings = new ArrayList<>();
    private Runnable onReady = () -> {};
    private Runnable onCancel = () -> {};
    private boolean ready = true;

    /** The oldest response that was not taken, which must be there. */
    T next() {
        return untaken.remove();
    }

    boolean isEmpty() {
        return untaken.isEmpty();
    }

    /**
     * How the server ended the call: {@code OK} or a code and its words; empty while it has not.
     */
    List<String> endings() {
        return endings;
    }

    void stall() {
        ready = false;
    }

    void flow() {
        ready = true;
        onReady.run();
    }

    void cancelled() {
        onCancel.run();
    }

    @Override
    public void onNext(T value) {
        untaken.add(value);
    }

    @Override
    public void onError(Throwable thrown) {
        Status status = Status.fromThrowable(thrown);
        endings.add(status.getCode() + ": " + status.getDescription());
    }

    @Override
    public void onCompleted() {
        endings.add("OK");
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        onReady = handler;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
        onCancel = handler;
    }

    @Override
    public void setCompression(String compression) {
        throw new UnsupportedOperationException("not asked for by any service of ours");
    }

    @Override
    public void disableAutoInboundFlowControl() {
        throw new UnsupportedOperationException("not asked for by any service of ours");
    }

    @Override
    public void request(int count) {
        throw new UnsupportedOperationException("not asked for by any service of ours");
    }

    @Override
    public void setMessageCompression(boolean enable) {
        throw new UnsupportedOperationException("not asked for by any service of ours");
    }
}
