package dev.sluice.control.admin.gate;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.DeleteGateRequest;
import dev.sluice.admin.v1.DiffGateRevisionsRequest;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.admin.v1.GateDiff;
import dev.sluice.admin.v1.GatePreview;
import dev.sluice.admin.v1.GateSelfCheck;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceImplBase;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.GetGateSelfCheckRequest;
import dev.sluice.admin.v1.IsolateGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListGateCallersRequest;
import dev.sluice.admin.v1.ListGateCallersResponse;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.admin.v1.ListGateRevisionsResponse;
import dev.sluice.admin.v1.ListGatesRequest;
import dev.sluice.admin.v1.ListGatesResponse;
import dev.sluice.admin.v1.PreviewGateRequest;
import dev.sluice.admin.v1.ReleaseGateRequest;
import dev.sluice.admin.v1.RestoreGateRevisionRequest;
import dev.sluice.admin.v1.ResumeGateRequest;
import dev.sluice.admin.v1.RollbackGateRequest;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.admin.v1.WatchGatesRequest;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Merge;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.gate.CohortRules;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.gate.v1.Decision;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Gates over gRPC. Thread-safe. */
public final class GateApi extends GateServiceImplBase {
    private final Desk desk;
    private final StateStreams streams;
    private final GateQuestions questions;
    private final GateCallers callers;
    private final GateSelfChecks selfChecks;
    private final GateHistory history;
    private final GateForm form;
    private final GateChanges changes;
    private final ShareOrders<Gate, GateState> shares;
    private final Isolations isolations;

    public GateApi(
            Desk desk,
            NodeStates nodeStates,
            StateStreams streams,
            GateQuestions questions,
            GateCallers callers,
            GateSelfChecks selfChecks) {
        this.desk = desk;
        this.streams = streams;
        this.questions = questions;
        this.callers = callers;
        this.selfChecks = selfChecks;
        this.history = new GateHistory();
        this.form = new GateForm(nodeStates, callers.clock());
        this.changes = new GateChanges(nodeStates, callers.clock());
        this.shares = new ShareOrders<>(desk, form, GateState.class, GateApi::target);
        this.isolations = new Isolations(desk, form);
    }

    /** All of them, to be looked through. */
    public static Stream<Gate> all(Catalog catalog) {
        return catalog.gates().stream().map(it -> GateForm.describe(it.spec()));
    }

    @Override
    public void getGate(GetGateRequest request, StreamObserver<Gate> observer) {
        Catalog catalog = desk.now();
        Desk.done(form.write(gate(request.getName(), catalog), catalog), observer);
    }

    @Override
    public void listGates(ListGatesRequest request, StreamObserver<ListGatesResponse> observer) {
        Catalog catalog = desk.now();
        var page =
                Page.of(
                        catalog.gates(),
                        request.getPageSize(),
                        request.getPageToken(),
                        GateState::name,
                        GateName::parse);
        var answer = ListGatesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(gate -> answer.addGates(form.write(gate, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createGate(CreateGateRequest request, StreamObserver<Gate> observer) {
        desk.create(
                form,
                request.getGate().toBuilder().setName("gates/" + request.getGateId()).build(),
                Command.CreateGate::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                GateState.class,
                observer);
    }

    @Override
    public void updateGate(UpdateGateRequest request, StreamObserver<Gate> observer) {
        Gate wanted = request.getGate();
        GateState present = gate(wanted.getName(), desk.now());
        BackMoves backMoves = backMoves(request.getAllowMoves());
        desk.update(
                form,
                present,
                wanted,
                request.getUpdateMask(),
                spec -> new Command.UpdateGate(spec, backMoves),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        form.etag(present, request, desk.now()),
                        request.getReason()),
                GateState.class,
                observer);
    }

    @Override
    public void deleteGate(DeleteGateRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteGate(Desk.name(GateName.parse(request.getName()))),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    @Override
    public void setShare(SetShareRequest request, StreamObserver<Gate> observer) {
        shares.set(
                request.getName(),
                request.getSharePpm(),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        request.getEtag(),
                        request.getReason()),
                observer);
    }

    @Override
    public void rollbackGate(RollbackGateRequest request, StreamObserver<Gate> observer) {
        shares.rollback(
                request.getName(),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void killGate(KillGateRequest request, StreamObserver<Gate> observer) {
        shares.kill(
                request.getName(),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void resumeGate(ResumeGateRequest request, StreamObserver<Gate> observer) {
        shares.resume(
                request.getName(),
                request.getAcknowledgedTripsList(),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void isolateGate(IsolateGateRequest request, StreamObserver<Gate> observer) {
        isolations.isolate(gate(request.getName(), desk.now()), request, observer);
    }

    @Override
    public void releaseGate(ReleaseGateRequest request, StreamObserver<Gate> observer) {
        isolations.release(gate(request.getName(), desk.now()), request, observer);
    }

    @Override
    public void watchGates(WatchGatesRequest request, StreamObserver<GateChange> observer) {
        Set<GateName> names = new TreeSet<>();
        request.getNamesList().forEach(name -> names.add(Desk.name(GateName.parse(name))));
        streams.open(observer, changes.of(names));
    }

    @Override
    public void evaluateGate(EvaluateGateRequest request, StreamObserver<Decision> observer) {
        GateState gate = gate(request.getName(), desk.now());
        Desk.done(questions.evaluate(gate.content(), request), observer);
    }

    @Override
    public void previewGate(PreviewGateRequest request, StreamObserver<GatePreview> observer) {
        Catalog catalog = desk.now();
        GateState present = gate(request.getGate().getName(), catalog);
        Problems problems = Problems.root();
        Gate merged =
                Merge.merge(
                        form.write(present, catalog),
                        request.getGate(),
                        request.getUpdateMask(),
                        problems);
        var wanted = form.read(merged, problems);
        Desk.refuseIfAny(problems.all());
        GateSpec next = CohortRules.filled(catalog, wanted.orElseThrow());
        Desk.done(GateQuestions.preview(present.content(), next.content()), observer);
    }

    @Override
    public void listGateCallers(
            ListGateCallersRequest request, StreamObserver<ListGateCallersResponse> observer) {
        Catalog catalog = desk.now();
        Desk.done(callers.of(gate(request.getName(), catalog), catalog), observer);
    }

    @Override
    public void getGateSelfCheck(
            GetGateSelfCheckRequest request, StreamObserver<GateSelfCheck> observer) {
        Desk.done(selfChecks.of(gate(request.getName(), desk.now()).name()), observer);
    }

    @Override
    public void listGateRevisions(
            ListGateRevisionsRequest request, StreamObserver<ListGateRevisionsResponse> observer) {
        Desk.done(history.list(gate(request.getName(), desk.now()), request), observer);
    }

    @Override
    public void restoreGateRevision(
            RestoreGateRevisionRequest request, StreamObserver<Gate> observer) {
        desk.change(
                form,
                new Command.RestoreRevision(
                        Desk.name(GateName.parse(request.getName())),
                        GateHistory.revision(request.getRevision(), "revision"),
                        backMoves(request.getAllowMoves())),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        request.getEtag(),
                        request.getReason()),
                GateState.class,
                observer);
    }

    @Override
    public void diffGateRevisions(
            DiffGateRevisionsRequest request, StreamObserver<GateDiff> observer) {
        Desk.done(history.diff(gate(request.getName(), desk.now()), request), observer);
    }

    private static GateState gate(String text, Catalog catalog) {
        GateName name = Desk.name(GateName.parse(text));
        return Desk.found(catalog.gate(name), name);
    }

    private static ShareTarget target(String name) {
        return new ShareTarget.OfGate(Desk.name(GateName.parse(name)));
    }

    private static BackMoves backMoves(boolean allowed) {
        return allowed ? BackMoves.ALLOWED : BackMoves.REFUSED;
    }
}
