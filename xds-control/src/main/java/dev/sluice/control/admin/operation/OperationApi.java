package dev.sluice.control.admin.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.admin.v1.BackUpLogRequest;
import dev.sluice.admin.v1.CancelOperationRequest;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.ListOperationsRequest;
import dev.sluice.admin.v1.ListOperationsResponse;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceImplBase;
import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.admin.v1.VerifyLogRequest;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.OperationOrder;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.orchestrate.OperationRunner;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Operations over gRPC. Thread-safe. */
public final class OperationApi extends OperationServiceImplBase {
    private static final Comparator<dev.sluice.control.catalog.Operation> NEWEST_FIRST =
            Comparator.comparing(Place::of);

    private final Desk desk;
    private final StateStreams streams;
    private final OperationForm form;

    /**
     * @param streams that also hear of how far work over the log has come
     */
    public OperationApi(Desk desk, StateStreams streams, OperationRunner runner) {
        this.desk = desk;
        this.streams = streams;
        this.form = new OperationForm(runner);
    }

    @Override
    public void verifyLog(VerifyLogRequest request, StreamObserver<Operation> observer) {
        begin(
                new OperationSpec.VerifyLog(),
                Conditions.because("", request.getRequestId(), /* validateOnly= */ false),
                observer);
    }

    @Override
    public void backUpLog(BackUpLogRequest request, StreamObserver<Operation> observer) {
        begin(
                new OperationSpec.BackUpLog(),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void rollBack(RollBackRequest request, StreamObserver<Operation> observer) {
        Conditions conditions =
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly());
        Optional<dev.sluice.control.catalog.Operation> repeated = begunBy(conditions);
        if (repeated.isPresent()) {
            Desk.done(form.write(repeated.get(), desk.now()), observer);
            return;
        }
        Problems problems = Problems.root();
        Optional<OperationSpec.RollBack> plan = RollbackPlan.read(request, desk.now(), problems);
        Desk.refuseIfAny(problems.all());
        begin(plan.orElseThrow(), conditions, observer);
    }

    /** Answers with what does that already, or was begun by the same request. */
    private void begin(
            OperationSpec.Work work, Conditions conditions, StreamObserver<Operation> observer) {
        Catalog catalog = desk.now();
        Optional<dev.sluice.control.catalog.Operation> present =
                begunBy(conditions)
                        .or(() ->
                                catalog.operations().stream()
                                        .filter(dev.sluice.control.catalog.Operation::isRunning)
                                        .filter(it -> it.spec().isLike(work))
                                        .findFirst());
        if (present.isPresent()) {
            Desk.done(form.write(present.get(), catalog), observer);
            return;
        }
        desk.change(
                form,
                new Command.OfOperation(
                        new OperationOrder.Begin(
                                new OperationSpec(newName(conditions.requestId()), work))),
                conditions,
                dev.sluice.control.catalog.Operation.class,
                observer);
    }

    /** The one that a request with this id began, if it did. */
    private Optional<dev.sluice.control.catalog.Operation> begunBy(Conditions conditions) {
        return conditions.requestId().isEmpty()
                ? Optional.empty()
                : desk.now().operation(newName(conditions.requestId()));
    }

    /** The same for the same request, so that a repeated one begins nothing. */
    private static OperationName newName(String requestId) {
        UUID own =
                requestId.isEmpty()
                        ? UUID.randomUUID()
                        : UUID.nameUUIDFromBytes(
                                requestId.toLowerCase(Locale.ROOT).getBytes(UTF_8));
        return new OperationName("op-" + own);
    }

    @Override
    public void getOperation(GetOperationRequest request, StreamObserver<Operation> observer) {
        Catalog catalog = desk.now();
        Desk.done(form.write(found(request.getName(), catalog), catalog), observer);
    }

    @Override
    public void listOperations(
            ListOperationsRequest request, StreamObserver<ListOperationsResponse> observer) {
        Catalog catalog = desk.now();
        var page =
                Page.of(
                        catalog.operations().stream().sorted(NEWEST_FIRST).toList(),
                        request.getPageSize(),
                        request.getPageToken(),
                        Place::of,
                        Place::parse);
        var answer = ListOperationsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(operation -> answer.addOperations(form.write(operation, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void cancelOperation(
            CancelOperationRequest request, StreamObserver<Operation> observer) {
        desk.change(
                form,
                new Command.OfOperation(
                        new OperationOrder.Cancel(
                                Desk.name(OperationName.parse(request.getName())))),
                Conditions.because(
                        request.getReason(), request.getRequestId(), /* validateOnly= */ false),
                dev.sluice.control.catalog.Operation.class,
                observer);
    }

    @Override
    public void watchOperation(WatchOperationRequest request, StreamObserver<Operation> observer) {
        OperationName name = found(request.getName(), desk.now()).name();
        streams.open(
                observer,
                new StateStreams.Shape<>(
                        catalog ->
                                catalog.operation(name)
                                        .map(it -> Map.of(name.name(), form.write(it, catalog)))
                                        .orElse(Map.of()),
                        _ -> Optional.empty(),
                        catalog ->
                                catalog.operation(name)
                                        .filter(dev.sluice.control.catalog.Operation::isRunning)
                                        .isEmpty()));
    }

    private static dev.sluice.control.catalog.Operation found(String text, Catalog catalog) {
        OperationName name = Desk.name(OperationName.parse(text));
        return Desk.found(catalog.operation(name), name);
    }
}
