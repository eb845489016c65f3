package dev.sluice.control.admin.desk;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a refusal that a method throws to its client with all details; anything else that is
 * thrown is a defect, logged here and told as INTERNAL without its content. Immutable.
 */
public final class RefusalTransport implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalTransport.class);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onHalfClose() {
                try {
                    super.onHalfClose();
                } catch (StatusRuntimeException refusal) {
                    Metadata trailers = refusal.getTrailers();
                    call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
                } catch (RuntimeException defect) {
                    LOG.error("{} failed", call.getMethodDescriptor().getFullMethodName(), defect);
                    call.close(
                            Status.INTERNAL.withDescription("a defect; the log says more"),
                            new Metadata());
                }
            }
        };
    }
}
