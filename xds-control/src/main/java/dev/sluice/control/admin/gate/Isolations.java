package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.IsolateGateRequest;
import dev.sluice.admin.v1.ReleaseGateRequest;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command;
import io.grpc.stub.StreamObserver;

/** Parts of a gate that are kept on LEGACY, and let go. Immutable. */
record Isolations(Desk desk, GateForm form) {
    void isolate(GateState present, IsolateGateRequest request, StreamObserver<Gate> observer) {
        Problems problems = Problems.root();
        Gate alone =
                form.write(present, desk.now()).toBuilder()
                        .clearRules()
                        .addRules(request.getRule())
                        .build();
        var read = form.read(alone, problems);
        Desk.refuseIfAny(problems.all());
        order(
                new Command.IsolateGate(
                        present.name(), read.orElseThrow().content().rules().getFirst()),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    void release(GateState present, ReleaseGateRequest request, StreamObserver<Gate> observer) {
        order(
                new Command.ReleaseGate(present.name(), request.getRule()),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    private void order(Command command, Conditions conditions, StreamObserver<Gate> observer) {
        desk.change(form, command, conditions, GateState.class, observer);
    }
}
