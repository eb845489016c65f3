package dev.sluice.e2e.simulation;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection of a sidecar to whatever control plane answers. Used by one thread. */
final class SimulatedChannel extends ManagedChannel {
    private final Link link;
    private final SimulatedCall.Callee callee;
    private final Sometimes sometimes;
    private final Tap tap;
    private final List<ClientCall<?, ?>> calls = new ArrayList<>();
    private final Channel wire = new Wire();
    private boolean shut;

    SimulatedChannel(Link link, SimulatedCall.Callee callee, Sometimes sometimes, Tap tap) {
        this.link = link;
        this.callee = callee;
        this.sometimes = sometimes;
        this.tap = tap;
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        ClientCall<Q, A> call = tap.interceptCall(method, options, wire);
        calls.add(call);
        return call;
    }

    /** The way itself. */
    private final class Wire extends Channel {
        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            return new SimulatedCall<>(method, link, callee, sometimes);
        }

        @Override
        public String authority() {
            return "control";
        }
    }

    @Override
    public String authority() {
        return wire.authority();
    }

    @Override
    public ManagedChannel shutdown() {
        shut = true;
        return this;
    }

    @Override
    public ManagedChannel shutdownNow() {
        shut = true;
        calls.forEach(call -> call.cancel("channel is shut", null));
        return this;
    }

    @Override
    public boolean isShutdown() {
        return shut;
    }

    @Override
    public boolean isTerminated() {
        return shut;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shut;
    }
}
