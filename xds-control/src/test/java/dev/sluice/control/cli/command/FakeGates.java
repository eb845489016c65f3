package dev.sluice.control.cli.command;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.DeleteGateRequest;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateCaller;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceImplBase;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListGateCallersRequest;
import dev.sluice.admin.v1.ListGateCallersResponse;
import dev.sluice.admin.v1.ListGatesRequest;
import dev.sluice.admin.v1.ListGatesResponse;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.admin.v1.WatchGatesRequest;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Decision;
import dev.sluice.gate.v1.GateRevision;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.Reason;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gates in memory: enough of the contract to see what the command line asks for. */
final class FakeGates extends GateServiceImplBase {
    final Map<String, Gate> gates = new LinkedHashMap<>();
    final List<Message> requests = new ArrayList<>();
    final List<GateChange> changes = new ArrayList<>();
    int pageSize = 100;

    FakeGates with(String name, int sharePpm) {
        gates.put(
                name,
                Gate.newBuilder()
                        .setName(name)
                        .setEtag("e1")
                        .setSharePpm(sharePpm)
                        .setFrom(Mode.OFF)
                        .setTo(Mode.COMPLETE)
                        .setRevision(GateRevision.newBuilder().setEpoch(1).setNumber(4))
                        .build());
        return this;
    }

    @Override
    public void getGate(GetGateRequest request, StreamObserver<Gate> observer) {
        requests.add(request);
        answer(request.getName(), gates.get(request.getName()), observer);
    }

    @Override
    public void listGates(ListGatesRequest request, StreamObserver<ListGatesResponse> observer) {
        requests.add(request);
        int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
        List<Gate> all = List.copyOf(gates.values());
        int to = Math.min(all.size(), from + pageSize);
        observer.onNext(
                ListGatesResponse.newBuilder()
                        .addAllGates(all.subList(from, to))
                        .setNextPageToken(to < all.size() ? Integer.toString(to) : "")
                        .build());
        observer.onCompleted();
    }

    @Override
    public void createGate(CreateGateRequest request, StreamObserver<Gate> observer) {
        requests.add(request);
        Gate gate = request.getGate().toBuilder().setName("gates/" + request.getGateId()).build();
        if (!request.getValidateOnly()) {
            gates.put(gate.getName(), gate);
        }
        answer(gate.getName(), gate, observer);
    }

    @Override
    public void updateGate(UpdateGateRequest request, StreamObserver<Gate> observer) {
        requests.add(request);
        String name = request.getGate().getName();
        Gate merged =
                gates.getOrDefault(name, Gate.getDefaultInstance()).toBuilder()
                        .mergeFrom(request.getGate())
                        .build();
        if (!request.getValidateOnly()) {
            gates.put(name, merged);
        }
        answer(name, merged, observer);
    }

    @Override
    public void deleteGate(DeleteGateRequest request, StreamObserver<Empty> observer) {
        requests.add(request);
        observer.onNext(Empty.getDefaultInstance());
        observer.onCompleted();
    }

    @Override
    public void setShare(SetShareRequest request, StreamObserver<Gate> observer) {
        requests.add(request);
        Gate gate = gates.get(request.getName());
        answer(
                request.getName(),
                gate == null ? null : gate.toBuilder().setSharePpm(request.getSharePpm()).build(),
                observer);
    }

    @Override
    public void killGate(KillGateRequest request, StreamObserver<Gate> observer) {
        requests.add(request);
        answer(request.getName(), gates.get(request.getName()), observer);
    }

    @Override
    public void evaluateGate(EvaluateGateRequest request, StreamObserver<Decision> observer) {
        requests.add(request);
        observer.onNext(
                Decision.newBuilder()
                        .setArm(Arm.NEW)
                        .setMode(Mode.COMPLETE)
                        .setReason(Reason.SHARE)
                        .setBucket(17)
                        .setSharePpm(250_000)
                        .setExplanation("bucket 17 is below 25 %")
                        .build());
        observer.onCompleted();
    }

    @Override
    public void listGateCallers(
            ListGateCallersRequest request, StreamObserver<ListGateCallersResponse> observer) {
        requests.add(request);
        GateCaller.Builder caller =
                GateCaller.newBuilder()
                        .setArm(Arm.LEGACY)
                        .setOperation("read")
                        .setRequests(12)
                        .setRefused(3);
        observer.onNext(
                ListGateCallersResponse.newBuilder()
                        .addCallers(caller.clone().setService("web"))
                        .addCallers(caller.clone().setOthers(true))
                        .addSilentNodes("nodes/orders-1")
                        .build());
        observer.onCompleted();
    }

    @Override
    public void watchGates(WatchGatesRequest request, StreamObserver<GateChange> observer) {
        requests.add(request);
        changes.forEach(observer::onNext);
        observer.onCompleted();
    }

    /** The requests of one type, in order. */
    <Q> List<Q> requests(Class<Q> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static void answer(
            String name,
            @org.jspecify.annotations.Nullable Gate gate,
            StreamObserver<Gate> observer) {
        if (gate == null) {
            observer.onError(Status.NOT_FOUND.withDescription("no " + name).asRuntimeException());
            return;
        }
        observer.onNext(gate);
        observer.onCompleted();
    }
}
